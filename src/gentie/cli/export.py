"""`gentie export`: write a site with everything about it to a file, or its comments for others."""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple, Protocol, TypeVar

import click
import msgspec
import sqlalchemy as sa
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from gentie.kernel.ids import SiteId
from gentie.ledger.keeping import Signer
from gentie.ledger.note import BadNote
from gentie.media.adapters.objects import PUBLIC, Objects
from gentie.moving import artrans, wxr
from gentie.moving.file import lines_of, writing
from gentie.moving.media import Fetch
from gentie.moving.queries import count_comments, records_of
from gentie.moving.records.format import Record, kind_of
from gentie.sites.model import NoSuchSite

T = TypeVar("T")


class Beside(Protocol):
    """A database open beside a running server."""

    async def read(self, body: Callable[[sa.Connection], T]) -> T: ...


class Instance(Protocol):
    def beside(self) -> AbstractAsyncContextManager[Beside]: ...
    def signer(self) -> Signer: ...
    def open_objects(self) -> Objects: ...


class Report(msgspec.Struct, kw_only=True):
    """What was written."""

    site: SiteId
    format: str
    file: str
    """Empty: to standard output."""
    written: dict[str, int]
    """How many there are of each kind."""
    bytes: int
    """Before packing."""


class Keys(NamedTuple):
    """What an export needs besides the database."""

    vkey: str
    """Of the log."""
    fetch: Fetch
    """Reads the bytes of pictures, audio and video."""


Written = Iterator[tuple[bytes, str]]
"""Pieces of the file, each with the kind of thing that it ends. Empty: none."""
_Way = Callable[[sa.Connection, SiteId, Keys], Written]


@click.command("export")
@click.option("--site", required=True, help="The site to write out.")
@click.option(
    "--to",
    "file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File to write; .gz at the end packs it. Without: standard output.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["gentie", "artrans", "wxr"]),
    default="gentie",
    show_default=True,
    help="gentie: everything, to restore. artrans, wxr: the comments, for other services.",
)
@click.option("--json", "as_json", is_flag=True, help="For scripts: what was written, with --to.")
@click.pass_obj
def export(instance: Instance, *, site: str, file: Path | None, form: str, as_json: bool) -> None:
    """Write out a site. The service may go on meanwhile: the file shows one moment.

    No identity, e-mail, address, password, session or secret is in it (docs/moving-out.md).
    """
    if as_json and file is None:
        raise click.UsageError("--json needs --to: standard output is where the export goes.")
    try:
        report = asyncio.run(_write_out(instance, SiteId(site), file, form))
    except NoSuchSite as error:
        raise click.UsageError(f"there is no site {site!r}: see `gentie site list`") from error
    except BadNote as error:
        raise click.ClickException(f"the public log: {error}") from error
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    if as_json:
        click.echo(msgspec.json.encode(report))
    elif file is not None:
        _print(report)


async def _write_out(instance: Instance, site: SiteId, file: Path | None, form: str) -> Report:
    keys = Keys(instance.signer().key.vkey, partial(instance.open_objects().get_now, PUBLIC))
    async with instance.beside() as db:
        with Progress(console=Console(stderr=True), transient=True) as bar:
            writer = partial(_written, site=site, keys=keys, file=file, form=form, bar=bar)
            written, size = await db.read(writer)
    name = "" if file is None else str(file)
    return Report(site=site, format=form, file=name, written=written, bytes=size)


def _written(
    tx: sa.Connection, *, site: SiteId, keys: Keys, file: Path | None, form: str, bar: Progress
) -> tuple[dict[str, int], int]:
    """Write everything of one snapshot. Returns how many there were of each kind, and bytes."""
    task = bar.add_task("comments", total=count_comments(tx, site))
    counted, size = Counter[str](), 0
    with _opened(file) as out:
        for piece, kind in _WAYS[form](tx, site, keys):
            size += out.write(piece)
            counted[kind] += 1
            if kind == "comment":
                bar.advance(task)
    del counted[""]
    return dict(sorted(counted.items())), size


def _opened(file: Path | None) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdout.buffer) if file is None else writing(file)


def _everything(tx: sa.Connection, site: SiteId, keys: Keys) -> Written:
    kinds = list[str]()

    def noted(records: Iterable[Record]) -> Iterator[Record]:
        for record in records:
            kinds.append(kind_of(record))
            yield record

    for line in lines_of(noted(records_of(tx, site, vkey=keys.vkey, fetch=keys.fetch))):
        yield line, kinds.pop() if kinds else ""


def _print(report: Report) -> None:
    table = Table(show_header=False, box=None)
    for kind, count in report.written.items():
        table.add_row(kind.replace("_", " "), f"{count:,}")
    Console().print(table)
    click.echo(f"{report.file}: {report.bytes:,} bytes of {report.format}")


_WAYS: dict[str, _Way] = {
    "gentie": _everything,
    "artrans": lambda tx, site, _: artrans.pieces_of(tx, site),
    "wxr": lambda tx, site, _: wxr.pieces_of(tx, site),
}
