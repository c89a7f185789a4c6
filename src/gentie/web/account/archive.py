"""One's own past elsewhere: claim what was imported under a name, or have it erased.

What leads here is a link of the operator, or the old site's word (`statement`).
Both as pages and as JSON.
"""

from functools import partial
from typing import Any, Final

import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from gentie.actions.identity.claim_archive_name import claim_archive_name
from gentie.actions.identity.erase_archive_name import erase_archive_name
from gentie.actions.identity.linking_names import MadeLink
from gentie.actions.identity.settling_names import Settled
from gentie.actions.identity.take_statement import take_statement
from gentie.comments.archive.names import queries
from gentie.comments.archive.names.links import link_id_of, require_valid
from gentie.comments.model import ArchiveAuthor, ClaimKey
from gentie.kernel.actor import ANYONE
from gentie.kernel.refusal import Refusal
from gentie.sites import queries as sites
from gentie.sites.model import Site
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.proving import count_statement
from gentie.web.account.showing import (
    Form,
    Page,
    go,
    refused_page,
    require_ours,
    show,
    to_sign_in,
)
from gentie.web.account.views import ClaimLinkMade, ImportedName, Receipt, StatementRequest

HERE: Final = "/account/archive"
_PRIVATE: Final = {"cache-control": "no-store"}


@get("/")
async def past_page(asking: NamedDependency[Asking]) -> Page:
    """What one has claimed, and how to come by more."""
    mine: list[tuple[ArchiveAuthor, str]] = []
    if asking.is_commenter:
        mine = await asking.read(partial(_mine, asking=asking))
    ways = await asking.read(_ways)
    return show(asking, "past.html", mine=mine, ways=ways, signed_in=asking.is_commenter)


@get("/statement")
async def statement_page(asking: NamedDependency[Asking]) -> Page:
    """Where the old site's link leads. Looking uses nothing up: programs follow links, too."""
    statement = asking.request.query_params.get("statement", "")
    return show(asking, "statement.html", statement=statement)


@post("/statement")
async def statement(data: Form, asking: NamedDependency[Asking]) -> Page:
    require_ours(asking, data)
    made = await _state(asking, data.get("statement", "").strip())
    return go(f"{HERE}/{made.token}")


@get("/{token:str}")
async def archive_page(token: FromPath[str], asking: NamedDependency[Asking]) -> Page:
    """What the link is about. Looking changes nothing."""
    found, comments = await asking.read(partial(_look, token=token, asking=asking))
    site = await asking.read(partial(sites.get_site, site=found.site))
    return show(
        asking,
        "archive.html",
        token=token,
        author=found.name,
        site=site.name,
        comments=comments,
        signed_in=asking.is_commenter,
    )


