"""`gentie import`: bring in the comments of another service."""

import asyncio
import fcntl
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import click
import msgspec
import sqlalchemy as sa
from rich.console import Console
from rich.progress import Progress

from gentie.catalogue.regimes import get_regime
from gentie.cli.claim_keys import claim_key
from gentie.cli.claims import COMMANDS
from gentie.cli.imports.bringing import approve_all, bring_in
from gentie.cli.imports.fields import zone_of
from gentie.cli.imports.formats import FORMATS, Format, formats_like
from gentie.cli.imports.model import BadExport, Reading
from gentie.cli.imports.opening import ExportFile
from gentie.cli.imports.report import Report, moved, print_report
from gentie.cli.imports.staging import Staging
from gentie.cli.imports.urls import UrlMap, read_map
from gentie.comments.archive import queries as batches
from gentie.kernel.ids import SiteId
from gentie.screening.queries import live_rules
from gentie.sites import queries as sites
from gentie.sites.model import NoSuchSite, Site

T = TypeVar("T")
_FOLDER: Final = "imports"
"""In the data folder: files of imports under way."""


class Beside(Protocol):
    """A database open beside a running server."""

    @property
    def folder(self) -> Path: ...
    def archive_key(self) -> bytes: ...
    async def keep_contacts(self, contacts: Iterable[tuple[str, bytes]]) -> int: ...
    async def act(self, body: Callable[[sa.Connection], T]) -> T: ...
    async def read(self, body: Callable[[sa.Connection], T]) -> T: ...


class Instance(Protocol):
    def beside(self) -> AbstractAsyncContextManager[Beside]: ...


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator asked for."""

    form: Format
    file: ExportFile
    site: SiteId
    reading: Reading
    rules: UrlMap
    source: str
    pending: bool
    dry_run: bool
    preview: bool

    def source_of(self, old_site: str) -> str:
        """Names the archive that the comments of an old site are."""
        if self.source:
            return self.source
        return f"{self.form.name}:{old_site}"[:200] if old_site else self.form.name


class Unreadable(click.ClickException):
    exit_code = 2


@click.group("import")
def import_() -> None:
    """Bring in the comments of another service, as an archive.

    E-mail and network addresses are left behind. Comments that were imported before are left
    alone, so an import that was cut off is simply started again.
    """


def _options() -> list[click.Parameter]:
    """The same for each format."""
    path = click.Path(exists=True, dir_okay=False, path_type=Path)
    return [
        click.Argument(["file"], type=path),
        click.Option(["--site"], required=True, help="The site to bring them to."),
        click.Option(["--dry-run"], is_flag=True, help="Read, map and report only."),
        click.Option(["--json", "as_json"], is_flag=True, help="For scripts."),
        click.Option(["--map", "map_file"], type=path, help="Rules from old addresses to keys."),
        click.Option(["--preview-urls"], is_flag=True, help="Show where pages go; no more."),
        click.Option(["--timezone"], default="", help="Of times without one: Asia/Shanghai."),
        click.Option(["--encoding"], default="", help="Of the file, where it does not say."),
        click.Option(["--source"], default="", help="Name of the archive, to tell two apart."),
        click.Option(["--pending"], is_flag=True, help="Bring to the desk what waited there."),
        click.Option(
            ["--keep-contact"], is_flag=True, help="Seal e-mail and address into the vault."
        ),
    ]


def _command(form: Format) -> click.Command:
    @click.pass_obj
    def run(instance: Instance, /, *, as_json: bool, **given: Any) -> None:
        try:
            asked = _asked(form, **given)
            report = asyncio.run(_run(instance, asked))
        except BadExport as error:
            raise Unreadable(f"{given['file']}: {error}") from error
        if as_json:
            click.echo(msgspec.json.encode(report))
        else:
            print_report(report, dry_run=asked.dry_run)

    help_ = f"{form.title}. Brings its comments in, as an archive."
    return click.Command(form.name, params=_options(), callback=run, help=help_)


for _form in FORMATS.values():
    import_.add_command(_command(_form))
for _command_of_names in (*COMMANDS, claim_key):
    import_.add_command(_command_of_names)


def _asked(
    form: Format,
    *,
    file: Path,
    site: str,
    dry_run: bool,
    map_file: Path | None,
    preview_urls: bool,
    timezone: str,
    encoding: str,
    source: str,
    pending: bool,
    keep_contact: bool,
) -> Asked:
    try:
        zone = zone_of(timezone) if timezone else None
    except ValueError as error:
        raise click.UsageError(
            f"there is no time zone {timezone!r}: give +08:00 or Asia/Shanghai"
        ) from error
    export = ExportFile(file, encoding=encoding)
    _require_format(form, export)
    return Asked(
        form=form,
        file=export,
        site=SiteId(site),
        reading=Reading(zone=zone, contact=keep_contact),
        rules=read_map(map_file) if map_file else UrlMap(),
        source=source,
        pending=pending,
        dry_run=dry_run or preview_urls,
        preview=preview_urls,
    )


def _require_format(form: Format, file: ExportFile) -> None:
    """Say what it is, where it is something else. Raises BadExport."""
    likely = formats_like(file.head())
    if likely and form.name not in likely:
        name = likely[0]
        raise BadExport(f"this looks like {name}, not {form.name}: gentie import {name} FILE")


async def _run(instance: Instance, asked: Asked) -> Report:
    async with instance.beside() as db:
        here = await _site(db, asked.site)
        with (
            _staged(db, asked) as staging,
            _progress() as bar,
        ):
            if not staging.is_settled:
                reading = bar.add_task("reading", total=None)
                staging.fill(asked.form.read(asked.file, asked.reading), pending=asked.pending)
                staging.settle(asked.rules)
                bar.update(reading, total=1, completed=1)
            report = Report()
            report.read_in(staging)
            if asked.preview:
                report.urls = [moved(page) for page in staging.pages() if page.comments]
            if not asked.dry_run:
                await _bring_in(db, staging, asked, here, report, bar)
        return report


def _progress() -> Progress:
    """On a terminal; nothing at all in a pipe or a file."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


