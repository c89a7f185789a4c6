"""Addresses of threads that could not be answered from ready bytes: what is wrong with them."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal
from gentie.pages.keys import read_key
from gentie.pages.thread import ThreadAsked
from gentie.sites.model import BadThreadKey, NoSuchSite
from gentie.web import errors as problems
from gentie.web.account.asking import Asking
from gentie.web.problems import STATUS
from gentie.web.public.thread_html import ThreadHtml, html_asked, path_of
from gentie.web.reader import prefers_data

_ENDING = ".html"


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


HANDLERS: list[Any] = [page, fragment]
