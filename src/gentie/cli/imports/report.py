"""What came of an import, for people and for scripts."""

from collections import Counter
from collections.abc import Mapping

import click
import msgspec
from rich.console import Console
from rich.table import Table

from gentie.cli.imports.bringing import Brought
from gentie.cli.imports.staging import Page, Staging

_SHOWN = ("read", "imported", "duplicates", "conflicts", "orphans", "for_review", "contacts")
_WORTH_A_HINT = {
    "pending": "waited for a decision there; bring them to the review desk with --pending",
}
_MOST_PAGES = 50


class Moved(msgspec.Struct, kw_only=True):
    """Where an old page goes."""

    old: str
    key: str
    url: str
    also: tuple[str, ...]
    comments: int


class Report(msgspec.Struct, kw_only=True):
    """What came of an import."""

    read: int = 0
    """Comments in the file."""
    pages: int = 0
    imported: int = 0
    duplicates: int = 0
    """Were imported before: left as they are, and not screened again."""
    conflicts: int = 0
    """Have the id of another comment of an archive of that name."""
    orphans: int = 0
    """Answer something that is not in the file: first comments here."""
    passed_through: int = 0
    """Answered something that is left out: they answer what that answered."""
    for_review: int = 0
    contacts: int = 0
    """Sealed into the vault."""
    skipped: dict[str, int] = msgspec.field(default_factory=dict)
    ignored: dict[str, int] = msgspec.field(default_factory=dict)
    """What the file says besides, and Gentie does not keep."""
    sites: dict[str, int] = msgspec.field(default_factory=dict)
    """Comments by old site, where the file names some."""
    batch: str = ""
    batches: list[str] = msgspec.field(default_factory=list)
    waits: bool = False
    """The batches wait for a person of the staff."""
    urls: list[Moved] = msgspec.field(default_factory=list)
    """With --preview-urls: where each page goes."""

    def read_in(self, staging: Staging) -> None:
        """What is known once everything has been read."""
        self.skipped = staging.skipped()
        self.read = staging.wanted + sum(self.skipped.values())
        self.pages = staging.page_count
        self.ignored = staging.counts("ignored")
        self.passed_through = sum(staging.counts("passed").values())
        self.orphans = sum(staging.counts("elsewhere").values())
        self.sites = staging.sites()

    def add(self, brought: Brought) -> None:
        for said in brought.imported:
            self.imported += said.imported
            self.duplicates += said.duplicates
            self.conflicts += said.conflicts
            self.orphans += said.orphans
            self.for_review += said.for_review
            if said.erased:
                self._skip({"erased by their author": said.erased})
        self.duplicates += brought.duplicates
        self.conflicts += brought.conflicts
        self.contacts += brought.contacts
        self._skip(brought.skipped)

    def _skip(self, more: Mapping[str, int]) -> None:
        self.skipped = dict(sorted((Counter(self.skipped) + Counter(more)).items()))


def moved(page: Page) -> Moved:
    return Moved(old=page.old, key=page.key, url=page.url, also=page.also, comments=page.comments)


def print_report(report: Report, *, dry_run: bool) -> None:
    table = Table(show_header=False, box=None)
    for name in ("read", "pages", "passed_through") if dry_run else _SHOWN:
        value = getattr(report, name)
        if value or name in ("read", "imported", "duplicates"):
            table.add_row(name.replace("_", " "), str(value))
    for reason, count in report.skipped.items():
        table.add_row(f"skipped: {reason}", str(count), _WORTH_A_HINT.get(reason, ""))
    for what, count in report.ignored.items():
        table.add_row(f"not kept: {what}", str(count))
    for site, count in report.sites.items() if len(report.sites) > 1 else ():
        table.add_row(f"from {site}", str(count))
    Console().print(table)
    _print_pages(report.urls)
    if report.duplicates:
        click.echo("Duplicates were imported before: left as they are, not screened again.")
    if report.conflicts:
        click.echo(
            f"{report.conflicts} have ids that other comments of this archive have. If this is"
            " another old site, name it: --source NAME."
        )
    if report.waits:
        for batch in report.batches:
            click.echo(f"Batch {batch} waits for a chief editor at /console/imports.")


def _print_pages(pages: list[Moved]) -> None:
    for one in pages[:_MOST_PAGES]:
        also = f" (also {', '.join(one.also)})" if one.also else ""
        click.echo(f"{one.old} -> {one.key}{also}: {one.comments}")
    if len(pages) > _MOST_PAGES:
        click.echo(f"… and {len(pages) - _MOST_PAGES} more; --json has all of them.")
