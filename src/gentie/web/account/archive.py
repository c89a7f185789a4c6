"""Where an operator's link leads: claim what was imported under a name, or erase it."""

from functools import partial
from typing import Any

import sqlalchemy as sa
from litestar import Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from gentie.actions.identity.claim_archive_name import claim_archive_name
from gentie.actions.identity.erase_archive_name import erase_archive_name
from gentie.comments.archive.names import queries
from gentie.comments.archive.names.links import link_id_of, require_valid
from gentie.comments.model import ArchiveAuthor
from gentie.kernel.actor import ANYONE
from gentie.kernel.refusal import Refusal
from gentie.sites import queries as sites
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.showing import (
    Form,
    Page,
    go,
    refused_page,
    require_ours,
    show,
    to_sign_in,
)


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
    claiming = partial(claim_archive_name, token=token, key=asking.people.claim_key)
    found = await asking.act(partial(claiming, acting=asking.acting, now=asking.now))
    return show(asking, "archive_done.html", author=found.name, erased=False)


@post("/{token:str}/erase")
async def erase(token: FromPath[str], data: Form, asking: NamedDependency[Asking]) -> Page:
    """Needs no account: whoever has the link has shown enough."""
    require_ours(asking, data)
    if data.get("sure") != "yes":
        return go(f"/account/archive/{token}")
    erasing = partial(erase_archive_name, token=token, key=asking.people.claim_key)
    found = await asking.act(partial(erasing, acting=ANYONE, now=asking.now))
    return show(asking, "archive_done.html", author=found.name, erased=True)


def _look(tx: sa.Connection, token: str, asking: Asking) -> tuple[ArchiveAuthor, int]:
    """Raises BadClaimLink."""
    link = queries.find_link(tx, link_id_of(token))
    valid = require_valid(link, token, asking.people.claim_key, now=asking.now)
    return queries.get_author(tx, valid.author), queries.count_written(tx, valid.author)


_HANDLERS: list[Any] = [archive_page, claim, erase]
router = Router(
    "/account/archive",
    route_handlers=_HANDLERS,
    dependencies={"asking": Provide(provide_asking)},
    exception_handlers={Refusal: refused_page},
    include_in_schema=False,
)
routes = [router]
