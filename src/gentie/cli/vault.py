"""`gentie vault`: lock the vault's keys, and open what was approved, once."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import click
import msgspec
import sqlalchemy as sa

from gentie.accounts.model import Attested
from gentie.actions.identity.open_bait import open_bait
from gentie.actions.identity.plant_bait import plant_bait
from gentie.actions.identity.remember_person import remember_person
from gentie.actions.identity.retire_index_key import retire_index_key
from gentie.actions.identity.sound_alarm import sound_alarm
from gentie.actions.identity.use_ticket import use_ticket
from gentie.cli.vaults.entering import KEEPERS, Where, enter, keeper_options
from gentie.cli.vaults.looking import Keys, look, with_watermark
from gentie.kernel.actor import VAULT
from gentie.kernel.chance import new_salt, new_secret
from gentie.kernel.clock import utc_now
from gentie.kernel.refusal import Refusal
from gentie.storage.db import Database
from gentie.vault import queries, rules
from gentie.vault.blind import fingerprint
from gentie.vault.grants import ROLES
from gentie.vault.identity import PersonSealer
from gentie.vault.keys import (
    IndexKey,
    destroy_file,
    load_or_make_index_key,
    load_private_key,
    load_public_key,
    new_private_key,
    replace_index_key,
    replace_public_key,
)
from gentie.vault.locked import lock_keys, read_locked, unlock_keys, write_locked
from gentie.vault.model import OVER_QUOTA, Disclosure, Field, QuotaReached

T = TypeVar("T")
_BAIT: Final = {Field.NAME: "赵立新", Field.PHONE: "+8613900000000"}


class Files(Protocol):
    """Where the keys lie."""

    @property
    def public(self) -> Path: ...
    @property
    def private(self) -> Path: ...
    @property
    def locked(self) -> Path: ...
    @property
    def tenant(self) -> str: ...


class Beside(Protocol):
    async def act(self, body: Callable[[sa.Connection], T]) -> T: ...
    async def read(self, body: Callable[[sa.Connection], T]) -> T: ...
    def index_key(self) -> IndexKey: ...


class Instance(Protocol):
    def beside(self) -> AbstractAsyncContextManager[Beside]: ...
    def vault_files(self) -> Files: ...
    def open_vault(self) -> Database: ...
    def index_key_file(self) -> Path: ...


@click.group()
def vault() -> None:
    """Lock the vault's keys, and open what was approved, once."""


@vault.command("lock")
@click.option("--keeper", type=click.Choice(KEEPERS), default="phrases", show_default=True)
@keeper_options
@click.pass_obj
def lock(instance: Instance, /, *, keeper: str, **where: Any) -> None:
    """Make a new key that was never whole on a disk, and put all keys under lock.

    With phrases: three officers enter one each; any two of them open. Again it makes a newer key,
    and asks for what opens the old ones first.
    """
    files = instance.vault_files()
    place = Where(tenant=files.tenant, **where)
    privates = [*_keys_so_far(files, place)]
    newest = new_private_key()
    locked = lock_keys([*privates, newest], enter(keeper, place, to_lock=True))
    write_locked(files.locked, locked)
    replace_public_key(files.public, newest.public_key())
    destroy_file(files.private)
    click.echo(
        f"Locked by {keeper}: {files.locked}. Restart what serves: it seals for the new key."
    )
    click.echo("Keep a copy of that file elsewhere: without it nothing sealed opens any more.")


@vault.command("open")
@keeper_options
@click.pass_obj
def open_(instance: Instance, /, **where: Any) -> None:
    """Show what one approved request names. Its ticket works once."""
    files = instance.vault_files()
    locked = read_locked(files.locked)
    place = Where(tenant=files.tenant, **where)
    keys = unlock_keys(locked, enter(locked.keeper, place, to_lock=False))
    ticket = click.prompt("Ticket", hide_input=True)
    try:
        lines = asyncio.run(_open(instance, ticket, keys, tenant=files.tenant))
    except Refusal as refusal:
        raise click.ClickException(f"{refusal.code}: {refusal.says}") from refusal
    click.echo("\n".join(lines))


@vault.command("status")
@click.pass_obj
def status(instance: Instance) -> None:
    """Who keeps the keys, and whether the vault's book is whole. Exits with 1 when it is not."""
    files = instance.vault_files()
    if files.locked.exists():
        locked = read_locked(files.locked)
        click.echo(f"keys: {len(locked.publics)}, kept by {locked.keeper}")
    else:
        click.echo("keys: not locked yet (`gentie vault lock`): no identity is sealed until then")
    lines = asyncio.run(_book(instance))
    broken = rules.break_of(lines)
    alarms = sum(one.event == "alarm" or one.event.startswith(OVER_QUOTA) for one in lines)
    whole = "whole" if broken is None else f"changed at line {broken}"
    click.echo(f"book: {len(lines)} lines, {whole}, {alarms} alarms")
    if broken is not None:
        raise click.exceptions.Exit(1)