async def _site(db: Beside, site: SiteId) -> Site:
    try:
        return await db.read(partial(sites.get_site, site=site))
    except NoSuchSite as error:
        raise click.UsageError(f"there is no site {site!r}: see `gentie site list`") from error


async def _bring_in(
    db: Beside, staging: Staging, asked: Asked, here: Site, report: Report, bar: Progress
) -> None:
    rules = await db.read(live_rules)
    task = bar.add_task("importing", total=staging.wanted, completed=staging.done)
    portions = bring_in(db, staging, asked.site, source_of=asked.source_of, rules=rules)
    async for brought in portions:
        report.add(brought)
        bar.advance(task, brought.read)
    sources = {asked.source_of(old) for old in staging.site_names()}
    unfinished = partial(batches.unfinished_batches, site=asked.site, sources=sources)
    report.batches = await db.read(unfinished)
    report.batch = report.batches[0] if report.batches else ""
    report.waits = get_regime(here.regime).identity.required and bool(report.batches)
    if not report.waits:
        await _approve(db, report, bar)


async def _approve(db: Beside, report: Report, bar: Progress) -> None:
    task = bar.add_task("publishing", total=report.imported)
    async for left in approve_all(db, report.batches):
        bar.update(task, completed=max(0, report.imported - left))


@contextmanager
def _staged(db: Beside, asked: Asked) -> Iterator[Staging]:
    """The staging of this file: gone when all went well, kept after a crash to go on from."""
    name = _name_of(asked)
    folder = db.folder / _FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as lock:
        _take(lock)
        staging = Staging(folder / f"{name}.staging", key=db.archive_key())
        try:
            yield staging
        except (BadExport, click.ClickException):
            staging.forget()
            raise
        finally:
            (folder / f"{name}.lock").unlink(missing_ok=True)
        staging.forget()


def _take(lock: Any) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise click.ClickException("another process is importing this file") from error


def _name_of(asked: Asked) -> str:
    """The same for the same file, site and wishes, so that a new start goes on from the old."""
    wishes = (
        asked.form.name,
        asked.site,
        str(asked.reading.zone),
        asked.reading.contact,
        asked.source,
        asked.pending,
        msgspec.json.encode(asked.rules).decode(),
    )
    digest = hashlib.sha256(repr(wishes).encode())
    with asked.file.path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()[:32]
