"""`gentie version`: say which version this is."""

import click
import msgspec

from gentie import __version__


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def version(*, as_json: bool) -> None:
    """Say which version this is."""
    told = msgspec.json.encode({"version": __version__}).decode()
    click.echo(told if as_json else f"Gentie {__version__}")
