"""The group of all commands. A command's module is imported when the command is used."""

from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Any, Protocol, Self

import click
from typing_extensions import override


class Given(Protocol):
    """What `context.obj` can do for the options that every command has."""

    def told(self, **given: object) -> Self:
        """The same with more settings from the command line."""
        ...


class Commands(click.Group):
    """`modules` says where each command is: "serve": "gentie.cli.serve"."""

    def __init__(self, modules: Mapping[str, str], **options: Any) -> None:
        super().__init__(**options)
        self._modules = modules

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self._modules]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._modules:
            return None
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(self._modules[cmd_name]), name)
        _offer_common(command)
        return command

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, _help_of(module)) for name, module in self._modules.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _offer_common(command: click.Command) -> None:
    """Also to each command of a group: `gentie site add --data …`."""
    have = {name for param in command.params for name in param.opts}
    command.params += [one for one in _common() if not have & {*one.opts}]
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        _offer_common(one)


def _common() -> list[click.Option]:
    """--data and --config name the instance for every command."""
    return [
        click.Option(
            ["--data"],
            type=click.Path(path_type=Path),
            expose_value=False,
            is_eager=True,
            callback=_tell,
            help="Folder of the instance.",
        ),
        click.Option(
            ["--config"],
            type=click.Path(path_type=Path),
            expose_value=False,
            is_eager=True,
            callback=_tell,
            help="Settings to read instead of gentie.toml.",
        ),
    ]


def _tell(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:
    if value is not None and parameter.name is not None:
        obj: Given = context.obj
        context.obj = obj.told(**{parameter.name: value})


def _help_of(module: str) -> str:
    """The first line of the module, without importing it: "`gentie serve`: take requests."."""
    spec = import_module("importlib.util").find_spec(module)
    if spec is None or spec.origin is None:
        return ""
    line = Path(spec.origin).read_text(encoding="utf-8").split('"""')[1].splitlines()[0]
    return line.partition(": ")[2]
