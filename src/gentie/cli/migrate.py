"""`gentie migrate`: bring the databases to this version."""

from typing import Protocol

import click


class Migrating(Protocol):
    def migrate(self) -> None: ...


@click.command()
@click.pass_obj
def migrate(instance: Migrating) -> None:
    """Bring the databases to this version; make them where there are none.

    Back them up first: there is no way back but the backup.
    """
    instance.migrate()
    click.echo("The databases are at this version.")
