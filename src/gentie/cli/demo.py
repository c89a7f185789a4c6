"""`gentie demo`: a newsroom in a box, built on the first start."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, Self

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn


class Demo(Protocol):
    def told(self, **given: object) -> Self: ...
    def run_demo(
        self, *, tell: Callable[[int, int], None], announce: Callable[[str], None]
    ) -> None: ...


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, help="0: any free one.")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("data/demo"),
    help="Folder of the newsroom. A second start finds everything as it was.",
)
@click.pass_obj
def demo(instance: Demo, *, host: str | None, port: int, data: Path) -> None:
    """Build a small newsroom with people for every role, and serve it until told to stop.

    Not for real readers: its identity provider verifies nobody, its passwords lie in a file.
    """
    with _bar() as bar:
        task = bar.add_task("building the newsroom", total=None, visible=False)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=True)

        def announce(guide: str) -> None:
            bar.stop()
            click.echo(guide)

        instance.told(host=host, port=port, data=data).run_demo(tell=tell, announce=announce)


def _bar() -> Progress:
    columns = (TextColumn("· {task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=Console(stderr=True))
