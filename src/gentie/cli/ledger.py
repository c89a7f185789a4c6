"""`gentie ledger`: check a public log, copy it, and go on after an old backup was restored."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import click
import msgspec
from rich.console import Console
from rich.progress import Progress

from gentie.actions.operations.note_new_epoch import note_new_epoch
from gentie.actions.operations.restore_entries import CopyDiffers, restore_entries
from gentie.decisions.model import NoSuchDecision
from gentie.decisions.queries import get
from gentie.kernel.actor import Actor, Kind
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import ActorId, DecisionId
from gentie.ledger import queries
from gentie.ledger.export import export_log
from gentie.ledger.keeping import LogBehindMark, Signer, begin_epoch, require_new_origin
from gentie.ledger.key import BadKey
from gentie.ledger.note import Checkpoint
from gentie.ledger.verify import LogUnreachable, LogUntrue, Verdict, read_copy, verify_log
from gentie.storage.db import Database

T = TypeVar("T")

OPERATOR = Actor(id=ActorId("gentie"), kind=Kind.SERVICE, scopes=frozenset({"log:recover"}))
"""Whoever may run commands on the machine holds its keys anyway."""


class Instance(Protocol):
    """What `gentie.main` puts into the click context."""

    def open_database(self) -> Database: ...
    def signer(self) -> Signer: ...


class Unreadable(click.ClickException):
    """Nothing can be said about the log."""

    exit_code = 2


@click.group()
def ledger() -> None:
    """Check the public log, copy it, or recover it."""


@ledger.command()
@click.argument("source")
@click.option("--key", default="", help="The log's key (NAME+ID+BASE64) as you got it elsewhere.")
@click.option("--memory", type=click.Path(path_type=Path), help="File that keeps what was seen.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def verify(source: str, *, key: str, memory: Path | None, as_json: bool) -> None:
    """Read the whole log at SOURCE (URL or folder) and check it against itself.

    With --memory the log must also continue what was seen the last time. Exit code 1: the log is
    not true. 2: it could not be read.
    """
    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("leaves", total=None)
        found = _checked(
            partial(
                verify_log,
                source,
                vkey=key,
                memory=memory,
                progress=lambda done, size: shown.update(task, completed=done, total=size),
            )
        )
    click.echo(msgspec.json.encode(found) if as_json else _report(found, key_given=bool(key)))


@ledger.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def export(instance: Instance, folder: Path) -> None:
    """Write the log to FOLDER as static files, at the same paths as under /log/."""
    vkey = instance.signer().key.vkey
    try:
        size = _on(instance, lambda db: db.read(partial(export_log, folder=folder, vkey=vkey)))
    except queries.NotInLog as error:
        raise click.ClickException("nothing was published yet") from error
    click.echo(f"{size:,} leaves are in {folder}")


@ledger.command()
@click.argument("decision")
@click.pass_obj
def decider(instance: Instance, decision: str) -> None:
    """Open who made DECISION, for an appeal body or an inspector: nobody else can.

    The record that its author holds only commits to it. KEY proves the answer to whoever has that
    record, and says nothing of other decisions.
    """
    if not decision.isascii() or not decision.isdigit():
        raise click.UsageError("DECISION is the number in its record.")
    try:
        kept = _on(instance, lambda db: db.read(partial(get, decision=DecisionId(decision))))
    except NoSuchDecision as error:
        raise click.ClickException("there is no such decision") from error
    click.echo(f"actor    {kept.decided_by} ({kept.decision.role})")
    click.echo(f"key      {kept.decider_key.hex()}")
    click.echo(f"decider  {kept.decision.decider}")


@ledger.command()
@click.option("--copy", "source", help="URL or folder of a copy that has what the backup lacks.")
@click.option("--new-origin", "origin", help="Go on under this name: there is no such copy.")
@click.pass_obj
def recover(instance: Instance, *, source: str | None, origin: str | None) -> None:
    """Go on after an old backup was restored (docs/operate-log.md). Stop the service first."""
    if bool(source) == bool(origin):
        raise click.UsageError("Give either --copy or --new-origin.")
    if source:
        click.echo(_recover_from_copy(instance, source))
    else:
        click.echo(_begin_epoch(instance, origin or ""))


def _recover_from_copy(instance: Instance, source: str) -> str:
    signer, mark = instance.signer(), _mark(instance.signer())
    size = _on(instance, lambda db: db.read(queries.size_of))
    copy, bodies = _checked(partial(read_copy, source, signer.key.vkey, first=size))
    if mark and mark.size > copy.size:
        raise click.ClickException(
            f"the copy has {copy.size:,} leaves, but {mark.size:,} were signed: find a longer one, "
            "or go on with --new-origin"
        )
    restored = partial(
        restore_entries, bodies=bodies, note=copy.note, acting=OPERATOR, now=utc_now()
    )
    try:
        _on(instance, lambda db: db.act(restored))
    except CopyDiffers as error:
        raise click.ClickException(str(error)) from error
    if mark is None:
        signer.mark.lay_aside()
        signer.mark.advance(copy.note)
    return f"{len(bodies):,} leaves are back; the log goes on at {copy.size:,}"


def _begin_epoch(instance: Instance, origin: str) -> str:
    signer, mark = instance.signer(), _mark(instance.signer())
    try:
        require_new_origin(signer, origin)
    except BadKey as error:
        raise click.ClickException(str(error)) from error
    noted = partial(note_new_epoch, last=mark, acting=OPERATOR, now=utc_now())
    _on(instance, lambda db: db.act(noted))
    standing = _on(instance, lambda db: db.read(partial(queries.standing, mark=None)))
    new = begin_epoch(signer, standing, origin=origin)
    return (
        f"The log goes on at {standing.size:,} leaves under a new name. Publish the new key and "
        f"the last checkpoint of the old log ({signer.mark.path}.retired-*):\n{new.key.vkey}"
    )


def _mark(signer: Signer) -> Checkpoint | None:
    """None also when it is damaged: that is one of the reasons to recover."""
    try:
        return signer.read_mark()
    except LogBehindMark:
        return None


def _on(instance: Instance, work: Callable[[Database], Awaitable[T]]) -> T:
    """Carry out `work` on the instance's database."""

    async def carry_out() -> T:
        db = instance.open_database()
        try:
            return await work(db)
        finally:
            await db.close()

    return asyncio.run(carry_out())


def _checked(look: Callable[[], T]) -> T:
    try:
        return look()
    except LogUntrue as error:
        raise click.ClickException(f"the log is NOT true: {error}") from error
    except LogUnreachable as error:
        raise Unreadable(f"the log could not be read: {error}") from error


def _report(found: Verdict, *, key_given: bool) -> str:
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in found.kinds.items())
    lines = [
        f"{found.origin}: true",
        f"  {found.size:,} leaves ({kinds or 'none'})",
        f"  root {found.root}",
        "  signature, entries, tiles of every level and root agree",
    ]
    if found.grew_from is not None:
        lines.append(f"  continues the {found.grew_from:,} leaves that were seen before")
    if not key_given:
        lines.append(f"  key (compare it with one you got elsewhere): {found.vkey}")
    return "\n".join(lines)
