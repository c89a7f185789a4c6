"""`gentie staff`: take staff in, and list them."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Protocol, TypeVar

import click
import msgspec
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from gentie.accounts import queries, totp
from gentie.accounts.model import Role, Staff
from gentie.accounts.passwords import hash_password
from gentie.actions.identity.open_staff import NewStaff, open_staff
from gentie.kernel.actor import OPERATOR
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal

T = TypeVar("T")


class Beside(Protocol):
    async def act(self, body: Callable[[sa.Connection], T]) -> T: ...
    async def read(self, body: Callable[[sa.Connection], T]) -> T: ...
    def factor_key(self) -> bytes: ...


class Instance(Protocol):
    def beside(self) -> AbstractAsyncContextManager[Beside]: ...


@click.group()
def staff() -> None:
    """Take staff in, and list them."""


@staff.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--site", default="", help="The only site they work on. Without: all.")
@click.option("--outside", is_flag=True, help="Somebody from outside, who can check a lone editor.")
@click.password_option(help="Asked for when it is not given.")
@click.pass_obj
def add(
    instance: Instance, *, name: str, role: str, site: str, outside: bool, password: str
) -> None:
    """Take somebody in. The second factor is shown now and never again."""
    factor = totp.new_factor()
    try:
        new = NewStaff(
            name=name,
            role=Role(role),
            stored=hash_password(password),
            factor=factor,
            outside=outside,
            site=SiteId(site) if site else None,
        )
        asyncio.run(_add(instance, new))
    except Refusal as refusal:
        raise click.ClickException(f"{refusal.code}: {refusal.says}") from refusal
    click.echo(f"{name} may sign in as {role}. For the authenticator app, shown only now:")
    click.echo(f"{totp.as_base32(factor)}\n{totp.as_uri(factor, name=name)}")


@staff.command("list")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def list_(instance: Instance, *, as_json: bool) -> None:
    """Everybody, also who has left."""
    found = asyncio.run(_read(instance))
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    table = Table("id", "name", "role", "site", "works here", box=None)
    for one in found:
        table.add_row(one.id, one.name, one.role, one.site or "all", "yes" if one.active else "")
    Console().print(table)


async def _add(instance: Instance, new: NewStaff) -> Staff:
    async with instance.beside() as db:
        take_in = partial(
            open_staff, new=new, factor_key=db.factor_key(), acting=OPERATOR, now=utc_now()
        )
        return await db.act(take_in)


async def _read(instance: Instance) -> list[Staff]:
    async with instance.beside() as db:
        return await db.read(queries.all_staff)
