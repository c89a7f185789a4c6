"""The text version of danmaku: every line, in order of time, page by page. Never a sample."""

from collections.abc import Iterator, Mapping
from itertools import groupby

import msgspec
import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.danmaku import queries
from gentie.danmaku.model import RateSince
from gentie.danmaku.rules import LONGEST_MS
from gentie.kernel.ids import SiteId
from gentie.kernel.page import BadCursor, Cursor
from gentie.kernel.texts import LANGS
from gentie.pages.danmaku import RATES, Line, with_words
from gentie.pages.keys import read_key
from gentie.sites import queries as sites
from gentie.sites.model import NoSuchThread, Thread

PAGE = 500
"""Lines of one page."""
_ORDER = "danmaku"
_LAST_ID = (1 << 63) - 1
_MINUTE = 60_000


class TranscriptAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Lines behind a moment and id."""

    site: SiteId
    key: str
    t_ms: int = -1
    id: int = _LAST_ID
    lang: str = ""
    """Empty: the site's own."""


class Minute(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    lines: tuple[Line, ...]


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    thread: Thread
    name: str
    """Of the site."""
    lang: str
    count: int
    density: tuple[tuple[int, int], ...]
    """Each minute that has lines, and how many."""
    minutes: tuple[Minute, ...]
    """Those of this page."""
    rates: tuple[RateSince, ...]
    """Which part of the lines went over the picture live, by time. Empty: all of them."""
    next: str
    """Cursor of the page after. Empty: that was all."""


def transcript_asked(site: str, segment: str, query: Mapping[str, str]) -> TranscriptAsked:
    """What `t` (seconds), `after` and `lang` of a query ask for.

    Raises:
        BadThreadKey, BadCursor.
    """
    lang = next((one for one in LANGS if one == query.get("lang")), "")
    asked = TranscriptAsked(site=SiteId(site), key=read_key(segment), lang=lang)
    if after := query.get("after"):
        cursor = Cursor.parse(after, order=_ORDER)
        return msgspec.structs.replace(asked, t_ms=cursor.key, id=cursor.id)
    if (t := query.get("t")) is None:
        return asked
    if not t.isascii() or not t.isdecimal() or int(t[:9]) * 1000 > LONGEST_MS:
        raise BadCursor
    return msgspec.structs.replace(asked, t_ms=int(t) * 1000 - 1)


@fulfils("2017-5.4", "2022-4.3")
def load_transcript(tx: sa.Connection, asked: TranscriptAsked) -> Transcript:
    """One page of it.

    Raises:
        NoSuchSite, NoSuchThread.
    """
    site = sites.get_site(tx, asked.site)
    thread = sites.find_thread(tx, asked.site, asked.key)
    if thread is None:
        raise NoSuchThread
    placed = queries.after(tx, thread.id, (asked.t_ms, asked.id), most=PAGE + 1)
    last = placed[PAGE - 1] if len(placed) > PAGE else None
    density = queries.minutes_of(tx, thread.id)
    return Transcript(
        thread=thread,
        name=site.name,
        lang=asked.lang or ("zh-CN" if site.lang.startswith("zh") else "en"),
        count=sum(density.values()),
        density=tuple(density.items()),
        rates=tuple(reversed(queries.rates_of(tx, thread.id, most=RATES))),
        minutes=tuple(_minutes(with_words(tx, thread.id, placed[:PAGE]))),
        next=str(Cursor(order=_ORDER, key=last.t_ms, id=int(last.id))) if last else "",
    )


def _minutes(lines: list[Line]) -> Iterator[Minute]:
    for number, some in groupby(lines, key=lambda one: one.t_ms // _MINUTE):
        yield Minute(number=number, lines=tuple(some))
