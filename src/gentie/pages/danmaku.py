"""Danmaku as anybody reads it: lines with their words, the manifest, and segments of two minutes.

Everything is made from the same lines: what the layer draws is a part of what the transcript has.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

import msgspec
import sqlalchemy as sa

from gentie.actions.place import Place, find_place
from gentie.assessments.queries import is_online
from gentie.catalogue import fulfils
from gentie.comments.lines import words_of
from gentie.comments.model import Form
from gentie.danmaku import queries, rules
from gentie.danmaku.model import (
    FEATURE,
    Mode,
    NoSuchSegment,
    Placed,
    RateSince,
    Segment,
    SegmentSuperseded,
    Stream,
    StreamKind,
)
from gentie.kernel.ids import CommentRef, SiteId, ThreadId
from gentie.pages.keys import write_key
from gentie.sites import queries as sites
from gentie.sites.model import NoSuchThread, SwitchKind, ThreadClass
from gentie.sites.rules import needs_person

PER_SECOND = 20
RATES = 100
"""Changes of the rate that are shown."""
"""Lines a second that a live broadcast sends to each viewer. The transcript has all."""
EXPORTS = ("xml", "vtt", "json", "txt")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line over a video, as everybody may read it."""

    id: str
    t_ms: int
    mode: Mode
    colour: int
    text: str
    author: str
    by: str
    """The same for all lines of one author over this video, and over no other."""
    lang: str
    archived: bool
    at: datetime
    """When it was written."""


class SegmentView(msgspec.Struct, frozen=True, kw_only=True):
    n: int
    rev: int
    count: int
    url: str


class StreamView(msgspec.Struct, frozen=True, kw_only=True):
    kind: StreamKind
    started_at: datetime | None
    delay_ms: int


class Sampling(msgspec.Struct, frozen=True, kw_only=True):
    """How many lines are drawn where there are more, by a hash of their ids. The text has all."""

    per_segment: int
    per_second: int
    live: tuple[RateSince, ...] = ()
    """Which part of the lines those who followed were sent, the latest change first. Empty: all."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    site: str
    key: str
    title: str
    on: bool
    """New lines are taken."""
    review: str
    """first: a person looks before publication. after: published when screening passes."""
    identity: bool
    stream: StreamView
    count: int
    """Public lines in all."""
    segment_ms: int
    segments: tuple[SegmentView, ...]
    sampling: Sampling
    palette: dict[str, int]
    transcript: str
    """Path of the text version, complete and without script."""
    exports: dict[str, str]


class SegmentBody(msgspec.Struct, frozen=True, kw_only=True):
    n: int
    rev: int
    count: int
    """Public lines in these two minutes. More than there are rows: the others are in the text."""
    rows: tuple[tuple[str, int, Mode, int, str, str], ...]
    """Each `[id, t_ms, mode, colour, text, author]`, in order of time."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A manifest, and the thread that it is of. None: nobody has declared or used it."""

    view: Manifest
    thread: ThreadId | None


def danmaku_mark(thread: ThreadId | str) -> str:
    """What is about the lines over a thread's video."""
    return f"danmaku:{thread}"


def segment_mark(thread: ThreadId | str, number: int | str) -> str:
    """What is about the lines of two minutes alone."""
    return f"danmaku:{thread}:{number}"


def path_of(site: str, key: str) -> str:
    """Where the API has the danmaku of a thread."""
    return f"/api/v1/sites/{quote(site)}/threads/{quote(write_key(key), safe='')}/danmaku"


def transcript_path(site: str, key: str) -> str:
    """Where the text version is."""
    return f"/t/{quote(site)}/{quote(write_key(key), safe='')}/danmaku"


def load_manifest(tx: sa.Connection, site: SiteId, key: str, *, now: datetime) -> Found:
    """What there is over a thread's video. Raises NoSuchSite."""
    place = find_place(tx, site, key, now=now)
    if place is None:
        return Found(view=_empty(sites.get_site(tx, site).id, key), thread=None)
    thread = place.thread
    found = queries.segments_of(tx, thread.id)
    base = path_of(site, thread.key)
    stream = _stream(tx, place)
    view = Manifest(
        site=site,
        key=thread.key,
        title=thread.title,
        on=stream is not None and _is_on(tx, place, now=now),
        review="first" if needs_person(thread, place.regime, place.switches, now=now) else "after",
        identity=place.regime.identity.required,
        stream=_shown(stream),
        count=sum(one.count for one in found),
        segment_ms=rules.SEGMENT_MS,
        segments=tuple(_segment(one, base) for one in found if one.count),
        sampling=Sampling(
            per_segment=rules.MOST_DRAWN,
            per_second=PER_SECOND,
            live=tuple(queries.rates_of(tx, thread.id, most=RATES)),
        ),
        palette=rules.PALETTE,
        transcript=transcript_path(site, thread.key),
        exports={kind: f"{base}.{kind}" for kind in EXPORTS},
    )
    return Found(view=view, thread=thread.id)


