"""`gentie matrix`: which duty is met by which code, test and check, and which is not."""

from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import gentie
from gentie.catalogue.marks import Mark, find_marks
from gentie.catalogue.matrix import Row, counts_of, faults_of, rows_of
from gentie.catalogue.obligations import obligations
from gentie.catalogue.statuses import Status, once_met, statuses

_COLOURS = {
    Status.MET: "green",
    Status.PARTIAL: "yellow",
    Status.PLANNED: "dim",
    Status.ORGANISATIONAL: "cyan",
}


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    rows: list[Row]
    counts: dict[Status, int]
    faults: list[str]
    tests_seen: bool
    """False: the tests are not shipped here, so nothing is said about them."""


def read_matrix() -> Matrix:
    """Read the catalogue and the marks of this installation."""
    package = Path(gentie.__file__).parent
    tests = package.parent.parent / "tests"
    seen = (tests.parent / "pyproject.toml").exists() and tests.is_dir()
    return join_matrix(find_marks([package, tests] if seen else [package]), tests_seen=seen)


def join_matrix(marks: list[Mark], *, tests_seen: bool) -> Matrix:
    rows = rows_of(obligations(), statuses(), marks)
    faults = faults_of(rows, statuses(), marks, once_met=once_met(), tests_seen=tests_seen)
    return Matrix(rows=rows, counts=counts_of(rows), faults=[*faults], tests_seen=tests_seen)


@click.command()
@click.option("--check", is_flag=True, help="Say only what is claimed and not so; exit 1 if any.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_context
def matrix(context: click.Context, *, check: bool, as_json: bool) -> None:
    """List every obligation with its status, code, tests and live check."""
    read = read_matrix()
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(read)))
    else:
        _show(read, faults_only=check)
    if check and read.faults:
        context.exit(1)


def _show(read: Matrix, *, faults_only: bool) -> None:
    console = Console()
    if not faults_only:
        console.print(_table_of(read.rows))
    if not read.tests_seen:
        console.print("The tests are not part of this installation: nothing is said about them.")
    for fault in read.faults:
        console.print(fault, style="red", markup=False)
    console.print(", ".join(f"{number} {status}" for status, number in read.counts.items()))


def _table_of(rows: list[Row]) -> Table:
    table = Table("row", "article", "status", "code", "tests", "checks", "says")
    for row in rows:
        numbers = [str(len(one) or "") for one in (row.code, row.tests, row.checks)]
        status = f"[{_COLOURS[row.status]}]{row.status}"
        table.add_row(row.id, row.article, status, *numbers, escape(row.says))
    return table
