"""`gentie doctor`: say what is wrong with the instance."""

from collections.abc import Sequence
from typing import Protocol

import click
import msgspec


class Finding(Protocol):
    """One thing that was looked at."""

    @property
    def level(self) -> str:
        """ok, advice or fault."""
        ...

    @property
    def says(self) -> str: ...


class Patient(Protocol):
    def examine(self) -> Sequence[Finding]: ...


_MARKS = {"ok": ("ok    ", "green"), "advice": ("advice", "yellow"), "fault": ("FAULT ", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Look at settings, folders, keys, databases and the log. Exits with 1 when one is wrong."""
    patient: Patient = context.obj
    findings = patient.examine()
    if as_json:
        told = [{"level": one.level, "says": one.says} for one in findings]
        click.echo(msgspec.json.format(msgspec.json.encode(told)))
    else:
        for one in findings:
            mark, colour = _MARKS[one.level]
            click.echo(f"{click.style(mark, fg=colour)} {one.says}")
    if any(one.level == "fault" for one in findings):
        context.exit(1)
