"""`gentie serve`: take requests until told to stop."""

from collections.abc import Callable
from typing import Protocol, Self

import click


class Serving(Protocol):
    def told(self, **given: object) -> Self: ...
    def serve(self, announce: Callable[[str], None]) -> None: ...
    def serve_live(self, announce: Callable[[str], None]) -> None: ...


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0: any free one.")
@click.option("--workers", type=click.IntRange(1), default=1, help="Processes.")
@click.option(
    "--role",
    type=click.Choice(["main", "live"]),
    default="main",
    help="live: only tells those who follow, beside the process that serves.",
)
@click.pass_obj
def serve(
    instance: Serving, *, host: str | None, port: int | None, workers: int, role: str
) -> None:
    """Take requests until told to stop.

    A new instance is made where there is none. SIGTERM and SIGINT finish what is under way.
    """
    if workers > 1:
        raise click.BadParameter(
            "the writer, the pages in memory and the live streams belong to one process",
            param_hint="--workers",
        )
    placed = instance.told(host=host, port=port)
    (placed.serve_live if role == "live" else placed.serve)(_announce)


def _announce(address: str) -> None:
    click.echo(f"Gentie is ready on {address}")
