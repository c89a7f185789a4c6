"""Threads as HTML for readers without script: a fragment for other pages, and a page of our own."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from urllib.parse import quote, urlencode

import msgspec
import sqlalchemy as sa
from typing_extensions import override

from gentie.catalogue import fulfils
from gentie.comments.model import Order
from gentie.kernel.clock import Clock
from gentie.kernel.ids import CommentRef, SiteId
from gentie.kernel.refusal import Refusal
from gentie.kernel.texts import LANGS
from gentie.pages.feeds import feed_path
from gentie.pages.house import Expectation, Today, is_single, load_expectation, load_today
from gentie.pages.keys import write_key
from gentie.pages.model import Page, PageSource
from gentie.pages.thread import ThreadAsked, lasts_of, load, marks_of, query_of, thread_asked
from gentie.pages.views import Loaded, LoadedComment, ThreadView, load_comment
from gentie.sites import queries as sites
from gentie.storage.db import Database
from gentie.web.templating import render

HTML = "text/html; charset=utf-8"
A_MINUTE = 60.0
"""Seconds that figures of the day may be old."""

_FRAGMENT = re.compile(r"/embed/thread/([^/]+)/([^/]+)\.html")
_SRCSET = re.compile(r' srcset="[^"]*"')
_PAGE = re.compile(r"/t/([^/]+)/([^/]+)")


class HtmlAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A thread page in a language; with `comment`, the branch of that one first."""

    thread: ThreadAsked
    whole: bool
    """A page of its own, not a fragment."""
    lang: str = ""
    """Empty: the site's own."""
    comment: str = ""


class _Shown(msgspec.Struct, frozen=True, kw_only=True):
    loaded: Loaded
    name: str
    """Of the site."""
    expectation: Expectation
    today: Today
    single_moderator: bool
    linked: LoadedComment | None


class ThreadHtml(PageSource):
    """`/embed/thread/{site}/{key}.html` and `/t/{site}/{key}`."""

    def __init__(self, db: Database, *, clock: Clock, base_url: str = "") -> None:
        """`base_url` is where links of a fragment lead: it is read on pages of other hosts."""
        self._db, self._clock, self._base_url = db, clock, base_url

    @override
    def key_of(self, path: str, query: bytes) -> str | None:
        for pattern, whole in ((_PAGE, True), (_FRAGMENT, False)):
            if found := pattern.fullmatch(path):
                try:
                    asked = html_asked(found[1], found[2], query_of(query), whole=whole)
                except Refusal:  # the router says which (`thread_faults`)
                    return None
                return msgspec.json.encode(asked).decode()
        return None

    @override
    async def render(self, key: str) -> Page:
        asked = msgspec.json.decode(key, type=HtmlAsked)
        shown = await self._db.read(partial(_load, asked=asked, now=self._clock()))
        settled = lasts_of(settled=shown.loaded.settled)
        return Page(
            body=_write(asked, shown, base_url=self._base_url).encode(),
            content_type=HTML,
            about=marks_of(shown.loaded),
            keep=shown.loaded.thread is not None,
            lasts=min(settled, A_MINUTE) if asked.whole else settled,
        )


async def write_fragment(db: Database, site: str, key: str, lang: str, *, now: datetime) -> str:
    """What a page includes for readers without script.

    Raises:
        NoSuchSite.
    """
    asked = HtmlAsked(thread=ThreadAsked(site=SiteId(site), key=key), whole=False, lang=lang)
    return _write(asked, await db.read(partial(_load, asked=asked, now=now)))


def html_asked(site: str, segment: str, query: Mapping[str, str], *, whole: bool) -> HtmlAsked:
    """A language that there is none of means the site's own.

    Raises:
        BadThreadKey, NoSuchOrder, BadCursor, NoSuchComment: a parameter is not what it should be.
    """
    thread = thread_asked(site, segment, query)
    if comment := query.get("comment", ""):
        CommentRef.parse(comment)
    lang = next((one for one in LANGS if one == query.get("lang")), "")
    return HtmlAsked(thread=thread, whole=whole, lang=lang, comment=comment)


def path_of(thread: ThreadView | ThreadAsked, **query: str | None) -> str:
    """Where a thread's own page is."""
    given = {name: value for name, value in query.items() if value}
    path = f"/t/{quote(thread.site)}/{quote(write_key(thread.key), safe='')}"
    return f"{path}?{urlencode(given)}" if given else path


def _link(thread: ThreadView, chosen: str, /, **query: str | None) -> str:
    """`chosen` is the reader's language; it stays unless the link names another."""
    return path_of(thread, **{"lang": chosen, **query})


def _load(tx: sa.Connection, asked: HtmlAsked, *, now: datetime) -> _Shown:
    loaded = load(tx, asked.thread, now=now)
    site = sites.get_site(tx, asked.thread.site)
    linked = load_comment(tx, CommentRef.parse(asked.comment), now=now) if asked.comment else None
    return _Shown(
        loaded=loaded,
        name=site.name,
        expectation=load_expectation(tx, site.id, now=now),
        today=load_today(tx, site.id, now=now),
        single_moderator=is_single(tx),
        linked=linked if linked and linked.place.thread.id == loaded.thread else None,
    )


@fulfils("2022-4.1b")
def _write(asked: HtmlAsked, shown: _Shown, *, base_url: str = "") -> str:
    view = shown.loaded.view
    lang = asked.lang or ("zh-CN" if view.thread.lang.startswith("zh") else "en")
    html = render(
        "public/thread.html" if asked.whole else "public/fragment.html",
        lang,
        view=view,
        shown=shown,
        orders=tuple(Order),
        asked=asked,
        feed=feed_path(view.thread.site, view.thread.key, lang=asked.lang),
        site_feed=feed_path(view.thread.site, lang=asked.lang),
        compose=f"{path_of(view.thread)}/compose",
        link=partial(_link, view.thread, asked.lang),
    )
    return html if asked.whole else led_home(html, base_url)


def led_home(html: str, base_url: str) -> str:
    """Links from the root, as links to the service. No text of a comment can hold a bare quote."""
    for name in ("href", "src", "poster"):
        html = html.replace(f' {name}="/', f' {name}="{base_url}/')
    return _SRCSET.sub(lambda found: found[0].replace("/media/", f"{base_url}/media/"), html)
