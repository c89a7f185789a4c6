"""`gentie site`: open sites, list them, and put one under another regime."""

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

from gentie.actions.operations.alias_thread import alias_thread
from gentie.actions.operations.change_regime import change_regime
from gentie.actions.operations.merge_threads import merge_threads
from gentie.actions.operations.open_site import NewSite, open_site
from gentie.kernel.actor import OPERATOR
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal
from gentie.sites import queries
from gentie.sites.model import Site

T = TypeVar("T")


class Beside(Protocol):
    async def act(self, body: Callable[[sa.Connection], T]) -> T: ...
    async def read(self, body: Callable[[sa.Connection], T]) -> T: ...


class Instance(Protocol):
    def beside(self) -> AbstractAsyncContextManager[Beside]: ...


@click.group()
def site() -> None:
    """Open sites, list them, and put one under another regime."""


@site.command("add")
@click.argument("key")
@click.option("--name", required=True, help="As readers know it.")
@click.option("--regime", default="neutral", show_default=True)
@click.option("--test", is_flag=True, help="A test site: may choose a text not in force.")
@click.option("--lang", default="zh-CN", show_default=True)
@click.option("--origin", "origins", multiple=True, help="Web origin that may embed it.")
@click.option("--assessment", required=True, help="Id of its security assessment.")
@click.pass_obj
def add(
    instance: Instance,
    *,
    key: str,
    name: str,
    regime: str,
    test: bool,
    lang: str,
    origins: tuple[str, ...],
    assessment: str,
) -> None:
    """Open a site. Its token is shown now and never again."""
    new = NewSite(
        id=SiteId(key),
        name=name,
        regime=regime,
        test=test,
        lang=lang,
        origins=origins,
        assessment=assessment,
    )
    token = _act(instance, partial(open_site, wanted=new, acting=OPERATOR, now=utc_now()))
    click.echo(f"Site {key} is open under {regime}. Its token, shown only now:\n{token}")


@site.command("list")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def list_(instance: Instance, *, as_json: bool) -> None:
    """All sites."""
    found: list[Site] = asyncio.run(_read(instance))
    if as_json:
        shown = [{"id": s.id, "name": s.name, "regime": s.regime, "test": s.test} for s in found]
        click.echo(msgspec.json.encode(shown))
        return
    table = Table("site", "name", "regime", "test", box=None)
    for one in found:
        table.add_row(one.id, one.name, one.regime, "yes" if one.test else "")
    Console().print(table)


@site.command("regime")
@click.argument("key")
@click.argument("regime")
@click.pass_obj
def regime(instance: Instance, *, key: str, regime: str) -> None:
    """Put a site under another regime from now on. What stands keeps the stamp of its time."""
    change = partial(
        change_regime, site=SiteId(key), regime_id=regime, acting=OPERATOR, now=utc_now()
    )
    _act(instance, change)
    click.echo(f"Site {key} is under {regime} now.")


@site.command("alias")
@click.argument("key")
@click.argument("thread")
@click.argument("alias")
@click.pass_obj
def alias(instance: Instance, *, key: str, thread: str, alias: str) -> None:
    """Let ALIAS, an old address or identifier, reach the thread that THREAD names on site KEY."""
    named = partial(alias_thread, site=SiteId(key), key=thread, alias=alias)
    _act(instance, partial(named, acting=OPERATOR, now=utc_now()))
    click.echo(f"{alias} is the thread {thread} now.")


@site.command("merge-threads")
@click.argument("key")
@click.argument("thread")
@click.argument("into")
@click.pass_obj
def merge(instance: Instance, *, key: str, thread: str, into: str) -> None:
    """Move what was imported to THREAD into INTO, on site KEY; THREAD reaches that then."""
    moved = 0
    while True:
        merging = partial(merge_threads, site=SiteId(key), key=thread, into=into)
        done = _act(instance, partial(merging, acting=OPERATOR, now=utc_now()))
        moved += done.moved
        if not done.left:
            break
    click.echo(f"{moved} comments moved; {thread} is {into} now.")


def _act(instance: Instance, body: Callable[[sa.Connection], T]) -> T:
    async def act() -> T:
        async with instance.beside() as db:
            return await db.act(body)

    try:
        return asyncio.run(act())
    except Refusal as refusal:
        facts = ", ".join(f"{name} {value}" for name, value in refusal.facts.items())
        said = f"{refusal.code}: {refusal.says}" + (f" ({facts})" if facts else "")
        raise click.ClickException(said) from refusal


async def _read(instance: Instance) -> list[Site]:
    async with instance.beside() as db:
        return await db.read(queries.all_sites)
