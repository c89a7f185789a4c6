"""Short lists for other pages of a site, as ready JSON: counts, and what was said last."""

import math
import re
from datetime import datetime
from functools import partial
from urllib.parse import parse_qs, quote, urlencode

import msgspec
import regex
import sqlalchemy as sa
from typing_extensions import override

from gentie.comments import latest
from gentie.comments.latest import Latest
from gentie.kernel.ids import CommentRef, SiteId, ThreadId
from gentie.kernel.refusal import Refusal
from gentie.pages.keys import read_key, write_key
from gentie.pages.model import Page, PageSource
from gentie.pages.thread import JSON, query_of
from gentie.pages.views import AuthorView
from gentie.sites import queries as sites
from gentie.sites.model import Thread
from gentie.storage.db import Database

MOST_KEYS = 100
RECENT = 10
MOST_RECENT = 50
A_MOMENT = 5.0
"""Seconds that a count is kept for a key that reaches no thread: it may become another's name."""
EXCERPT = 280
"""Characters as a reader counts them."""

_COUNTS = re.compile(r"/api/v1/sites/([^/]+)/counts")
_RECENT = re.compile(r"/api/v1/sites/([^/]+)/recent")
_GRAPHEME = regex.compile(r"\X")


class CountsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of threads. Two orders of the same keys are equal."""

    site: SiteId
    keys: tuple[str, ...]
    """As addresses carry them, sorted."""


class RecentAsked(msgspec.Struct, frozen=True, kw_only=True):
    site: SiteId
    limit: int = RECENT


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    counts: dict[str, int]
    """By key, as it was asked for. 0 for one that nobody has used."""


class ThreadLink(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    title: str
    url: str


class RecentView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    thread: ThreadLink
    author: AuthorView
    text: str
    """The beginning of it, with … where there is more."""
    lang: str
    published_at: datetime
    link: str
    """Path of the comment on this service."""


class Recent(msgspec.Struct, frozen=True, kw_only=True):
    comments: tuple[RecentView, ...]


def count_mark(thread: ThreadId) -> str:
    """What is about how many comments a thread has."""
    return f"count:{thread}"


def key_mark(site: str, key: str) -> str:
    """What is about a key that reaches no thread yet."""
    return f"key:{site}/{key}"


def latest_mark(site: str) -> str:
    """What is about the newest comments of a site."""
    return f"latest:{site}"


def link_to(thread: Thread, ref: CommentRef | None = None) -> str:
    """Path of a thread on this service, or of one comment in it."""
    path = f"/t/{quote(thread.site)}/{quote(write_key(thread.key), safe='')}"
    return path if ref is None else f"{path}?{urlencode({'comment': str(ref)})}"


class CountPages(PageSource):
    """`/api/v1/sites/{site}/counts?key=…&key=…`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @override
    def key_of(self, path: str, query: bytes) -> str | None:
        found = _COUNTS.fullmatch(path)
        if found is None:
            return None
        keys = parse_qs(query.decode("latin-1"), keep_blank_values=True).get("key", [])
        try:
            for key in keys:
                read_key(key)
        except Refusal:
            return None
        if not 1 <= len(keys) <= MOST_KEYS:
            return None
        asked = CountsAsked(site=SiteId(found[1]), keys=tuple(sorted(set(keys))))
        return msgspec.json.encode(asked).decode()

    @override
    async def render(self, key: str) -> Page:
        asked = msgspec.json.decode(key, type=CountsAsked)
        counts, found, unknown = await self._db.read(partial(load_marked, asked=asked))
        about = tuple(sorted({count_mark(one) for one in found}))
        waiting = tuple(key_mark(asked.site, key) for key in unknown)
        return Page(
            body=msgspec.json.encode(counts),
            content_type=JSON,
            about=(*about, *waiting),
            lasts=A_MOMENT if unknown else math.inf,
        )


class RecentPages(PageSource):
    """`/api/v1/sites/{site}/recent`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @override
    def key_of(self, path: str, query: bytes) -> str | None:
        found = _RECENT.fullmatch(path)
        if found is None:
            return None
        try:
            given = query_of(query).get("limit", RECENT)
            limit = msgspec.convert(given, int, strict=False)
        except msgspec.ValidationError:
            return None
        if not 1 <= limit <= MOST_RECENT:
            return None
        asked = RecentAsked(site=SiteId(found[1]), limit=limit)
        return msgspec.json.encode(asked).decode()

    @override
    async def render(self, key: str) -> Page:
        asked = msgspec.json.decode(key, type=RecentAsked)
        recent = await self._db.read(partial(load_recent, asked=asked))
        about = (latest_mark(asked.site), f"site:{asked.site}")
        return Page(body=msgspec.json.encode(recent), content_type=JSON, about=about)


def load_counts(tx: sa.Connection, asked: CountsAsked) -> Counts:
    """Raises NoSuchSite, BadThreadKey."""
    return load_marked(tx, asked)[0]


def load_marked(tx: sa.Connection, asked: CountsAsked) -> tuple[Counts, set[ThreadId], list[str]]:
    """With the threads that were counted and the keys that reach none. Raises as above."""
    sites.get_site(tx, asked.site)
    keys = {given: read_key(given) for given in asked.keys}
    threads = sites.threads_by_key(tx, asked.site, list(keys.values()))
    counts = latest.counts_of(tx, list(threads.values()))
    by_key = {key: counts.get(thread, 0) for key, thread in threads.items()}
    counted = Counts(counts={given: by_key.get(key, 0) for given, key in keys.items()})
    return counted, set(threads.values()), sorted(set(keys.values()) - threads.keys())


def load_recent(tx: sa.Connection, asked: RecentAsked) -> Recent:
    """What was published last on a site. Raises NoSuchSite."""
    sites.get_site(tx, asked.site)
    found = latest.shown_of_site(tx, asked.site, most=asked.limit)
    threads = sites.threads_by_id(tx, {one.ref.thread for one in found})
    return Recent(comments=tuple(_recent(one, threads[one.ref.thread]) for one in found))


def _recent(one: Latest, thread: Thread) -> RecentView:
    author = one.author
    return RecentView(
        id=str(one.ref),
        thread=ThreadLink(key=thread.key, title=thread.title, url=thread.url),
        author=AuthorView(name=author.name, avatar=author.avatar, badges=author.badges),
        text=beginning(one.plain, EXCERPT),
        lang=one.lang,
        published_at=one.published_at,
        link=link_to(thread, one.ref),
    )


def beginning(text: str, most: int) -> str:
    """At most so many characters, as a reader counts them, on one line."""
    shown = _GRAPHEME.findall(" ".join(text.split()))
    return "".join(shown) if len(shown) <= most else "".join(shown[: most - 1]).rstrip() + "…"
