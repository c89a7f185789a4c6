"""Sites and their threads: rules, counts, and what a site's server declares."""

from functools import partial
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from litestar import Response, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from gentie.actions.operations.declare_thread import declare_thread
from gentie.comments.queries import count_published
from gentie.kernel.clock import Clock
from gentie.kernel.ids import SiteId
from gentie.pages.house import House, load_house
from gentie.pages.keys import read_key
from gentie.sites import queries
from gentie.sites.model import Declaration, Mode, ThreadClass
from gentie.storage.db import Database
from gentie.web.embed.writing import Writing

OPEN: dict[str, Any] = {"open_to_all": True}
MOST_KEYS = 100
A_MOMENT = {"cache-control": "public, max-age=5", "access-control-allow-origin": "*"}
A_MINUTE = {"cache-control": "public, max-age=60", "access-control-allow-origin": "*"}
Keys = Annotated[list[str], QueryParameter(name="key", max_items=MOST_KEYS)]


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


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    counts: dict[str, int]


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
    """How many comments threads have, up to a hundred at once: `?key=a&key=b`."""
    found = await db.read(partial(_counts, site=SiteId(site), keys=key))
    return Response(Counts(counts=found), headers=A_MOMENT)


@get("/sites/{site:str}/rules", operation_id="ReadRules", tags=["sites"], opt=OPEN)
async def rules(
    site: FromPath[str], db: NamedDependency[Database], clock: NamedDependency[Clock]
) -> Response[House]:
    """Grounds, windows, agreement in force, and how long a review takes."""
    house = await db.read(partial(load_house, site=SiteId(site), now=clock()))
    return Response(house, headers=A_MINUTE)


def _counts(tx: sa.Connection, site: SiteId, keys: list[str]) -> dict[str, int]:
    queries.get_site(tx, site)
    found = {key: queries.find_thread(tx, site, read_key(key)) for key in keys}
    return {key: count_published(tx, one.id) if one else 0 for key, one in found.items()}


HANDLERS: list[Any] = [declare, counts, rules]
