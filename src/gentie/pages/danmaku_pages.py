"""The manifest, segments and files of danmaku as ready bytes."""

import re
from datetime import datetime
from functools import partial

import msgspec
import sqlalchemy as sa
from typing_extensions import override

from gentie.kernel.clock import Clock
from gentie.kernel.ids import SiteId, ThreadId
from gentie.kernel.refusal import Refusal
from gentie.pages.danmaku import danmaku_mark, load_all, load_manifest, load_segment, segment_mark
from gentie.pages.danmaku_files import WRITERS
from gentie.pages.keys import read_key
from gentie.pages.model import Page, PageSource
from gentie.pages.thread import JSON, whole_mark
from gentie.sites import queries as sites
from gentie.storage.db import Database

A_SECOND = (("cache-control", "public, max-age=1"),)
A_MINUTE = (("cache-control", "public, max-age=60"),)
"""A line that is removed is in no copy of a segment after this."""
_MANIFEST = re.compile(r"/api/v1/sites/([^/]+)/threads/([^/]+)/danmaku")
_SEGMENT = re.compile(_MANIFEST.pattern + r"/segments/([0-9]{1,6})-([0-9]{1,9})\.json")
_FILE = re.compile(_MANIFEST.pattern + r"\.(json|txt|vtt|xml)")


class DanmakuAsked(msgspec.Struct, frozen=True, kw_only=True):
    """The manifest; with `number` and `rev` a segment, with `ending` a file."""

    site: SiteId
    key: str
    number: int = -1
    rev: int = 0
    ending: str = ""


def asked_by(path: str) -> DanmakuAsked | None:
    """What an address asks for. None: it is not about danmaku. Raises BadThreadKey."""
    if found := _MANIFEST.fullmatch(path):
        return DanmakuAsked(site=SiteId(found[1]), key=read_key(found[2]))
    if found := _SEGMENT.fullmatch(path):
        number, rev = int(found[3]), int(found[4])
        site, key = SiteId(found[1]), read_key(found[2])
        return DanmakuAsked(site=site, key=key, number=number, rev=rev)
    if found := _FILE.fullmatch(path):
        return DanmakuAsked(site=SiteId(found[1]), key=read_key(found[2]), ending=found[3])
    return None


class DanmakuPages(PageSource):
    """`…/danmaku`, `…/danmaku/segments/{n}-{rev}.json` and `…/danmaku.xml|vtt|json|txt`."""

    def __init__(self, db: Database, *, clock: Clock) -> None:
        self._db, self._clock = db, clock

    @override
    def key_of(self, path: str, query: bytes) -> str | None:
        try:
            asked = asked_by(path)
        except Refusal:  # the router says which
            return None
        return None if asked is None else msgspec.json.encode(asked).decode()

    @override
    async def render(self, key: str) -> Page:
        asked = msgspec.json.decode(key, type=DanmakuAsked)
        return await self._db.read(partial(render, asked=asked, now=self._clock()))


def render(tx: sa.Connection, asked: DanmakuAsked, *, now: datetime) -> Page:
    """Raises NoSuchSite, NoSuchThread, NoSuchSegment, SegmentSuperseded."""
    if asked.number >= 0:
        body, thread = load_segment(tx, asked.site, asked.key, asked.number, asked.rev)
        mark = segment_mark(thread, asked.number)
        return _page(msgspec.json.encode(body), JSON, asked.site, thread, A_MINUTE, mark=mark)
    if asked.ending:
        return _file(tx, asked)
    found = load_manifest(tx, asked.site, asked.key, now=now)
    return _page(msgspec.json.encode(found.view), JSON, asked.site, found.thread, A_SECOND)


def _file(tx: sa.Connection, asked: DanmakuAsked) -> Page:
    lines, thread = load_all(tx, asked.site, asked.key)
    kind, write = WRITERS[asked.ending]
    title = sites.get_thread(tx, thread).title
    return _page(write(title, lines), kind, asked.site, thread, A_SECOND)


def _page(
    body: bytes,
    kind: str,
    site: SiteId,
    thread: ThreadId | None,
    headers: tuple[tuple[str, str], ...],
    *,
    mark: str = "",
) -> Page:
    """`mark`: what it is about, if not all lines of the video."""
    marks = () if thread is None else (mark or danmaku_mark(thread), whole_mark(thread))
    return Page(
        body=body,
        content_type=kind,
        headers=headers,
        about=(*marks, f"site:{site}"),
        keep=thread is not None,
    )
