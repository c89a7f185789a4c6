"""The publisher's own pages, as they would be on a newspaper's or a blog's own server.

All they know of the comments is the tag that they embed.
"""

import re
from collections.abc import Awaitable, Callable
from functools import cache, partial
from importlib import resources
from typing import Any, Final, NamedTuple

import jinja2
import sqlalchemy as sa
from litestar import MediaType, Request, Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from gentie.comments.markup import parse, render_html
from gentie.demo.building import path_of
from gentie.demo.content import Content, Site, Thread, read_content
from gentie.kernel.ids import SiteId
from gentie.kernel.texts import LANGS
from gentie.pages.keys import write_key
from gentie.sites.queries import threads_of
from gentie.storage.db import Database

Fragment = Callable[[Database, str, str, str], Awaitable[str]]
"""Site, key and language to the HTML that stands inside the tag, for readers without script."""

_RANGE: Final = re.compile(r"bytes=([0-9]{1,9})-([0-9]{1,9})?")
_OPEN: Final[dict[str, Any]] = {"open_to_all": True}
_ALSO: Final = (
    ("注册 Sign up", "/account/sign-up"),
    ("审核台 Review desk", "/console"),
    ("公开日志 Public log", "/log"),
    ("接口文档 API", "/docs"),
)


class Fragments(NamedTuple):
    thread: Fragment
    danmaku: Fragment


def router_for(fragments: Fragments) -> Router:
    return Router(
        "/",
        route_handlers=[home, front, style, film, page],
        dependencies={"fragments": Provide(lambda: fragments, sync_to_thread=False)},
        opt=_OPEN,
        include_in_schema=False,
    )


def pages_to_open() -> list[tuple[str, str]]:
    """Name and path of each page that is worth opening."""
    return [*((one.key, path_of(one)) for one in read_content().threads), *_ALSO]


@get("/")
async def home() -> Redirect:
    return Redirect("/demo")


@get("/demo", media_type=MediaType.HTML)
async def front(db: NamedDependency[Database]) -> str:
    """Everything there is to read."""
    content = read_content()
    return _render(
        "front.html",
        sites=content.sites,
        threads=content.threads,
        moved_in=await db.read(partial(_moved_in, content=content)),
        also=_ALSO,
    )


@get("/demo/paper.css", media_type="text/css")
async def style() -> Response[bytes]:
    file = resources.files("gentie.demo").joinpath("templates/paper.css")
    return Response(file.read_bytes(), headers={"cache-control": "max-age=300"})


@get("/demo/{key:str}", media_type=MediaType.HTML)
async def page(
    request: Request[Any, Any, Any],
    key: FromPath[str],
    fragments: NamedDependency[Fragments],
    db: NamedDependency[Database],
) -> str:
    """An article with its comments; a film with its danmaku, too."""
    thread = next((one for one in read_content().threads if one.key == key), None)
    if thread is None:
        raise NotFoundException
    asked = request.query_params.get("lang", "")
    lang = asked if asked in LANGS else thread.lang
    inside = await fragments.thread(db, thread.site, thread.key, lang)
    danmaku = await fragments.danmaku(db, thread.site, thread.key, lang) if thread.film else ""
    values = {"thread": thread, "site": _site_of(thread), "lang": lang}
    return _render("article.html", inside=inside, danmaku=danmaku, **values)


@get("/demo/film-7.webm", media_type="video/webm")
async def film(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The film, or the part of it that a browser wants: without parts none can go back in it."""
    whole = resources.files("gentie.demo").joinpath("templates/film-7.webm").read_bytes()
    headers = {"accept-ranges": "bytes", "cache-control": "max-age=300"}
    found = _RANGE.fullmatch(request.headers.get("range", ""))
    if found is None or int(found[1]) >= len(whole):
        return Response(whole, headers=headers)
    first, last = int(found[1]), min(int(found[2] or len(whole)), len(whole) - 1)
    headers["content-range"] = f"bytes {first}-{last}/{len(whole)}"
    return Response(whole[first : last + 1], status_code=206, headers=headers)


def _moved_in(tx: sa.Connection, content: Content) -> list[tuple[str, str]]:
    """Title and path of each page of the old site."""
    own = {thread.key for thread in content.threads}
    return [
        (thread.title, f"/t/{site.key}/{write_key(thread.key)}")
        for site in content.sites
        for thread in threads_of(tx, SiteId(site.key))
        if thread.key not in own and thread.title
    ]


def _site_of(thread: Thread) -> Site:
    return next(one for one in read_content().sites if one.key == thread.site)


def _author_of(thread: Thread) -> str:
    return next(one.name for one in read_content().people if one.id == thread.author)


def _rich(text: str) -> str:
    """Emphasis and the like, as in comments; escaped by the renderer."""
    return render_html(parse(text).nodes)


def _render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(values)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("gentie.demo"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(rich=_rich, path=path_of, author=_author_of)
    return environment
