"""The text version of danmaku without script: a page of its own, and a fragment for other pages."""

import re
from functools import partial
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from typing_extensions import override

from gentie.catalogue import fulfils
from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal
from gentie.pages.danmaku import EXPORTS, danmaku_mark, path_of, transcript_path
from gentie.pages.model import Page, PageSource
from gentie.pages.thread import query_of, whole_mark
from gentie.pages.transcript import (
    Transcript,
    TranscriptAsked,
    load_transcript,
    transcript_asked,
)
from gentie.storage.db import Database
from gentie.web.public.thread_html import led_home
from gentie.web.templating import render

HTML = "text/html; charset=utf-8"
_PATH = re.compile(r"/t/([^/]+)/([^/]+)/danmaku")
_FRAGMENT = re.compile(r"/embed/danmaku/([^/]+)/([^/]+)\.html")
_ENDING = ".html"


class DanmakuHtmlAsked(msgspec.Struct, frozen=True, kw_only=True):
    lines: TranscriptAsked
    whole: bool
    """A page of its own, not a fragment."""


class TranscriptPages(PageSource):
    """`/t/{site}/{key}/danmaku` and `/embed/danmaku/{site}/{key}.html`."""

    def __init__(self, db: Database, *, base_url: str = "") -> None:
        """`base_url` is where links of a fragment lead: it is read on pages of other hosts."""
        self._db, self._base_url = db, base_url

    @override
    def key_of(self, path: str, query: bytes) -> str | None:
        for pattern, whole in ((_PATH, True), (_FRAGMENT, False)):
            if found := pattern.fullmatch(path):
                try:
                    lines = transcript_asked(found[1], found[2], query_of(query))
                except Refusal:  # the router says which
                    return None
                return msgspec.json.encode(DanmakuHtmlAsked(lines=lines, whole=whole)).decode()
        return None

    @override
    async def render(self, key: str) -> Page:
        asked = msgspec.json.decode(key, type=DanmakuHtmlAsked)
        return await make_page(self._db, asked, base_url=self._base_url)


async def make_page(db: Database, asked: DanmakuHtmlAsked, *, base_url: str = "") -> Page:
    """Raises NoSuchSite, NoSuchThread."""
    shown = await db.read(partial(load_transcript, asked=asked.lines))
    thread = shown.thread
    return Page(
        body=_write(shown, asked, base_url).encode(),
        content_type=HTML,
        about=(danmaku_mark(thread.id), whole_mark(thread.id), f"site:{thread.site}"),
    )


async def write_danmaku(db: Database, site: str, key: str, lang: str) -> str:
    """What a page includes in its `gentie-danmaku`, for readers without script.

    Raises:
        NoSuchSite, NoSuchThread.
    """
    lines = TranscriptAsked(site=SiteId(site), key=key, lang=lang)
    page = await make_page(db, DanmakuHtmlAsked(lines=lines, whole=False))
    return page.body.decode()


@fulfils("2017-5.4", "2022-4.3")
def _write(shown: Transcript, asked: DanmakuHtmlAsked, base_url: str) -> str:
    thread, chosen = shown.thread, asked.lines.lang
    base = path_of(thread.site, thread.key)
    html = render(
        "public/danmaku.html" if asked.whole else "public/danmaku_fragment.html",
        shown.lang,
        shown=shown,
        thread=thread,
        clock=_clock,
        link=partial(_link, thread.site, thread.key, chosen),
        files={ending: f"{base}.{ending}" for ending in EXPORTS},
        back=transcript_path(thread.site, thread.key).removesuffix("/danmaku"),
    )
    return html if asked.whole else led_home(html, base_url)


def _link(site: str, key: str, chosen: str, /, **query: object) -> str:
    """`chosen` is the reader's language; it stays unless the link names another."""
    given = {name: value for name, value in {"lang": chosen, **query}.items() if value != ""}
    path = transcript_path(site, key)
    return f"{path}?{urlencode(given)}" if given else path


def _clock(t_ms: int) -> str:
    seconds = t_ms // 1000
    hours, rest = divmod(seconds, 3600)
    ahead = f"{hours}:" if hours else ""
    return f"{ahead}{rest // 60:02}:{rest % 60:02}"


@get("/t/{site:str}/{key:str}/danmaku")
async def transcript(
    request: Request[Any, Any, Any],
    site: FromPath[str],
    key: FromPath[str],
    db: NamedDependency[Database],
) -> Response[Any]:
    """A thread that is not there, or a wrong cursor; else the page itself."""
    return await _answer(request, db, site, key, whole=True)


@get("/embed/danmaku/{site:str}/{name:str}")
async def fragment(
    request: Request[Any, Any, Any],
    site: FromPath[str],
    name: FromPath[str],
    db: NamedDependency[Database],
) -> Response[Any]:
    """The same for what other pages include."""
    if not name.endswith(_ENDING):
        raise NotFoundException
    return await _answer(request, db, site, name.removesuffix(_ENDING), whole=False)


async def _answer(
    request: Request[Any, Any, Any], db: Database, site: str, key: str, *, whole: bool
) -> Response[Any]:
    query = request.query_params.dict()
    given = {name: str(values[-1]) for name, values in query.items()}
    asked = DanmakuHtmlAsked(lines=transcript_asked(site, key, given), whole=whole)
    made = await make_page(db, asked)
    return Response(made.body, media_type=made.content_type)


HANDLERS: list[Any] = [transcript, fragment]