def _empty(site: str, key: str) -> Manifest:
    base = path_of(site, key)
    return Manifest(
        site=site,
        key=key,
        title="",
        on=False,
        review="first",
        identity=False,
        stream=_shown(None),
        count=0,
        segment_ms=rules.SEGMENT_MS,
        segments=(),
        sampling=Sampling(per_segment=rules.MOST_DRAWN, per_second=PER_SECOND),
        palette=rules.PALETTE,
        transcript=transcript_path(site, key),
        exports={kind: f"{base}.{kind}" for kind in EXPORTS},
    )


def _stream(tx: sa.Connection, place: Place) -> Stream | None:
    declared = queries.find_stream(tx, place.thread.id)
    return rules.stream_of(declared, video=place.thread.kind is ThreadClass.VIDEO)


def _shown(stream: Stream | None) -> StreamView:
    if stream is None:
        return StreamView(kind=StreamKind.OFF, started_at=None, delay_ms=0)
    delay_ms = stream.delay // timedelta(milliseconds=1)
    return StreamView(kind=stream.kind, started_at=stream.started_at, delay_ms=delay_ms)


def _is_on(tx: sa.Connection, place: Place, *, now: datetime) -> bool:
    offered = Form.DANMAKU.value in place.regime.forms
    writable = all(one.kind is not SwitchKind.READ_ONLY for one in place.switches)
    return offered and writable and is_online(tx, place.site.id, FEATURE, now=now)


def _segment(one: Segment, base: str) -> SegmentView:
    url = f"{base}/segments/{one.number}-{one.rev}.json"
    return SegmentView(n=one.number, rev=one.rev, count=one.count, url=url)


@fulfils("2017-7.1a")
def load_segment(
    tx: sa.Connection, site: SiteId, key: str, number: int, rev: int
) -> tuple[SegmentBody, ThreadId]:
    """The lines of two minutes that are drawn: all, or a sample that does not look at them.

    Raises:
        NoSuchSite, NoSuchThread, NoSuchSegment.
        SegmentSuperseded: a line has come or gone since.
    """
    thread = thread_of(tx, site, key)
    found = queries.find_segment(tx, thread, number)
    if found is None or rev > found.rev:
        raise NoSuchSegment
    if rev < found.rev:
        raise SegmentSuperseded(rev=found.rev)
    first = number * rules.SEGMENT_MS
    placed = queries.between(tx, thread, first, first + rules.SEGMENT_MS)
    drawn = rules.drawn([one.id for one in placed], f"{thread}/{number}", most=rules.MOST_DRAWN)
    lines = with_words(tx, thread, [one for one in placed if one.id in drawn])
    rows = tuple(row_of(one) for one in lines)
    return SegmentBody(n=number, rev=rev, count=found.count, rows=rows), thread


def row_of(line: Line) -> tuple[str, int, Mode, int, str, str]:
    return line.id, line.t_ms, line.mode, line.colour, line.text, line.author


def load_all(tx: sa.Connection, site: SiteId, key: str) -> tuple[list[Line], ThreadId]:
    """Every public line of a video, in order of time. Raises NoSuchSite, NoSuchThread."""
    thread = thread_of(tx, site, key)
    return with_words(tx, thread, queries.between(tx, thread, 0, rules.LONGEST_MS)), thread


def thread_of(tx: sa.Connection, site: SiteId, key: str) -> ThreadId:
    """Raises NoSuchSite, NoSuchThread."""
    sites.get_site(tx, site)
    thread = sites.find_thread(tx, site, key)
    if thread is None:
        raise NoSuchThread
    return thread.id


def with_words(tx: sa.Connection, thread: ThreadId, placed: Sequence[Placed]) -> list[Line]:
    """Lines with their words, in the order given."""
    words = words_of(tx, thread, [one.id for one in placed])
    return [
        Line(
            id=str(CommentRef(thread, one.id)),
            t_ms=one.t_ms,
            mode=one.mode,
            colour=one.colour,
            text=said.text,
            author=said.author.name,
            by=_pseudonym(thread, said.author.id),
            lang=said.lang,
            archived=said.archived,
            at=said.written_at,
        )
        for one in placed
        if (said := words.get(one.id))
    ]


def _pseudonym(thread: ThreadId, author: str) -> str:
    return hashlib.blake2b(f"{thread}/{author}".encode(), digest_size=4).hexdigest()
