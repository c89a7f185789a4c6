"""Where a line stands over a video: looked for before the other gates, kept with the line."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.actions.place import Place
from gentie.assessments.queries import require_online
from gentie.catalogue import fulfils
from gentie.comments.model import Form, FormNotOffered
from gentie.danmaku import queries, rules, store
from gentie.danmaku.model import FEATURE, Placed, Stream, StreamKind, Wanted
from gentie.kernel.ids import CommentRef, SiteId
from gentie.sites.model import ThreadClass
from gentie.standing.model import Capability

_RECORDED = Stream(kind=StreamKind.RECORDED)


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A moment of the thread's video that has room for a line."""

    t_ms: int
    wanted: Wanted
    within: timedelta | None
    """How long a person has before the moment has gone by for all who watch. None: it stays."""


@fulfils("2017-2.2b", "2022-2.2")
def find_moment(
    tx: sa.Connection, place: Place, wanted: Wanted | None, *, now: datetime
) -> Moment | None:
    """The moment that a line is for. None: the contribution is none.

    Raises:
        FormNotOffered: the thread has no video, or its site has switched danmaku off.
        BadMoment.
    """
    if wanted is None:
        return None
    declared = queries.find_stream(tx, place.thread.id)
    stream = rules.stream_of(declared, video=place.thread.kind is ThreadClass.VIDEO)
    if stream is None:
        raise FormNotOffered(form=Form.DANMAKU.value)
    t_ms = rules.moment_of(wanted, stream, now=now)
    return Moment(t_ms=t_ms, wanted=wanted, within=stream.delay or None)


@fulfils("2017-9.1b", "2022-8.b")
def pass_style(moment: Moment | None, left: frozenset[Capability]) -> None:
    """Where a line stands and its colour are among what measures and credit may take.

    Raises:
        StyleNotOffered: with what is left to choose from; nothing was changed.
    """
    if moment is not None:
        styles = rules.styles_left(
            positions=Capability.POSITIONS in left, colours=Capability.COLOURS in left
        )
        rules.require_style(moment.wanted, styles)


def keep_moment(tx: sa.Connection, ref: CommentRef, moment: Moment | None) -> None:
    """Keep where a new contribution stands, whether it is public or waits."""
    if moment is None:
        return
    placed = Placed(
        thread=ref.thread,
        id=ref.comment,
        t_ms=moment.t_ms,
        mode=moment.wanted.mode,
        colour=moment.wanted.colour,
    )
    store.place(tx, placed)


def pass_video(
    tx: sa.Connection, site: SiteId, wanted: Iterable[Wanted | None], *, now: datetime
) -> None:
    """Archived lines come where danmaku has had its assessment, as new ones do.

    Raises:
        FeatureOffline: nothing was changed.
    """
    if any(wanted):
        require_online(tx, site, FEATURE, now=now)


def have_video(tx: sa.Connection, place: Place, wanted: Iterable[Wanted | None]) -> None:
    """A page whose archive has lines over a video is one, where nobody has said what it is."""
    if not any(wanted) or place.thread.kind is ThreadClass.VIDEO:
        return
    if queries.find_stream(tx, place.thread.id) is None:
        store.declare(tx, place.thread.id, _RECORDED)


def keep_archived(tx: sa.Connection, ref: CommentRef, wanted: Wanted, *, now: datetime) -> None:
    """Keep where an archived line stands: at its moment, in the nearest colour there is here.

    Raises:
        BadMoment: it names none.
    """
    placed = Placed(
        thread=ref.thread,
        id=ref.comment,
        t_ms=rules.moment_of(wanted, _RECORDED, now=now),
        mode=wanted.mode,
        colour=rules.nearest_colour(wanted.colour),
    )
    store.place(tx, placed)
