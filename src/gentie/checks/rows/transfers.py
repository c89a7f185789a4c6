"""What moved in from elsewhere: nothing of them is public without a decision."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue.regimes import Regime
from gentie.checks.asking import ask
from gentie.checks.model import Finding
from gentie.checks.registry import live_check
from gentie.comments.tables import archive_batches, archive_sources, comments
from gentie.decisions.tables import decisions
from gentie.sites.model import Site

_PUBLIC = sa.and_(
    comments.c.site_id == sa.bindparam("site"),
    comments.c.regime == sa.bindparam("regime"),
    comments.c.origin == "archive",
    comments.c.published_at.is_not(None),
)
_COUNT = sa.select(sa.func.count()).select_from(comments).where(_PUBLIC)
_BATCH_DECIDED = sa.exists().where(
    archive_sources.c.site_id == comments.c.site_id,
    archive_sources.c.thread_id == comments.c.thread_id,
    archive_sources.c.comment_id == comments.c.id,
    archive_batches.c.id == archive_sources.c.batch,
    archive_batches.c.leaf.is_not(None),
    archive_batches.c.approved_by.like(sa.bindparam("by")),
)
_ITSELF_DECIDED = sa.exists().where(
    decisions.c.thread == comments.c.thread_id,
    decisions.c.comment == comments.c.id,
    decisions.c.measure.in_(["publish", "restore"]),
)
_UNDECIDED = sa.select(comments.c.id).where(_PUBLIC, ~_BATCH_DECIDED, ~_ITSELF_DECIDED)


@live_check(
    "2017-2.2a",
    zh="导入的旧评论经过一次批次决定才公开；有实名义务时由工作人员决定",
    en="What was imported is public by a decision on its batch, by staff where names are a duty",
)
def archives_were_decided_on(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    by = "staff:%" if regime.identity.required else "%"
    return ask(tx, _COUNT, _UNDECIDED, site=site.id, regime=regime.id, by=by)
