"""`gentie import`: bring in the comments of another service."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Protocol, TypeVar

import click
import msgspec
import sqlalchemy as sa
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from gentie.actions.posting.approve_import import approve_import
from gentie.actions.posting.import_archive import Archived, ArchivePage, Imported, import_archive
from gentie.catalogue.regimes import get_regime
from gentie.cli.imports.model import BadExport, Export
from gentie.cli.imports.ready import ready_comments, ready_page
from gentie.cli.imports.wxr import read_wxr
from gentie.kernel.actor import OPERATOR
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import SiteId
from gentie.screening.pipeline import CompiledRules, compile_rules
from gentie.screening.queries import live_rules
from gentie.sites import queries as sites
from gentie.sites.model import NoSuchSite

T = TypeVar("T")
_AT_ONCE = 200
"""Comments in one transaction: a killed import loses no more, and others write in between."""
_READERS: dict[str, Callable[[IO[bytes]], Export]] = {"wxr": read_wxr}


class Beside(Protocol):
    """A database open beside a running server."""

    async def act(self, body: Callable[[sa.Connection], T]) -> T: ...
    async def read(self, body: Callable[[sa.Connection], T]) -> T: ...


class Instance(Protocol):
    def beside(self) -> AbstractAsyncContextManager[Beside]: ...


class Report(msgspec.Struct, kw_only=True):
    """What came of an import."""

    read: int = 0
    imported: int = 0
    duplicates: int = 0
    orphans: int = 0
    for_review: int = 0
    skipped: dict[str, int] = msgspec.field(default_factory=dict)
    batch: str = ""
    waits: bool = False
    """The batch waits for a person of the staff."""


class Unreadable(click.ClickException):
    exit_code = 2


@click.command("import")
@click.argument("form", metavar="FORMAT", type=click.Choice([*_READERS]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", required=True, help="The site to bring them to.")
@click.option("--dry-run", is_flag=True, help="Read and report only.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def import_(
    instance: Instance, *, form: str, file: Path, site: str, dry_run: bool, as_json: bool
) -> None:
    """Bring in the comments of another service, as an archive.

    E-mail and network addresses are left behind. Comments that were imported before are left
    alone, so an import that was cut off is simply started again.
    """
    try:
        with file.open("rb") as opened:
            export = _READERS[form](opened)
    except BadExport as error:
        raise Unreadable(f"{file}: {error}") from error
    report = asyncio.run(_bring_in(instance, export, SiteId(site), dry_run=dry_run))
    if as_json:
        click.echo(msgspec.json.encode(report))
    else:
        _print(report, dry_run=dry_run)


async def _bring_in(instance: Instance, export: Export, site: SiteId, *, dry_run: bool) -> Report:
    async with instance.beside() as db:
        try:
            here = await db.read(partial(sites.get_site, site=site))
        except NoSuchSite as error:
            raise click.UsageError(f"there is no site {site!r}: see `gentie site list`") from error
        rules = compile_rules(await db.read(live_rules), now=utc_now())
        report = Report()
        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task("importing", total=sum(page.read for page in export.pages))
            async for imported, read in _by_slice(db, export, site, rules, report, dry_run=dry_run):
                _add(report, imported)
                bar.advance(task, read)
        report.waits = get_regime(here.regime).identity.required and bool(report.batch)
        if report.batch and not report.waits:
            await _approve(db, report.batch)
        return report


async def _by_slice(
    db: Beside,
    export: Export,
    site: SiteId,
    rules: CompiledRules,
    report: Report,
    *,
    dry_run: bool,
) -> AsyncIterator[tuple[Imported | None, int]]:
    """What came of each slice of each page, and how many comments that were."""
    skipped: Counter[str] = Counter()
    for page in export.pages:
        ready, unfit = ready_comments(page, rules)
        skipped.update(page.skipped)
        skipped.update(unfit)
        report.read += page.read
        report.skipped = dict(skipped)
        yield None, page.read - len(ready)
        onto = ready_page(page, site, export.source)
        for some in _slices(ready):
            yield None if dry_run else await _import(db, onto, some), len(some)


async def _import(db: Beside, page: ArchivePage, items: list[Archived]) -> Imported:
    act = partial(import_archive, page=page, items=items, acting=OPERATOR, now=utc_now())
    return await db.act(act)


async def _approve(db: Beside, batch: str) -> None:
    """Where no name is a duty, whoever imports decides."""
    while await db.act(partial(approve_import, batch_id=batch, acting=OPERATOR, now=utc_now())):
        pass


def _slices(items: list[Archived]) -> Iterator[list[Archived]]:
    rest = iter(items)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _add(report: Report, imported: Imported | None) -> None:
    if imported is None:
        return
    report.imported += imported.imported
    report.duplicates += imported.duplicates
    report.orphans += imported.orphans
    report.for_review += imported.for_review
    report.batch = imported.batch or report.batch


def _print(report: Report, *, dry_run: bool) -> None:
    table = Table(show_header=False, box=None)
    rows = ("read", "imported", "duplicates", "orphans", "for_review")
    for name in rows[:1] if dry_run else rows:
        table.add_row(name.replace("_", " "), str(getattr(report, name)))
    for reason, count in sorted(report.skipped.items()):
        table.add_row(f"skipped: {reason}", str(count))
    Console().print(table)
    if report.waits:
        click.echo(f"Batch {report.batch} waits for a chief editor at /console/imports.")