@post("/{token:str}/claim")
async def claim(token: FromPath[str], data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    return _done(asking, await _take_over(asking, token))


@post("/{token:str}/erase")
async def erase(token: FromPath[str], data: Form, asking: NamedDependency[Asking]) -> Page:
    """Needs no account: whoever has the link has shown enough."""
    require_ours(asking, data)
    if data.get("sure") != "yes":
        return go(f"{HERE}/{token}")
    return _done(asking, await _have_erased(asking, token))


@post("/statements", operation_id="StateArchiveAccount")
async def statements(
    data: JSONBody[StatementRequest], asking: NamedDependency[Asking]
) -> Response[ClaimLinkMade]:
    """Hand over the old site's word on who had which account there: once, for an hour's link.

    For the old site's own program: it sends the person to `url`. Answers 403 `bad-statement`
    with the reason, 404 `no-such-archive-author`, 409 `name-claimed`, or 429.
    """
    made = await _state(asking, data.statement.strip())
    body = ClaimLinkMade(
        token=made.token,
        url=f"{asking.people.access.base_url}{HERE}/{made.token}",
        name=made.name,
        site=made.site,
        expires_at=made.expires_at,
    )
    return Response(body, status_code=201, headers=_PRIVATE)


@get("/links/{token:str}", operation_id="ReadArchiveLink")
async def archive_link(
    token: FromPath[str], asking: NamedDependency[Asking]
) -> Response[ImportedName]:
    """What a link is about. Looking changes nothing. Answers 403 `bad-claim-link`."""
    found, comments = await asking.read(partial(_look, token=token, asking=asking))
    body = ImportedName(name=found.name, site=found.site, source=found.source, comments=comments)
    return Response(body, headers=_PRIVATE)


@post("/links/{token:str}/claim", operation_id="ClaimArchiveName", status_code=200)
async def claim_name(token: FromPath[str], asking: NamedDependency[Asking]) -> Response[Receipt]:
    """Join what was imported under the name to one's account. The comments follow within moments.

    Answers 403 `bad-claim-link` or `may-not` (without an account), 409 `name-claimed`.
    """
    return Response(Receipt.of(await _take_over(asking, token)), headers=_PRIVATE)


@post("/links/{token:str}/erase", operation_id="EraseArchiveName", status_code=200)
async def erase_name(token: FromPath[str], asking: NamedDependency[Asking]) -> Response[Receipt]:
    """Destroy texts and name for good. Needs no account. Answers like claiming."""
    return Response(Receipt.of(await _have_erased(asking, token)), headers=_PRIVATE)


async def _state(asking: Asking, statement: str) -> MadeLink:
    """Take a statement, once. Raises BadStatement, NoSuchArchiveAuthor, NameClaimed, TooMany."""
    await count_statement(asking)
    taking = partial(
        take_statement,
        token=statement,
        public_url=asking.people.access.base_url,
        archive_key=asking.people.archive_key,
        claim_key=asking.people.claim_key,
    )
    acting = asking.acting if asking.is_commenter else ANYONE
    return await asking.act(partial(taking, acting=acting, now=asking.now))


async def _take_over(asking: Asking, token: str) -> Settled:
    """Raises MayNot, BadClaimLink, NameClaimed."""
    claiming = partial(claim_archive_name, token=token, key=asking.people.claim_key)
    return await asking.act(partial(claiming, acting=asking.acting, now=asking.now))


async def _have_erased(asking: Asking, token: str) -> Settled:
    """Who is signed in finds a notice afterwards. Raises BadClaimLink, NameClaimed."""
    acting = asking.acting if asking.is_commenter else ANYONE
    erasing = partial(erase_archive_name, token=token, key=asking.people.claim_key)
    return await asking.act(partial(erasing, acting=acting, now=asking.now))


def _look(tx: sa.Connection, token: str, asking: Asking) -> tuple[ArchiveAuthor, int]:
    """Whose comments a link is about, and how many. Raises BadClaimLink."""
    link = queries.find_link(tx, link_id_of(token))
    valid = require_valid(link, token, asking.people.claim_key, now=asking.now)
    return queries.get_author(tx, valid.author), queries.count_written(tx, valid.author)


def _done(asking: Asking, settled: Settled) -> Page:
    return show(
        asking,
        "archive_done.html",
        author=settled.name,
        erased=settled.claim.wish == "erase",
        receipt=Receipt.of(settled),
    )


def _mine(tx: sa.Connection, asking: Asking) -> list[tuple[ArchiveAuthor, str]]:
    found = queries.claimed_by(tx, asking.acting.account)
    return [(one, sites.get_site(tx, one.site).name) for one in found]


def _ways(tx: sa.Connection) -> list[tuple[ClaimKey, Site]]:
    """Old sites that give out statements, and say where."""
    keys = queries.list_keys(tx, None)
    return [
        (one, sites.get_site(tx, one.site)) for one in keys if one.where and one.ended_at is None
    ]


_PAGES: list[Any] = [past_page, statement_page, statement, archive_page, claim, erase]
_API: list[Any] = [statements, archive_link, claim_name, erase_name]
pages = Router(
    HERE,
    route_handlers=_PAGES,
    dependencies={"asking": Provide(provide_asking)},
    exception_handlers={Refusal: refused_page},
    include_in_schema=False,
)
api = Router(
    "/api/v1/archive",
    route_handlers=_API,
    dependencies={"asking": Provide(provide_asking)},
    tags=["archive"],
)
routes = [pages, api]
