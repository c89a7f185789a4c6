"""No record goes before its time: neither the decision, nor the words that it is about."""

from datetime import datetime, timedelta
from typing import Final

import msgspec
import sqlalchemy as sa

from gentie import ledger
from gentie.catalogue.regimes import Regime
from gentie.checks.asking import MOST, ask
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.comments.parts import NO_PARTS
from gentie.comments.tables import archive_authors, archive_batches, comments, revisions
from gentie.decisions.model import ADVERSE, Decision
from gentie.decisions.tables import decisions
from gentie.ledger.tables import leaves
from gentie.sites.model import Site

DECIDED: Final = timedelta(days=1096)
"""What the inventory says of contributions that were refused or removed."""
_KINDS: Final = frozenset({"published", "decision", "reversal", "sanction"})
"""Of leaves behind which there is a record of a decision."""
_OWN: Final = (decisions, archive_batches, archive_authors)
"""What commits to itself in the log."""
_LEFT: Final = sa.select(leaves.c.id, leaves.c.body).where(
    *(~sa.exists().where(one.c.leaf == leaves.c.id) for one in _OWN)
)
_KEPT: Final = (
    sa.select(sa.func.count())
    .select_from(decisions)
    .where(decisions.c.site_id == sa.bindparam("site"))
)
_WORDLESS: Final = (
    sa.select(decisions.c.id, decisions.c.record)
    .join(
        comments,
        sa.and_(comments.c.thread_id == decisions.c.thread, comments.c.id == decisions.c.comment),
    )
    .join(
        revisions,
        sa.and_(
            revisions.c.thread_id == decisions.c.thread,
            revisions.c.comment_id == decisions.c.comment,
        ),
    )
    .where(
        decisions.c.site_id == sa.bindparam("site"),
        decisions.c.regime == sa.bindparam("regime"),
        decisions.c.measure.in_([one.value for one in sorted(ADVERSE)]),
        comments.c.origin == "user",
        comments.c.state != "withdrawn",
        revisions.c.source == "",
        revisions.c.parts == NO_PARTS,
    )
    .distinct()
)
_WITHIN: Final = sa.and_(
    comments.c.site_id == sa.bindparam("site"),
    comments.c.origin == "user",
    comments.c.state.in_(("refused", "removed")),
    sa.func.coalesce(comments.c.hidden_at, comments.c.created_at) > sa.bindparam("since"),
)
_COUNT_WITHIN: Final = sa.select(sa.func.count()).select_from(comments).where(_WITHIN)
_GONE_EARLY: Final = (
    sa.select(comments.c.id)
    .join(
        revisions,
        sa.and_(
            revisions.c.thread_id == comments.c.thread_id,
            revisions.c.comment_id == comments.c.id,
        ),
    )
    .where(_WITHIN, revisions.c.source == "", revisions.c.parts == NO_PARTS)
    .distinct()
)
_APPEALABLE: Final = (
    sa.select(sa.func.count())
    .select_from(decisions)
    .where(
        decisions.c.site_id == sa.bindparam("site"),
        decisions.c.regime == sa.bindparam("regime"),
        decisions.c.measure.in_([one.value for one in sorted(ADVERSE)]),
    )
)
_leaf = msgspec.json.Decoder(ledger.Leaf)
_record = msgspec.json.Decoder(Decision)


@live_check(
    "2017-8.c",
    "2022-7.c",
    zh="公开日志里的每一项处置，记录都还在",
    en="Behind every decision in the public log its record is still there",
)
def no_record_is_missing(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    said = ((row.id, _leaf.decode(row.body)) for row in tx.execute(_LEFT))
    lost = [id_ for id_, leaf in said if leaf.site == site.id and leaf.kind in _KINDS]
    count = tx.scalar(_KEPT, {"site": site.id}) or 0
    found = tuple(Violation(str(one)) for one in lost[:MOST])
    return Finding(examined=count + len(lost), violations=found)


@live_check(
    "2017-8.c",
    "2022-7.c",
    zh="申诉期内，被处置的内容仍然保存着",
    en="While a decision can be appealed, what it is about is still kept",
)
def what_can_be_appealed_is_still_there(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    """But for what its author has withdrawn."""
    facts = {"site": site.id, "regime": regime.id}
    rows = tx.execute(_WORDLESS, facts).all()
    open_ = [row.id for row in rows if (_record.decode(row.record).appeal_before or now) > now]
    return Finding(
        examined=tx.scalar(_APPEALABLE, facts) or 0,
        violations=tuple(Violation(str(one)) for one in open_[:MOST]),
    )


@live_check(
    "2017-8.c",
    "2022-7.c",
    zh="被拒绝或删除的内容，在清单写明的三年内都还在",
    en="What was refused or removed is still kept, for the three years that the inventory names",
)
def nothing_decided_on_is_gone_early(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    """Also when nothing can be appealed any more: a record is the decision and what it is about."""
    return ask(tx, _COUNT_WITHIN, _GONE_EARLY, site=site.id, since=now - DECIDED)
