"""Atom feeds of a thread and of a site (RFC 4287), as ready bytes.

What was removed or withdrawn stands in the feed as a deleted entry (RFC 6721), so that a reader
program that has kept it lets go of it.
"""

import re
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote, urlencode
from uuid import UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

import msgspec
import sqlalchemy as sa
from typing_extensions import override

from gentie.comments import latest
from gentie.comments.latest import Latest
from gentie.kernel.ids import CommentRef, SiteId, ThreadId
from gentie.kernel.refusal import Refusal
from gentie.kernel.texts import LANGS, in_lang
from gentie.pages.keys import read_key, write_key
from gentie.pages.lists import latest_mark, link_to
from gentie.pages.model import Page, PageSource
from gentie.pages.thread import query_of, thread_mark
from gentie.sites import queries as sites
from gentie.sites.model import NoSuchThread, Site, Thread
from gentie.storage.db import Database

ATOM = "application/atom+xml; charset=utf-8"
ENTRIES = 30

_SITE = re.compile(r"/feeds/([^/]+)\.atom")
_THREAD = re.compile(r"/feeds/([^/]+)/([^/]+)\.atom")
_OURS = UUID("6f0c4f5e-6f8b-5d0e-9a55-3f7a4f1f0c21")
"""The names of comments and threads are made under this one, so they never change."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""When a feed was last changed in which nothing has ever been."""
_OPENING = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"'
    ' xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang={lang}>\n'
)


class FeedAsked(msgspec.Struct, frozen=True, kw_only=True):
    site: SiteId
    key: str | None
    """None: the whole site."""
    lang: str = ""
    """Of titles. Empty: the site's own."""


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    site: Site
    thread: Thread | None
    """None: the whole site."""
    items: list[Latest]
    threads: dict[ThreadId, Thread]


class FeedPages(PageSource):
    """`/feeds/{site}.atom` and `/feeds/{site}/{key}.atom`."""

    def __init__(self, db: Database, *, base_url: str) -> None:
        self._db, self._base = db, base_url

    @override
    def key_of(self, path: str, query: bytes) -> str | None:
        site, thread = _SITE.fullmatch(path), _THREAD.fullmatch(path)
        lang = query_of(query).get("lang", "")
        try:
            if site is not None:
                asked = feed_asked(site[1], None, lang)
            elif thread is not None:
                asked = feed_asked(thread[1], thread[2], lang)
            else:
                return None
        except Refusal:
            return None
        return msgspec.json.encode(asked).decode()

    @override
    async def render(self, key: str) -> Page:
        asked = msgspec.json.decode(key, type=FeedAsked)
        loaded = await self._db.read(partial(load_feed, asked=asked))
        mark = latest_mark(asked.site) if loaded.thread is None else thread_mark(loaded.thread.id)
        body = write_feed(loaded, asked, base=self._base)
        return Page(body=body.encode(), content_type=ATOM, about=(mark, f"site:{asked.site}"))


def feed_asked(site: str, segment: str | None, lang: str) -> FeedAsked:
    """A language that there is none of means the site's own. Raises BadThreadKey."""
    key = None if segment is None else read_key(segment)
    return FeedAsked(site=SiteId(site), key=key, lang=lang if lang in LANGS else "")


def feed_path(site: str, key: str | None = None, *, lang: str = "") -> str:
    """Where a feed is."""
    path = quote(site) if key is None else f"{quote(site)}/{quote(write_key(key), safe='')}"
    return f"/feeds/{path}.atom" + (f"?{urlencode({'lang': lang})}" if lang else "")


def load_feed(tx: sa.Connection, asked: FeedAsked) -> Loaded:
    """Raises NoSuchSite, NoSuchThread."""
    site = sites.get_site(tx, asked.site)
    if asked.key is None:
        items = latest.of_site(tx, site.id, most=ENTRIES)
        threads = sites.threads_by_id(tx, {one.ref.thread for one in items})
        return Loaded(site=site, thread=None, items=items, threads=threads)
    thread = sites.find_thread(tx, site.id, asked.key)
    if thread is None:
        raise NoSuchThread
    items = latest.of_thread(tx, thread.id, most=ENTRIES)
    return Loaded(site=site, thread=thread, items=items, threads={thread.id: thread})


