"""`gentie check`: every obligation against the live instance."""

import asyncio
from collections.abc import Callable, Collection
from functools import partial
from typing import Protocol

import click
import msgspec
from rich.console import Console

from gentie.checks.model import Report
from gentie.checks.report.machine import as_json
from gentie.checks.report.oscal import as_oscal
from gentie.checks.report.page import as_html
from gentie.checks.report.terminal import as_tables
from gentie.checks.run import run_all
from gentie.checks.vaulted import look
from gentie.kernel.clock import utc_now
from gentie.kernel.texts import LANGS, Lang
from gentie.storage.db import Database
from gentie.vault.queries import destroyed_persons


class Instance(Protocol):
    """What the group of all commands leaves in `context.obj`.

    `destroyed` are the persons on the list that is applied again after a restore.
    """

    def open_database(self, name: str = "main") -> Database: ...
    def destroyed(self) -> Collection[str]: ...


def _print_tables(report: Report, _: Lang) -> None:
    Console().print(as_tables(report))


def _print_json(report: Report, _: Lang) -> None:
    click.echo(as_json(report))


def _print_html(report: Report, lang: Lang) -> None:
    click.echo(as_html(report, lang=lang))


def _print_oscal(report: Report, _: Lang) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(as_oscal(report))))


_FORMATS: dict[str, Callable[[Report, Lang], None]] = {
    "table": _print_tables,
    "json": _print_json,
    "html": _print_html,
    "oscal": _print_oscal,
}


@click.command()
@click.option("--format", "form", type=click.Choice([*_FORMATS]), default="table")
@click.option("--lang", type=click.Choice(LANGS), default="en", help="Language of the page.")
@click.pass_context
def check(context: click.Context, *, form: str, lang: Lang) -> None:
    """Check every duty on every site. Exits with 1 when one is violated."""
    report = asyncio.run(_report_of(context.obj))
    _FORMATS[form](report, lang)
    if report.violated:
        context.exit(1)


async def _report_of(instance: Instance) -> Report:
    """The vault is looked at in between: what was destroyed before has to be gone there."""
    db, vault, now = instance.open_database(), instance.open_database("vault"), utc_now()
    try:
        destroyed = {*instance.destroyed(), *await db.read(destroyed_persons)}
        vaulted = await vault.read(partial(look, destroyed=destroyed, now=now))
        return await db.read(partial(run_all, vaulted=vaulted, now=now))
    finally:
        await db.close()
        await vault.close()
