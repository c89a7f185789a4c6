"""Nothing is counted that nobody did: votes, public contributions, authors."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.tables import accounts, verifications
from gentie.catalogue.regimes import Regime
from gentie.checks.asking import MOST, ask
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.comments.tables import comments, tallies, votes
from gentie.sites.model import Site
from gentie.sites.tables import threads

_HERE = sa.and_(
    comments.c.site_id == sa.bindparam("site"), comments.c.regime == sa.bindparam("regime")
)
_COUNT = sa.select(sa.func.count()).select_from(comments)
_CAST = (
    sa.select(sa.func.count())
    .where(votes.c.thread_id == comments.c.thread_id, votes.c.comment_id == comments.c.id)
    .scalar_subquery()
)
_MISCOUNTED = sa.select(comments.c.id).where(
    _HERE, comments.c.origin == "user", comments.c.votes != _CAST
)
_NOBODY = sa.select(comments.c.id).where(
    _HERE,
    comments.c.origin == "user",
    ~sa.exists().where(accounts.c.account_id == comments.c.author_id),
)
_PUBLIC = (
    sa.select(sa.func.count())
    .where(
        comments.c.thread_id == tallies.c.thread_id,
        comments.c.state == "published",
        comments.c.form != "danmaku",
    )
    .scalar_subquery()
)
_TALLIES = (
    sa.select(tallies.c.thread_id)
    .join(threads, threads.c.thread_id == tallies.c.thread_id)
    .where(threads.c.site_id == sa.bindparam("site"))
)
_VOTES_HERE = (
    sa.select(votes.c.comment_id)
    .join(
        comments,
        sa.and_(comments.c.thread_id == votes.c.thread_id, comments.c.id == votes.c.comment_id),
    )
    .where(_HERE)
)
_UNVERIFIED_VOTE = _VOTES_HERE.where(
    ~sa.exists().where(
        verifications.c.account_id == votes.c.account,
        verifications.c.recorded_at <= votes.c.at,
        verifications.c.valid_until > votes.c.at,
        sa.or_(verifications.c.revoked_at.is_(None), verifications.c.revoked_at > votes.c.at),
    )
)


@live_check(
    "2017-7.2a",
    zh="赞同数与评论数等于实际发生的次数，每条评论都有真实账户",
    en="Votes and comments are as many as were really made, each by an account that exists",
)
def counts_are_recounted(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    facts = {"site": site.id, "regime": regime.id}
    examined = tx.scalar(_COUNT.where(_HERE), facts) or 0
    broken = [
        *(Violation(str(row), "votes") for row in tx.scalars(_MISCOUNTED.limit(MOST), facts)),
        *(Violation(str(row), "author") for row in tx.scalars(_NOBODY.limit(MOST), facts)),
        *(
            Violation(str(row), "tally")
            for row in tx.scalars(_TALLIES.where(tallies.c.published != _PUBLIC).limit(MOST), facts)
        ),
    ]
    return Finding(examined=examined, violations=tuple(broken[:MOST]))


@live_check(
    "2022f-2",
    zh="点赞者身份已核验",
    en="Everybody whose agreement counts was verified when they gave it",
)
def voters_were_verified(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    if not regime.reaction_identity:
        return Finding(examined=0)
    return ask(
        tx,
        sa.select(sa.func.count()).select_from(_VOTES_HERE.subquery()),
        _UNVERIFIED_VOTE,
        site=site.id,
        regime=regime.id,
    )
