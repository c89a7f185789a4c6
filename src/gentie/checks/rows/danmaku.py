"""Danmaku: what goes over a video and what stands in its text version are the same lines."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

import sqlalchemy as sa

from gentie.catalogue.regimes import Regime
from gentie.checks.asking import MOST, ask
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.comments.tables import comments, revisions
from gentie.danmaku.rules import SEGMENT_MS
from gentie.danmaku.tables import placed, segments, streams
from gentie.decisions.tables import decisions
from gentie.sites.model import Site
from gentie.sites.tables import threads
from gentie.storage.schema import UtcTime

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
_DECIDED = (
    sa.select(sa.func.min(decisions.c.decided_at))
    .where(
        decisions.c.thread == revisions.c.thread_id,
        decisions.c.comment == revisions.c.comment_id,
        decisions.c.revision == revisions.c.number,
    )
    .scalar_subquery()
)
_OVER = sa.type_coerce(sa.func.coalesce(_DECIDED, revisions.c.published_at), UtcTime)
_HELD = (
    sa.select(streams.c.thread_id, streams.c.delay_ms, revisions.c.created_at, _OVER.label("over"))
    .join(comments, comments.c.thread_id == streams.c.thread_id)
    .join(
        revisions,
        sa.and_(
            revisions.c.thread_id == comments.c.thread_id, revisions.c.comment_id == comments.c.id
        ),
    )
    .where(
        _HERE,
        comments.c.origin == "user",
        streams.c.delay_ms > 0,
        sa.or_(_OVER.is_not(None), comments.c.state == "held"),
    )
    .order_by(streams.c.thread_id)
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


@live_check(
    "2022-4.4b",
    zh="延时直播的弹幕，百分之九十五在延时之内得到评审决定",
    en="Of the lines over each delayed broadcast, 95 in 100 were decided within the delay",
)
def lines_were_decided_within_the_delay(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    rows = tx.execute(_HELD, {"site": site.id, "regime": regime.id}).all()
    late = []
    for (thread, delay_ms), lines in groupby(rows, lambda row: (row.thread_id, row.delay_ms)):
        hold = nineteen_in_twenty([(row.over or now) - row.created_at for row in lines])
        if hold > timedelta(milliseconds=delay_ms):
            late.append(Violation(str(thread), f"{hold.total_seconds():.0f} s, {delay_ms} ms"))
    return Finding(examined=len(rows), violations=tuple(late[:MOST]))


def nineteen_in_twenty(holds: Sequence[timedelta]) -> timedelta:
    """The time within which so many of them were over. There is at least one."""
    return sorted(holds)[math.ceil(len(holds) * 0.95) - 1]