@vault.command("bait")
@click.argument("name")
@click.option("--provider", required=True, help="The identity provider that it seems to be from.")
@click.option("--framework", required=True, help="The trust framework that it seems to be from.")
@click.pass_obj
def bait(instance: Instance, *, name: str, provider: str, framework: str) -> None:
    """Plant an account of nobody: whoever asks for its identity sets off the alarm."""
    try:
        asyncio.run(_bait(instance, name, provider=provider, framework=framework))
    except Refusal as refusal:
        raise click.ClickException(f"{refusal.code}: {refusal.says}") from refusal
    click.echo(f"{name} is bait. Tell only those who watch the log for vault.alarm.")


@vault.command("rotate-index")
@click.pass_obj
def rotate_index(instance: Instance) -> None:
    """Write persons down under a new key from now on. They are still found by the old one."""
    path = instance.index_key_file()
    rotated = load_or_make_index_key(path).rotated(new_salt())
    replace_index_key(path, rotated)
    click.echo(
        f"Index key {rotated.version} is in {path}. Restart what serves, then copy the file."
    )
    click.echo("Everybody moves to it when they verify again; then `gentie vault retire-index`.")


@vault.command("retire-index")
@click.argument("version", type=int)
@click.pass_obj
def retire_index(instance: Instance, *, version: int) -> None:
    """Give up an old index key that nobody is known by alone any more."""
    path = instance.index_key_file()
    key = load_or_make_index_key(path)
    if version not in {one.version for one in key.older}:
        raise click.ClickException(f"{version} is no older key of the index")
    try:
        gone = asyncio.run(_retire(instance, version))
    except Refusal as refusal:
        said = f"{refusal.code}: {refusal.says} ({refusal.facts['persons']})"
        raise click.ClickException(said) from refusal
    replace_index_key(path, key.without(version))
    click.echo(f"{gone} old marks are gone, and the key. Restart what serves.")


@vault.command("roles")
def roles() -> None:
    """What a database administrator runs once, for the vault on PostgreSQL."""
    click.echo(ROLES, nl=False)


def _keys_so_far(files: Files, place: Where) -> list[Any]:
    """The keys that are there, oldest first: locked ones, or the one of the first start."""
    if files.locked.exists():
        locked = read_locked(files.locked)
        click.echo(f"The keys are kept by {locked.keeper}. First what opens them now:")
        opened = unlock_keys(locked, enter(locked.keeper, _anybody(place), to_lock=False))
        return [opened[one] for one in locked.publics]
    return [load_private_key(files.private)] if files.private.exists() else []


def _anybody(place: Where) -> Where:
    """Who opens need not be who locks."""
    return msgspec.structs.replace(place, officers=())


async def _open(instance: Instance, ticket: str, keys: Keys, *, tenant: str) -> list[str]:
    """The ticket is used up before anything is opened, so that a crash never hides a look."""
    owner = instance.open_vault()
    try:
        async with instance.beside() as db:
            now = utc_now()
            using = partial(use_ticket, ticket=ticket, acting=VAULT, now=now)
            try:
                asked: Disclosure = await db.act(using)
            except QuotaReached:
                await db.act(partial(sound_alarm, ticket=ticket, acting=VAULT, now=now))
                raise
        shown = await owner.read(partial(look, asked=asked, keys=keys, tenant=tenant))
    finally:
        await owner.close()
    return with_watermark(asked, shown, by=asked.asked_by, now=now)


async def _retire(instance: Instance, version: int) -> int:
    owner = instance.open_vault()
    try:
        retiring = partial(retire_index_key, version=version, acting=VAULT, now=utc_now())
        return await owner.act(retiring)
    finally:
        await owner.close()


async def _book(instance: Instance) -> list[Any]:
    owner = instance.open_vault()
    try:
        return await owner.read(queries.book)
    finally:
        await owner.close()


async def _bait(instance: Instance, name: str, *, provider: str, framework: str) -> None:
    files, owner, now = instance.vault_files(), instance.open_vault(), utc_now()
    sealer = PersonSealer(load_public_key(files.public), tenant=files.tenant)
    attested = Attested(
        framework=framework,
        level="high",
        method="id_number",
        verified_at=now,
        valid_until=now + timedelta(days=3650),
    )
    try:
        async with instance.beside() as db:
            index = db.index_key()
            mark = fingerprint("bait", new_secret(), index, tenant=files.tenant)
            remember = partial(remember_person, fingerprint=mark, acting=VAULT, now=now)
            person = await owner.act(remember)
            planting = partial(plant_bait, sealed=sealer.seal(person, _BAIT), acting=VAULT, now=now)
            await owner.act(partial(planting, bait_key=index.derive("bait")))
            opening = partial(open_bait, name=name, attested=attested, provider=provider)
            await db.act(partial(opening, person=person, acting=VAULT, now=now))
    finally:
        await owner.close()
