"""Sites and their threads: rules, counts, and what a site's server declares."""

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Response, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from gentie.actions.operations.declare_thread import declare_thread
from gentie.kernel.clock import Clock
from gentie.kernel.ids import SiteId
from gentie.pages.house import House, load_house
from gentie.pages.keys import read_key
from gentie.pages.lists import (
    MOST_KEYS,
    MOST_RECENT,
    RECENT,
    Counts,
    CountsAsked,
    Recent,
    RecentAsked,
    load_counts,
    load_recent,
)
from gentie.sites.model import Declaration, Mode, ThreadClass
from gentie.storage.db import Database
from gentie.web.embed.writing import Writing

OPEN: dict[str, Any] = {"open_to_all": True}
PUBLIC = {"cache-control": "public, max-age=0, s-maxage=1", "access-control-allow-origin": "*"}
A_MINUTE = {"cache-control": "public, max-age=60", "access-control-allow-origin": "*"}
Keys = Annotated[list[str], QueryParameter(name="key", min_items=1, max_items=MOST_KEYS)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST_RECENT)]


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A thread as it stands."""

    site: str
    key: str
    title: str
    url: str
    kind: ThreadClass = msgspec.field(name="class")
    mode: Mode
    owner: str


class NewDeclaration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: Annotated[str, msgspec.Meta(max_length=300)]
    url: Annotated[str, msgspec.Meta(max_length=2000, pattern=r"\A(https?://[!-~]+)?\Z")]
    kind: ThreadClass = msgspec.field(name="class")
    mode: Mode
    owner: Annotated[str, msgspec.Meta(max_length=100)] = ""


@put("/sites/{site:str}/threads/{key:str}", operation_id="DeclareThread", tags=["sites"])
async def declare(
    site: FromPath[str],
    key: FromPath[str],
    data: JSONBody[NewDeclaration],
    writing: NamedDependency[Writing],
) -> Declared:
    """Say what a thread is. For the site's own server, by site token. 403 `may-not`."""
    wanted = Declaration(
        title=data.title, url=data.url, kind=data.kind, mode=data.mode, owner=data.owner
    )
    body = partial(
        declare_thread,
        site=SiteId(site),
        key=read_key(key),
        declaration=wanted,
        acting=writing.acting,
        now=writing.now,
    )
    made = await writing.act(body)
    return Declared(
        site=made.site,
        key=made.key,
        title=made.title,
        url=made.url,
        kind=made.kind,
        mode=made.mode,
        owner=made.owner,
    )


@get("/sites/{site:str}/counts", operation_id="ReadCounts", tags=["sites"], opt=OPEN)
async def counts(site: FromPath[str], key: Keys, db: NamedDependency[Database]) -> Response[Counts]:
    """How many comments threads have, up to a hundred at once: `?key=a&key=b`.

    Keys come back as they were given; one that nobody has used has 0. With ETag; may be shared.
    404 `no-such-site`, 422 `bad-thread-key`.
    """
    asked = CountsAsked(site=SiteId(site), keys=tuple(key))
    return Response(await db.read(partial(load_counts, asked=asked)), headers=PUBLIC)


@get("/sites/{site:str}/recent", operation_id="ReadRecent", tags=["sites"], opt=OPEN)
async def recent(
    site: FromPath[str], db: NamedDependency[Database], limit: Limit = RECENT
) -> Response[Recent]:
    """What was published last on a site, newest first, each with its thread and its beginning.

    With ETag; may be shared. 404 `no-such-site`.
    """
    asked = RecentAsked(site=SiteId(site), limit=limit)
    return Response(await db.read(partial(load_recent, asked=asked)), headers=PUBLIC)


@get("/sites/{site:str}/rules", operation_id="ReadRules", tags=["sites"], opt=OPEN)
async def rules(
    site: FromPath[str], db: NamedDependency[Database], clock: NamedDependency[Clock]
) -> Response[House]:
    """Grounds, windows, agreement in force, and how long a review takes."""
    house = await db.read(partial(load_house, site=SiteId(site), now=clock()))
    return Response(house, headers=A_MINUTE)


PAGES: list[Any] = [counts, recent]
HANDLERS: list[Any] = [declare, *PAGES, rules]
