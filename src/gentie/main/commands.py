"""The command line put together: which commands there are, and what they work on."""

import sys
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, Self

import click

from gentie.cli.group import Commands

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from pathlib import Path

    from gentie.ledger.keeping import Signer
    from gentie.main.beside import Beside
    from gentie.main.doctor import Finding
    from gentie.main.instance import Instance
    from gentie.media.adapters.objects import Objects
    from gentie.storage.db import Database
    from gentie.vault.keys import VaultFiles

COMMANDS = {
    "serve": "gentie.cli.serve",
    "demo": "gentie.cli.demo",
    "migrate": "gentie.cli.migrate",
    "doctor": "gentie.cli.doctor",
    "site": "gentie.cli.site",
    "staff": "gentie.cli.staff",
    "import": "gentie.cli.import_",
    "batch": "gentie.cli.batch",
    "export": "gentie.cli.export",
    "restore-site": "gentie.cli.restore_site",
    "vault": "gentie.cli.vault",
    "check": "gentie.cli.check",
    "ledger": "gentie.cli.ledger",
    "matrix": "gentie.cli.matrix",
    "version": "gentie.cli.version",
}
"""In the order of `gentie --help`."""


class Told:
    """What `context.obj` is: the instance that was named. Imports what a command really needs."""

    def __init__(self, **given: Any) -> None:
        self._given = given

    def told(self, **given: object) -> Self:
        return type(self)(**{**self._given, **given})

    def open_database(self, name: str = "main") -> "Database":
        return self._instance().open_database(name)

    def destroyed(self) -> "Collection[str]":
        return self._instance().destroyed()

    def open_vault(self) -> "Database":
        return self._instance().open_vault()

    def open_objects(self) -> "Objects":
        return self._instance().open_objects()

    def restoring(self) -> "AbstractContextManager[Path]":
        return self._instance().restoring()

    def index_key_file(self) -> "Path":
        return self._instance().index_key_file()

    def vault_files(self) -> "VaultFiles":
        return self._instance().vault_files()

    def signer(self) -> "Signer":
        return self._instance().signer()

    def beside(self) -> "AbstractAsyncContextManager[Beside]":
        from gentie.main.beside import beside  # noqa: PLC0415 as below

        return beside(self._instance())

    def alone(self) -> "AbstractContextManager[None]":
        return self._instance().alone()

    def migrate(self) -> None:
        self._instance().migrate()

    def serve(self, announce: Callable[[str], None]) -> None:
        from gentie.main.serving import serve  # noqa: PLC0415 `gentie --help` stays quick

        serve(self._instance(), announce=announce)

    def serve_live(self, announce: Callable[[str], None]) -> None:
        from gentie.main.serving import serve_live  # noqa: PLC0415 as above

        serve_live(self._instance(), announce=announce)

    def run_demo(
        self, *, tell: Callable[[int, int], None], announce: Callable[[str], None]
    ) -> None:
        from gentie.main.newsroom import ORIGIN, run_demo  # noqa: PLC0415 as above

        newsroom = self._instance(demo=True, log_origin=ORIGIN)
        run_demo(newsroom, tell=tell, announce=announce)

    def examine(self) -> Sequence["Finding"]:
        from gentie.main.doctor import examine  # noqa: PLC0415 as above

        return examine(self._instance())

    def _instance(self, **more: object) -> "Instance":
        from gentie.main.instance import Instance  # noqa: PLC0415 as above

        return Instance(**{**self._given, **more})


cli = Commands(
    COMMANDS,
    name="gentie",
    help="Comments and danmaku whose rules can be checked.",
    params=[],
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with 0, with 1 when it found or met a fault, with 2 when misused."""
    try:
        code = cli.main(arguments, obj=Told(), standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(1)
    except Exception as error:
        fault = _fault_of(error)
        if fault is None:
            raise
        click.echo(f"gentie: {error}", err=True)
        sys.exit(fault)
    sys.exit(code if isinstance(code, int) else 0)


def _fault_of(error: Exception) -> int | None:
    """How to leave after an error that is the user's to mend. None: it is ours."""
    from gentie.ledger.keeping import LogBehindMark  # noqa: PLC0415 as above
    from gentie.ledger.key import BadKey  # noqa: PLC0415 as above
    from gentie.main.instance import InstanceFault  # noqa: PLC0415 as above
    from gentie.main.settings import SettingsFault  # noqa: PLC0415 as above
    from gentie.vault.keys import KeyFault  # noqa: PLC0415 as above

    if isinstance(error, SettingsFault):
        return 2
    return 1 if isinstance(error, InstanceFault | BadKey | KeyFault | LogBehindMark) else None
