"""Addresses of threads and feeds that ready bytes could not answer: what is wrong with them."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal
from gentie.pages.feeds import FeedPages, feed_asked
from gentie.pages.keys import read_key
from gentie.pages.thread import ThreadAsked
from gentie.sites.model import BadThreadKey, NoSuchSite
from gentie.storage.db import Database
from gentie.web import errors as problems
from gentie.web.account.asking import Asking
from gentie.web.problems import STATUS
from gentie.web.public.thread_html import ThreadHtml, html_asked, path_of
from gentie.web.reader import prefers_data

_ENDING, _FEED = ".html", ".atom"


@get("/t/{site:str}/{key:str}")
async def page(
    site: FromPath[str], key: FromPath[str], asking: NamedDependency[Asking]
) -> Response[Any]:
    """A wrong cursor, an unknown order, a site that is not there; else the page itself."""
    return await _answer(asking, site, key, whole=True)


@get("/embed/thread/{site:str}/{name:str}")
async def fragment(
    site: FromPath[str], name: FromPath[str], asking: NamedDependency[Asking]
) -> Response[Any]:
    """The same for what other pages include."""
    if not name.endswith(_ENDING):
        raise NotFoundException
    return await _answer(asking, site, name.removesuffix(_ENDING), whole=False)


@get("/feeds/{site:str}/{name:str}")
async def thread_feed(
    site: FromPath[str],
    name: FromPath[str],
    db: NamedDependency[Database],
    base_url: NamedDependency[str],
) -> Response[Any]:
    """A thread that is not there; else its feed."""
    if not name.endswith(_FEED):
        raise NotFoundException
    return await _feed(db, base_url, site, name.removesuffix(_FEED))


@get("/feeds/{name:str}")
async def site_feed(
    name: FromPath[str], db: NamedDependency[Database], base_url: NamedDependency[str]
) -> Response[Any]:
    """A site that is not there; else its feed."""
    if not name.endswith(_FEED):
        raise NotFoundException
    return await _feed(db, base_url, name.removesuffix(_FEED), None)


async def _feed(db: Database, base_url: str, site: str, segment: str | None) -> Response[Any]:
    asked = feed_asked(site, segment, "")
    made = await FeedPages(db, base_url=base_url).render(msgspec.json.encode(asked).decode())
    return Response(made.body, media_type=made.content_type)


async def _answer(asking: Asking, site: str, segment: str, *, whole: bool) -> Response[Any]:
    query = asking.request.query_params.dict()
    given = {name: str(values[-1]) for name, values in query.items()}
    try:
        asked = html_asked(site, segment, given, whole=whole)
        source = ThreadHtml(asking.db, clock=lambda: asking.now)
        found = await source.render(msgspec.json.encode(asked).decode())
    except Refusal as no:
        return _no(asking, no, site, segment)
    return Response(found.body, media_type=found.content_type)


def _no(asking: Asking, no: Refusal, site: str, segment: str) -> Response[Any]:
    """With the way to the thread from its beginning, where there is one."""
    if prefers_data(asking.request):
        return problems.refused(asking.request, no)
    back = ""
    if not isinstance(no, NoSuchSite | BadThreadKey):
        back = path_of(ThreadAsked(site=SiteId(site), key=read_key(segment)))
    return problems.page(asking.request, STATUS[type(no)], no.says, back=back)


HANDLERS: list[Any] = [page, fragment, thread_feed, site_feed]
