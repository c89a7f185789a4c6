"""What people are told before and after: the law, and lessons in civility."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from gentie.accounts.agreement import write_agreement
from gentie.accounts.queries import agreement_in_force
from gentie.accounts.tables import acceptances, agreements, lessons
from gentie.catalogue.regimes import Regime
from gentie.checks.asking import MOST, ask
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.comments.tables import comments
from gentie.sites.model import Site
from gentie.standing.tables import sanctions

_HERE = sa.and_(
    comments.c.site_id == sa.bindparam("site"),
    comments.c.regime == sa.bindparam("regime"),
    comments.c.origin == "user",
)
_PEOPLE = sa.select(sa.func.count(sa.distinct(comments.c.author_id))).where(_HERE)
_FIRST = sa.select(sa.func.min(lessons.c.offered_at)).scalar_subquery()
_UNTAUGHT = (
    sa.select(comments.c.author_id)
    .where(
        _HERE,
        sa.exists().where(
            acceptances.c.account_id == comments.c.author_id,
            acceptances.c.at >= _FIRST,
        ),
        ~sa.exists().where(lessons.c.account_id == comments.c.author_id),
    )
    .distinct()
)
"""What is older than the first lesson on this instance came with a site from elsewhere."""
_WITHOUT = sa.select(sanctions.c.decision).where(
    sanctions.c.site_id == sa.bindparam("site"),
    sanctions.c.starts_at >= _FIRST,
    ~sa.exists().where(
        lessons.c.account_id == sanctions.c.account_id,
        lessons.c.lesson == "after-measure",
        lessons.c.about == sa.cast(sanctions.c.decision, sa.Text),
    ),
)
_UNTOLD = (
    sa.select(comments.c.author_id)
    .where(
        _HERE,
        ~sa.exists().where(
            acceptances.c.account_id == comments.c.author_id,
            acceptances.c.regime == comments.c.regime,
            acceptances.c.at <= comments.c.created_at,
        ),
    )
    .distinct()
)
_SPOKE_ON = (
    sa.select(
        comments.c.id,
        comments.c.created_at,
        sanctions.c.lifted_at,
        sanctions.c.confirm_before,
        sanctions.c.confirmed_by,
    )
    .join(sanctions, sanctions.c.account_id == comments.c.author_id)
    .where(
        _HERE,
        sanctions.c.site_id == comments.c.site_id,
        comments.c.created_at > sanctions.c.starts_at,
        sa.or_(
            sanctions.c.affirmed_at.is_(None),
            sanctions.c.affirmed_at > comments.c.created_at,
        ),
    )
)
_ACCEPTED = (
    sa.select(agreements.c.regime, agreements.c.number, agreements.c.policy, agreements.c.text)
    .join(
        acceptances,
        sa.and_(
            acceptances.c.regime == agreements.c.regime,
            acceptances.c.number == agreements.c.number,
        ),
    )
    .where(agreements.c.regime == sa.bindparam("regime"))
    .distinct()
)
_AGREED = sa.select(sa.func.count()).where(acceptances.c.regime == sa.bindparam("regime"))


@live_check(
    "2017-6.1c",
    "2022-6.c",
    zh="每个发言的人都收到过文明课，每项措施都附有一课",
    en="Everybody who wrote was offered a lesson in civility, and so with every measure",
)
def lessons_were_offered(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    facts = {"site": site.id, "regime": regime.id}
    found = ask(tx, _PEOPLE, _UNTAUGHT, **facts)
    without = [Violation(str(one), "no lesson") for one in tx.scalars(_WITHOUT, facts)]
    return Finding(examined=found.examined, violations=(*found.violations, *without)[:MOST])


@live_check(
    "2017-6.2a",
    zh="发言的人都作过承诺；受到处理之后，都先重新承诺再发言",
    en="Everybody who wrote had given the undertaking, and after a measure gave it anew first",
)
def undertakings_were_given(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    facts = {"site": site.id, "regime": regime.id}
    found = ask(tx, _PEOPLE, _UNTOLD, **facts)
    rows = tx.execute(_SPOKE_ON, facts).all()
    early = [Violation(str(row.id), "not given anew") for row in rows if _binding(row)]
    return Finding(examined=found.examined, violations=(*found.violations, *early)[:MOST])


def _binding(row: Any) -> bool:
    """Whether the measure stood when they wrote: nobody had taken it back or let it lapse."""
    lone = row.confirm_before if row.confirmed_by is None else None
    ends = [end for end in (row.lifted_at, lone) if end is not None]
    return not ends or row.created_at < min(ends)


@live_check(
    "2022-2.1",
    zh="每个发言的人事先都接受过写明本站所适用规则的协议",
    en="Everybody who wrote had accepted an agreement that names the rules which govern here",
)
def people_were_told_the_regime(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    facts = {"site": site.id, "regime": regime.id}
    found = ask(tx, _PEOPLE, _UNTOLD, **facts)
    silent = [
        Violation(f"{one.regime}/{one.number}", "does not name them")
        for one in tx.execute(_ACCEPTED, facts)
        if one.policy.encode() not in one.text
    ]
    return Finding(examined=found.examined, violations=(*found.violations, *silent)[:MOST])


@live_check(
    "2017-6.1b",
    "2022-6.a",
    "2022-6.b",
    zh="现行协议与规则逐字一致，告知了规则所依据的每一部法律法规",
    en="The agreement in force says what the rules say, and names every law that they rest on",
)
def the_agreement_tells_the_law(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    count = tx.scalar(_AGREED, {"regime": regime.id}) or 0
    if not count:
        return Finding(examined=0, violations=())
    version = agreement_in_force(tx, regime.id, now)
    same = version.text == write_agreement(regime)
    broken = () if same else (Violation(f"{version.regime}/{version.number}", "another text"),)
    return Finding(examined=count, violations=broken)
