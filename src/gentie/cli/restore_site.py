"""`gentie restore-site`: put a site that was exported into an empty instance."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Protocol

import click
import msgspec
from rich.console import Console
from rich.progress import Progress

from gentie.actions.operations.restore_site import NotEmpty, Restored
from gentie.actions.operations.restore_site import restore_site as put_back
from gentie.kernel.actor import Actor, Kind
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import ActorId
from gentie.ledger.keeping import Signer
from gentie.ledger.note import read_checkpoint
from gentie.media.adapters.objects import PUBLIC, Objects
from gentie.moving.file import BadFile, read_records
from gentie.moving.media import Unpacking
from gentie.moving.records.format import Record
from gentie.moving.records.log import EarlierLog, Header, LogHead
from gentie.storage.db import Database

MOVER = Actor(
    id=ActorId("operator"),
    kind=Kind.SERVICE,
    role="operator",
    scopes=frozenset({"log:recover", "site:restore"}),
)
"""Whoever may run commands on the machine holds its keys anyway."""


class Instance(Protocol):
    def alone(self) -> AbstractContextManager[None]: ...
    def open_database(self) -> Database: ...
    def open_objects(self) -> Objects: ...
    def restoring(self) -> AbstractContextManager[Path]: ...
    def signer(self) -> Signer: ...


class Unreadable(click.ClickException):
    exit_code = 2


class _Found(msgspec.Struct, frozen=True):
    """What a first look at the whole file tells."""

    head: LogHead
    earlier: frozenset[str]
    """Names of the log before."""
    lines: int


@click.command("restore-site")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def restore_site(instance: Instance, *, file: Path, as_json: bool) -> None:
    """Put FILE, written by `gentie export`, into an empty instance, as it was.

    All of it or nothing: whatever is wrong, or if it is killed, the instance stays empty.
    """
    try:
        found = _look(file)
        _require_key(instance.signer(), found)
        with instance.alone():
            restored = asyncio.run(_restore(instance, file, found))
    except BadFile as error:
        raise Unreadable(f"{file}: {error}") from error
    except NotEmpty as error:
        raise click.ClickException(
            f"the instance is not empty ({error}): make a new one with `gentie migrate`"
        ) from error
    click.echo(msgspec.json.encode(restored) if as_json else _said(restored))


def _look(file: Path) -> _Found:
    """Read it through once: a damaged file is refused before anything is begun."""
    head, earlier, lines = None, set[str](), 0
    for record in read_records(file):
        lines += 1
        if isinstance(record, Header):
            head = record.log
        elif isinstance(record, EarlierLog):
            earlier.add(record.origin)
    if head is None:
        raise BadFile("the file is empty")
    return _Found(head, frozenset(earlier), lines)


def _require_key(signer: Signer, found: _Found) -> None:
    """Sign no second history under a name that the world knows.

    Raises:
        click.ClickException: with what to do instead.
    """
    head, key = found.head, signer.key
    mark = signer.read_mark()
    if key.vkey == head.key:
        last = read_checkpoint(head.checkpoint)
        if mark is None or (mark.size, mark.root) != (last.size, last.root):
            raise click.ClickException(
                f"{signer.mark.path} does not say that {head.size:,} leaves were signed last: "
                "bring the old instance's mark and its newest export, or take a new key and name"
            )
    elif key.origin in {head.origin, *found.earlier}:
        raise click.ClickException(
            f"another key has signed the log {key.origin!r} before: bring that key and its mark, "
            f"or remove {key.path} and set `log_origin` to a new name"
        )
    elif mark is not None and mark.size:
        raise click.ClickException(
            f"{signer.mark.path} belongs to a log of {mark.size:,} leaves: use a new keys folder"
        )


async def _restore(instance: Instance, file: Path, found: _Found) -> Restored:
    with (
        Progress(console=Console(stderr=True), transient=True) as bar,
        instance.restoring() as folder,
    ):
        task = bar.add_task("restoring", total=found.lines)
        put = partial(instance.open_objects().put_file_now, PUBLIC)
        unpacking = Unpacking(put, folder)

        def read() -> Iterator[Record]:
            bar.reset(task)
            for record in unpacking.without_bytes(read_records(file)):
                yield record
                bar.advance(task)

        return await _put_back(instance, read)


async def _put_back(instance: Instance, read: Callable[[], Iterator[Record]]) -> Restored:
    """Without a leased number: nobody else is here, and a lease could not be renewed meanwhile."""
    db = instance.open_database()
    try:
        vkey = instance.signer().key.vkey
        act = partial(put_back, read=read, vkey=vkey, acting=MOVER, now=utc_now())
        return await db.act(act)
    finally:
        await db.close()


def _said(restored: Restored) -> str:
    return (
        f"Site {restored.site} is here: {restored.threads:,} threads, "
        f"{restored.comments:,} comments, {restored.leaves:,} leaves of the log.\n"
        f"Its new token, shown only now:\n{restored.token}"
    )
