"""What people enter on the spot so that the vault's keys can be used. Kept nowhere."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from gentie.vault.adapters.openbao import OpenBao
from gentie.vault.adapters.phrases import NEEDED, OFFICERS, Phrases
from gentie.vault.adapters.token import Token
from gentie.vault.locked import Keeper

KEEPERS: Final = ("phrases", "openbao", "token")


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Where a keeper is to be found. Nothing of it is secret."""

    tenant: str
    officers: Sequence[str]
    url: str
    key: str
    module: Path | None
    label: str


def keeper_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--officer, --url, --key, --module and --label."""
    for option in (
        click.option("--officer", "officers", multiple=True, help="Who enters a phrase."),
        click.option("--url", default="", help="Address of OpenBao."),
        click.option("--key", default="gentie", show_default=True, help="Its transit key."),
        click.option("--module", type=click.Path(path_type=Path), help="Library of the token."),
        click.option("--label", default="gentie", show_default=True, help="Name of the token."),
    ):
        command = option(command)
    return command


def enter(keeper: str, where: Where, *, to_lock: bool) -> Keeper:
    """Ask those in front of the screen for what the keeper needs, one after another.

    Raises:
        click.UsageError: an option is missing.
    """
    if keeper == "openbao":
        token = click.prompt("Token of the key store", hide_input=True)
        return OpenBao(_given(where.url, "--url"), where.key, tenant=where.tenant, token=token)
    if keeper == "token":
        if where.module is None:
            raise click.UsageError("--module is needed")
        pin = click.prompt("PIN of the token", hide_input=True)
        return Token(where.module, where.label, tenant=where.tenant, pin=pin)
    wanted = OFFICERS if to_lock else NEEDED
    officers = [*where.officers] or [click.prompt("Officer") for _ in range(wanted)]
    if len({*officers}) != wanted:
        raise click.UsageError(f"{wanted} different officers are needed (--officer)")
    return Phrases({one: _phrase(one, to_lock=to_lock) for one in officers})


def _phrase(officer: str, *, to_lock: bool) -> str:
    phrase: str = click.prompt(f"Phrase of {officer}", hide_input=True, confirmation_prompt=to_lock)
    return phrase


def _given(value: str, option: str) -> str:
    if not value:
        raise click.UsageError(f"{option} is needed")
    return value
