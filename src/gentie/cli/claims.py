"""`gentie import names` and `claim-link`: give imported names back to whom they belong."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Protocol, TypeVar

import click
import msgspec
import sqlalchemy as sa

from gentie.actions.identity.linking_names import MadeLink
from gentie.actions.identity.make_claim_link import make_claim_link
from gentie.comments.archive.names import queries
from gentie.comments.model import ArchiveAuthor
from gentie.kernel.actor import OPERATOR
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import AccountId, SiteId
from gentie.kernel.refusal import Refusal

T = TypeVar("T")


class Beside(Protocol):
    @property
    def public_url(self) -> str: ...
    def claim_key(self) -> bytes: ...
    async def act(self, body: Callable[[sa.Connection], T]) -> T: ...
    async def read(self, body: Callable[[sa.Connection], T]) -> T: ...


class Instance(Protocol):
    def beside(self) -> AbstractAsyncContextManager[Beside]: ...


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list."""

    author: str
    name: str
    source: str
    comments: int
    standing: str
    """open, claimed or erased"""


@click.command("names")
@click.option("--site", required=True)
@click.option("--find", default="", help="Part of the name.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def names(instance: Instance, *, site: str, find: str, as_json: bool) -> None:
    """Under which names comments were imported, and who has claimed theirs."""
    found = asyncio.run(_list(instance, SiteId(site), find))
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    for one in found:  # whole, however narrow the terminal: ids and archives are copied from here
        said = f"{one.author} {one.standing}, {one.comments} comments as {one.name!r}"
        click.echo(f"{said} in {one.source}")


@click.command("claim-link")
@click.argument("author")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def claim_link(instance: Instance, *, author: str, as_json: bool) -> None:
    """Make a link with which AUTHOR (see `names`) can claim or erase their comments.

    Send it to nobody but them: whoever holds it is taken for them. It works once, for 30 days.
    """
    try:
        made, url = asyncio.run(_make(instance, AccountId(author)))
    except Refusal as refusal:
        raise click.ClickException(f"{refusal.code}: {refusal.says}") from refusal
    if as_json:
        click.echo(msgspec.json.encode({"url": url, "name": made.name, "until": made.expires_at}))
    else:
        click.echo(f"For {made.name}, until {made.expires_at:%Y-%m-%d}, shown only now:\n{url}")


COMMANDS = (names, claim_link)


async def _list(instance: Instance, site: SiteId, find: str) -> list[Named]:
    async with instance.beside() as db:
        return await db.read(partial(_named, site=site, find=find))


def _named(tx: sa.Connection, site: SiteId, find: str) -> list[Named]:
    return [
        Named(
            author=one.author,
            name=one.name,
            source=one.source,
            comments=queries.count_written(tx, one.author),
            standing=_standing(one),
        )
        for one in queries.list_authors(tx, site, like=find)
    ]


def _standing(one: ArchiveAuthor) -> str:
    if one.erased_at is not None:
        return "erased"
    return "open" if one.account is None else "claimed"


async def _make(instance: Instance, author: AccountId) -> tuple[MadeLink, str]:
    async with instance.beside() as db:
        making = partial(
            make_claim_link, author=author, key=db.claim_key(), acting=OPERATOR, now=utc_now()
        )
        made = await db.act(making)
        return made, f"{db.public_url}/account/archive/{made.token}"