def write_feed(loaded: Loaded, asked: FeedAsked, *, base: str) -> str:
    """The feed as text. `base` is our public address."""
    site, thread = loaded.site, loaded.thread
    lang = asked.lang or site.lang
    own = base + feed_path(site.id, asked.key, lang=asked.lang)
    name = f"{base}/feeds/{site.id}" if thread is None else f"thread {thread.id}"
    lines = [
        _OPENING.format(lang=quoteattr(lang)),
        f"<id>{_urn(name)}</id>\n",
        f"<title>{_text(_title(loaded, lang))}</title>\n",
        f"<updated>{_updated(loaded.items)}</updated>\n",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(own)}/>\n',
        *_alternate(loaded, lang, base),
        "<generator>Gentie</generator>\n",
        *(_item(one, loaded, lang, base) for one in loaded.items),
        "</feed>\n",
    ]
    return "".join(lines)


def _title(loaded: Loaded, lang: str) -> str:
    if loaded.thread is None:
        return in_lang("Comments on {site}", lang, site=loaded.site.name)
    title = loaded.thread.title or loaded.thread.key
    return in_lang("Comments on “{title}” — {site}", lang, title=title, site=loaded.site.name)


def _alternate(loaded: Loaded, lang: str, base: str) -> list[str]:
    """The thread as a page. A site has none of its own here."""
    if loaded.thread is None:
        place = f"{base}/rules/{quote(loaded.site.id)}"
        return [f'<link rel="related" type="text/html" href={quoteattr(place)}/>\n']
    page = base + link_to(loaded.thread)
    links = [f'<link rel="alternate" type="text/html" href={quoteattr(page)}/>\n']
    if loaded.thread.url:
        links.append(f'<link rel="related" href={quoteattr(_clean(loaded.thread.url))}/>\n')
    return links


def _updated(items: list[Latest]) -> str:
    moments = [at for one in items for at in (one.published_at, one.edited_at, one.hidden_at) if at]
    return _time(max(moments, default=_LONG_AGO))


def _item(one: Latest, loaded: Loaded, lang: str, base: str) -> str:
    name = _urn(f"comment {one.ref}")
    if one.hidden_at is not None:
        return f'<at:deleted-entry ref="{name}" when="{_time(one.hidden_at)}"/>\n'
    thread = loaded.threads[one.ref.thread]
    title = in_lang("{name} on “{title}”", lang, name=one.author.name, title=_named(thread))
    spoken = f" xml:lang={quoteattr(one.lang)}" if _LANG.fullmatch(one.lang) else ""
    link = base + link_to(thread, one.ref)
    return (
        f"<entry{spoken}>\n<id>{name}</id>\n<title{_own(lang, spoken)}>{_text(title)}</title>\n"
        f"<published>{_time(one.published_at)}</published>\n"
        f"<updated>{_time(one.edited_at or one.published_at)}</updated>\n"
        f"<author><name>{_text(one.author.name)}</name></author>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(link)}/>\n'
        f"{_in_reply_to(one.parent, thread, base)}{_enclosures(one, base)}"
        f'<content type="html">{_text(one.html)}</content>\n</entry>\n'
    )


def _enclosures(one: Latest, base: str) -> str:
    """The best form of each picture, audio and video."""
    best = [(part, part.files[0]) for part in one.parts if part.files]
    return "".join(
        f'<link rel="enclosure" type={quoteattr(file.type)} title={quoteattr(_clean(part.alt))}'
        f" href={quoteattr(base + file.url)}/>\n"
        for part, file in best
    )


def _named(thread: Thread) -> str:
    return thread.title or thread.key


def _own(lang: str, spoken: str) -> str:
    """A title is in the language of the feed, also where the comment is in another."""
    return f" xml:lang={quoteattr(lang)}" if spoken else ""


def _in_reply_to(parent: CommentRef | None, thread: Thread, base: str) -> str:
    if parent is None:
        return ""
    link = quoteattr(base + link_to(thread, parent))
    return f'<thr:in-reply-to ref="{_urn(f"comment {parent}")}" href={link} type="text/html"/>\n'


def _urn(name: str) -> str:
    return uuid5(_OURS, name).urn


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(text: str) -> str:
    return escape(_clean(text))


def _clean(text: str) -> str:
    """Without what XML cannot carry."""
    return _NOT_XML.sub("\ufffd", text)
