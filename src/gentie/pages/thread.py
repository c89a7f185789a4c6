"""Threads as ready JSON: pages of first comments and pages of a branch."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from urllib.parse import parse_qs

import msgspec
import sqlalchemy as sa
from typing_extensions import override

from gentie.comments.model import NoSuchOrder, Order
from gentie.comments.queries import MOST
from gentie.kernel.clock import Clock
from gentie.kernel.ids import CommentRef, SiteId, ThreadId
from gentie.kernel.page import Cursor
from gentie.kernel.refusal import Refusal
from gentie.pages.keys import read_key
from gentie.pages.model import Page, PageSource
from gentie.pages.views import ROOTS, Loaded, load_branch, load_thread
from gentie.storage.db import Database

JSON = "application/json"
SOON = 1.0
"""Seconds that a page is kept whose tombstones wait for their places in the log."""

_THREAD = re.compile(r"/api/v1/sites/([^/]+)/threads/([^/]+)/comments")
_BRANCH = re.compile(r"/api/v1/comments/([^/]+)/replies")


class ThreadAsked(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a thread. Two spellings of the same are equal."""

    site: SiteId
    key: str
    sort: Order = Order.NEWEST
    after: str | None = None
    limit: int = ROOTS


class BranchAsked(msgspec.Struct, frozen=True, kw_only=True):
    root: str
    after: str | None = None


def thread_asked(site: str, segment: str, query: Mapping[str, str]) -> ThreadAsked:
    """What `sort` and `after` of a query ask for.

    Raises:
        BadThreadKey, NoSuchOrder, BadCursor.
    """
    key, order = read_key(segment), query.get("sort", Order.NEWEST)
    try:
        sort = Order(order)
    except ValueError as error:
        raise NoSuchOrder from error
    after = query.get("after")
    if after is not None:
        Cursor.parse(after, order=sort.value)
    return ThreadAsked(site=SiteId(site), key=key, sort=sort, after=after)


def query_of(query: bytes) -> dict[str, str]:
    """The last value of each parameter."""
    found = parse_qs(query.decode("latin-1"), keep_blank_values=True)
    return {name: values[-1] for name, values in found.items()}


def marks_of(loaded: Loaded) -> tuple[str, ...]:
    """What a page of a thread is about. A thread that is not there is not remembered at all."""
    site = f"site:{loaded.view.thread.site}"
    return (site,) if loaded.thread is None else (thread_mark(loaded.thread), site)


def thread_mark(thread: ThreadId | str) -> str:
    return f"thread:{thread}"


def whole_mark(thread: ThreadId | str) -> str:
    """What a single comment does not change: title, class, names, what its video is."""
    return f"whole:{thread}"


def lasts_of(*, settled: bool) -> float:
    """Seconds that a page lasts by itself."""
    return math.inf if settled else SOON


class ThreadPages(PageSource):
    """Pages of first comments with the first answers to each."""

    def __init__(self, db: Database, *, clock: Clock) -> None:
        self._db, self._clock = db, clock

    @override
    def key_of(self, path: str, query: bytes) -> str | None:
        found = _THREAD.fullmatch(path)
        if found is None:
            return None
        given = query_of(query)
        try:
            asked = thread_asked(found[1], found[2], given)
            limit = msgspec.convert(given.get("limit", ROOTS), int, strict=False)
        except (Refusal, msgspec.ValidationError):
            return None
        if not 1 <= limit <= MOST:
            return None
        return msgspec.json.encode(msgspec.structs.replace(asked, limit=limit)).decode()

    @override
    async def render(self, key: str) -> Page:
        asked = msgspec.json.decode(key, type=ThreadAsked)
        loaded = await self._db.read(partial(load, asked=asked, now=self._clock()))
        return Page(
            body=msgspec.json.encode(loaded.view),
            content_type=JSON,
            about=marks_of(loaded),
            keep=loaded.thread is not None,
            lasts=lasts_of(settled=loaded.settled),
        )


class BranchPages(PageSource):
    """The rest of a branch, page by page."""

    def __init__(self, db: Database, *, clock: Clock) -> None:
        self._db, self._clock = db, clock

    @override
    def key_of(self, path: str, query: bytes) -> str | None:
        found = _BRANCH.fullmatch(path)
        if found is None:
            return None
        asked = BranchAsked(root=found[1], after=query_of(query).get("after"))
        try:
            CommentRef.parse(asked.root)
            if asked.after is not None:
                Cursor.parse(asked.after, order="branch")
        except Refusal:
            return None
        return msgspec.json.encode(asked).decode()

    @override
    async def render(self, key: str) -> Page:
        asked = msgspec.json.decode(key, type=BranchAsked)
        root = CommentRef.parse(asked.root)
        found = await self._db.read(
            partial(load_branch, root=root, after=asked.after, most=ROOTS, now=self._clock())
        )
        return Page(
            body=msgspec.json.encode(found.view),
            content_type=JSON,
            about=(thread_mark(root.thread), f"site:{found.place.site.id}"),
            lasts=lasts_of(settled=found.settled),
        )


def load(tx: sa.Connection, asked: ThreadAsked, *, now: datetime) -> Loaded:
    """Raises NoSuchSite, BadCursor."""
    return load_thread(
        tx,
        asked.site,
        asked.key,
        asked.sort,
        after=asked.after,
        most=asked.limit,
        now=now,
    )
