"""`gentie batch`: imports that wait for their one decision."""

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

from gentie.actions.posting.approve_import import approve_import
from gentie.actions.posting.refuse_import import refuse_import
from gentie.kernel.actor import OPERATOR, MayNot
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import is_row_id
from gentie.kernel.refusal import Refusal
from gentie.pages.imports import BatchRecord, load_imports

T = TypeVar("T")
_NOT_HERE = "on this site a person of the staff decides: a chief editor, at /console/imports"


class Beside(Protocol):
    async def act(self, body: Callable[[sa.Connection], T]) -> T: ...
    async def read(self, body: Callable[[sa.Connection], T]) -> T: ...


class Instance(Protocol):
    def beside(self) -> AbstractAsyncContextManager[Beside]: ...


@click.group()
def batch() -> None:
    """Imports that wait for a decision: list, approve or refuse them."""


@batch.command("list")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def list_(instance: Instance, *, as_json: bool) -> None:
    """What nobody has decided on, oldest first."""
    found = asyncio.run(_open_batches(instance))
    if as_json:
        click.echo(msgspec.json.encode([_row(one) for one in found]))
        return
    table = Table("batch", "site", "source", "waiting", "for review", box=None)
    for one in found:
        table.add_row(*(str(value) for value in _row(one).values()))
    Console().print(table)


@batch.command()
@click.argument("number")
@click.pass_obj
def approve(instance: Instance, number: str) -> None:
    """Publish the batch NUMBER, but for what screening found something in."""
    while _act(instance, number, partial(approve_import, acting=OPERATOR, now=utc_now())):
        pass
    click.echo(f"Batch {number} is published.")


@batch.command()
@click.argument("number")
@click.option("--reason", required=True, help="Kept with the decision.")
@click.pass_obj
def refuse(instance: Instance, number: str, *, reason: str) -> None:
    """Refuse the batch NUMBER: nothing of it becomes public."""
    left = _act(
        instance, number, partial(refuse_import, reason=reason, acting=OPERATOR, now=utc_now())
    )
    rest = f" The service goes on with {left:,} of its comments." if left else ""
    click.echo(f"Batch {number} is refused.{rest}")


def _row(record: BatchRecord) -> dict[str, str | int]:
    return {
        "batch": record.batch.id,
        "site": record.batch.site,
        "source": record.batch.source,
        "waiting": record.numbers.waiting,
        "for_review": record.numbers.for_review,
    }


async def _open_batches(instance: Instance) -> tuple[BatchRecord, ...]:
    async with instance.beside() as db:
        return await db.read(partial(load_imports, acting=OPERATOR))


def _act(instance: Instance, number: str, deciding: Callable[..., int]) -> int:
    if not is_row_id(number):
        raise click.UsageError("NUMBER is a batch of `gentie batch list`.")

    async def act() -> int:
        async with instance.beside() as db:
            return await db.act(partial(deciding, batch_id=number))

    try:
        return asyncio.run(act())
    except MayNot as refusal:
        raise click.ClickException(_NOT_HERE) from refusal
    except Refusal as refusal:
        raise click.ClickException(f"{refusal.code}: {refusal.says}") from refusal
