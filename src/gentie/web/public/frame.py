"""The thread in a frame of ours, for pages that let no script of others in.

The second door: what is signed in here is known by a cookie that browsers keep apart for each
top-level site. Only the site's own pages may frame it.
"""

from functools import partial
from typing import Annotated, Any, Literal

from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from markupsafe import Markup

from gentie.kernel.clock import Clock
from gentie.kernel.ids import SiteId
from gentie.pages.keys import read_key
from gentie.sites.queries import get_site
from gentie.storage.db import Database
from gentie.visits.model import NotForThisPage
from gentie.visits.rules import require_trusted
from gentie.web.headers import csp_within
from gentie.web.public.thread_html import ThreadHtml
from gentie.web.reader import lang_for
from gentie.web.templating import render

Theme = Annotated[Literal["light", "dark", "auto"], QueryParameter()]


@get("/embed/frame/{site:str}/{key:str}", opt={"open_to_all": True}, include_in_schema=False)
async def frame(
    request: Request[Any, Any, Any],
    site: FromPath[str],
    key: FromPath[str],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
    base_url: NamedDependency[str],
    media_url: NamedDependency[str],
    theme: Theme = "auto",
) -> Response[str]:
    """The widget, the first page of the thread for who has no script, and nothing personal."""
    found = await db.read(partial(get_site, site=SiteId(site)))
    lang, own = lang_for(request), read_key(key)
    origins = [one for one in found.origins if _is_trusted(one, service=base_url)]
    body = render(
        "public/frame.html",
        lang,
        site=site,
        key=own,
        theme=theme,
        origins=" ".join(sorted(origins)),
        first=Markup(await _first(db, clock, site, key, lang)),  # noqa: S704 our own template's
    )
    headers = {
        "content-security-policy": csp_within(origins, media_url=media_url),
        "content-language": lang,
        "cache-control": "no-cache",
    }
    return Response(body, media_type=MediaType.HTML, headers=headers)


async def _first(db: Database, clock: Clock, site: str, key: str, lang: str) -> str:
    """The fragment that other sites' servers include, too."""
    pages = ThreadHtml(db, clock=clock)
    known = pages.key_of(f"/embed/thread/{site}/{key}.html", f"lang={lang}".encode())
    return "" if known is None else (await pages.render(known)).body.decode()


def _is_trusted(origin: str, *, service: str) -> bool:
    try:
        require_trusted(origin, service=service)
    except NotForThisPage:
        return False
    return True
