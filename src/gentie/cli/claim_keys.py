"""`gentie import claim-key`: let an old site's word count on who had which account there."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import click
import msgspec
import sqlalchemy as sa

from gentie.actions.identity.add_claim_key import add_claim_key
from gentie.actions.identity.end_claim_key import end_claim_key
from gentie.comments.archive.names import queries
from gentie.comments.archive.names.statements import audience_of
from gentie.comments.model import BadClaimKey, ClaimKey
from gentie.kernel.actor import OPERATOR
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal

T = TypeVar("T")
_WHY = {
    "private": "this is a private key: it stays at the old site, which gives its public key",
    "kind": "this is no public key of Ed25519 or P-256, in PEM or as JWK",
    "known": "this key was added before; a key that has ended never counts again",
}


class Beside(Protocol):
    @property
    def public_url(self) -> str: ...
    async def act(self, body: Callable[[sa.Connection], T]) -> T: ...
    async def read(self, body: Callable[[sa.Connection], T]) -> T: ...


class Instance(Protocol):
    def beside(self) -> AbstractAsyncContextManager[Beside]: ...


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A key, with what its statements have to say."""

    kid: str
    site: SiteId
    iss: str
    aud: str
    where: str
    added_at: datetime
    ended_at: datetime | None


@click.group("claim-key")
def claim_key() -> None:
    """Public keys of old sites, which say who had which account there."""


@claim_key.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", required=True)
@click.option("--source", required=True, help="The archive, as `gentie import names` has it.")
@click.option("--where", default="", help="Address where people get a statement there.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def add(
    instance: Instance, *, file: Path, site: str, source: str, where: str, as_json: bool
) -> None:
    """Trust the site that has the private key to the public key in FILE (PEM or JWK).

    Whoever has that private key can give every name of the archive to anybody.
    """
    if where and not where.startswith(("https://", "http://")):
        raise click.UsageError("--where is an address that begins with https://")
    adding = partial(add_claim_key, site=SiteId(site), source=source, text=_text(file))
    adding = partial(adding, where=where, acting=OPERATOR, now=utc_now())
    known = asyncio.run(_add(instance, adding))
    if as_json:
        click.echo(msgspec.json.encode(known))
        return
    click.echo(f"Added. Statements say kid {known.kid}, iss {known.iss}, aud {known.aud}")


@claim_key.command("list")
@click.option("--site", default=None)
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def list_(instance: Instance, *, site: str | None, as_json: bool) -> None:
    """Which old sites are trusted, and until when some were."""
    known = asyncio.run(_list(instance, site))
    if as_json:
        click.echo(msgspec.json.encode(known))
        return
    for one in known:
        ended = f", ended {one.ended_at:%Y-%m-%d}" if one.ended_at else ""
        click.echo(f"{one.kid} for {one.iss} of {one.site}, {one.added_at:%Y-%m-%d}{ended}")
        click.echo(f"  aud {one.aud}" + (f", at {one.where}" if one.where else ""))


@claim_key.command("end")
@click.argument("kid")
@click.pass_obj
def end(instance: Instance, *, kid: str) -> None:
    """Trust the key KID no more, and let links end that its site gave out and nobody used."""
    asyncio.run(_end(instance, kid))
    click.echo("Ended.")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file}: {_WHY['kind']}") from error


async def _add(instance: Instance, adding: Callable[[sa.Connection], ClaimKey]) -> Known:
    async with instance.beside() as db:
        try:
            return _known(await db.act(adding), db.public_url)
        except BadClaimKey as refusal:
            raise click.ClickException(_WHY[str(refusal.facts["reason"])]) from refusal
        except Refusal as refusal:
            raise click.ClickException(f"{refusal.code}: {refusal.says}") from refusal


async def _list(instance: Instance, site: str | None) -> list[Known]:
    of = None if site is None else SiteId(site)
    async with instance.beside() as db:
        found = await db.read(partial(queries.list_keys, site=of))
        return [_known(one, db.public_url) for one in found]


async def _end(instance: Instance, kid: str) -> None:
    async with instance.beside() as db:
        try:
            await db.act(partial(end_claim_key, key=kid, acting=OPERATOR, now=utc_now()))
        except Refusal as refusal:
            raise click.ClickException(f"{refusal.code}: {refusal.says}") from refusal


def _known(key: ClaimKey, public_url: str) -> Known:
    return Known(
        kid=key.id,
        site=key.site,
        iss=key.source,
        aud=audience_of(public_url, key.site),
        where=key.where,
        added_at=key.added_at,
        ended_at=key.ended_at,
    )
