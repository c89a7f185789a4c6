"""Danmaku: what goes over a video and what stands in its text version are the same lines."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue.regimes import Regime
from gentie.checks.asking import MOST, ask
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.comments.tables import comments
from gentie.danmaku.rules import SEGMENT_MS
from gentie.danmaku.tables import placed, segments
from gentie.sites.model import Site
from gentie.sites.tables import threads

_HERE = sa.and_(
    comments.c.site_id == sa.bindparam("site"),
    comments.c.regime == sa.bindparam("regime"),
    comments.c.form == "danmaku",
)
_PUBLIC = comments.c.state == "published"
_STANDS = sa.and_(placed.c.thread_id == comments.c.thread_id, placed.c.id == comments.c.id)
_COUNT = sa.select(sa.func.count()).select_from(comments).where(_HERE)
_NOT_IN_TEXT = sa.select(comments.c.id).where(
    _HERE, _PUBLIC, ~sa.exists().where(_STANDS, placed.c.shown == 1)
)
_NOT_PUBLIC = sa.select(comments.c.id).where(
    _HERE, ~_PUBLIC, sa.exists().where(_STANDS, placed.c.shown == 1)
)
_LINES = (
    sa.select(sa.func.count())
    .where(
        placed.c.thread_id == segments.c.thread_id,
        placed.c.shown == 1,
        placed.c.t_ms >= segments.c.number * SEGMENT_MS,
        placed.c.t_ms < (segments.c.number + 1) * SEGMENT_MS,
    )
    .scalar_subquery()
)
_MISCOUNTED = (
    sa.select(segments.c.thread_id, segments.c.number)
    .join(threads, threads.c.thread_id == segments.c.thread_id)
    .where(threads.c.site_id == sa.bindparam("site"), segments.c["count"] != _LINES)
)


@live_check(
    "2017-5.4",
    "2022-4.3",
    zh="画面上的每条弹幕都在文字版里，数目相同；移除的两处都没有",
    en="Every line over a video is in its text version, as many, and none that was removed",
)
def layer_and_text_are_the_same_lines(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    facts = {"site": site.id, "regime": regime.id}
    missing = ask(tx, _COUNT, _NOT_IN_TEXT, **facts)
    left = ask(tx, _COUNT, _NOT_PUBLIC, **facts)
    counted = tx.execute(_MISCOUNTED.limit(MOST), {"site": site.id}).all()
    broken = (
        *missing.violations,
        *left.violations,
        *(Violation(str(row.thread_id), f"segment {row.number}") for row in counted),
    )
    return Finding(examined=missing.examined, violations=broken[:MOST])
