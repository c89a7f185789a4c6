"""Which checks there are. A check registers itself with `@live_check` where it is written."""

import pkgutil
from collections.abc import Callable
from datetime import datetime
from functools import cache, wraps
from importlib import import_module
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec
import sqlalchemy as sa

from gentie.catalogue.regimes import Regime, Text
from gentie.checks.model import Finding
from gentie.checks.vaulted import Vaulted
from gentie.sites.model import Site


class Run(Protocol):
    def __call__(
        self, tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
    ) -> Finding: ...


R = TypeVar("R", bound=Run)


class Check(msgspec.Struct, frozen=True, kw_only=True):
    obligations: tuple[str, ...]
    title: Text
    """What is asked, as a person would say it."""
    run: Run

    @property
    def name(self) -> str:
        return f"{self.run.__module__}.{getattr(self.run, '__qualname__', '')}"


class Look(Protocol):
    def __call__(self, tx: sa.Connection, vaulted: Vaulted, *, now: datetime) -> Finding: ...


L = TypeVar("L", bound=Look)


class VaultCheck(msgspec.Struct, frozen=True, kw_only=True):
    """Compares what was seen in the vault with what the main database says."""

    obligations: tuple[str, ...]
    title: Text
    look: Look

    def on(self, vaulted: Vaulted | None) -> Check:
        """As a check like the others. None: nobody looked, so nothing is examined."""

        @wraps(self.look)
        def run(tx: sa.Connection, site: Site, regime: Regime, *, now: datetime) -> Finding:
            return Finding(examined=0) if vaulted is None else self.look(tx, vaulted, now=now)

        return Check(obligations=self.obligations, title=self.title, run=run)


_registered: list[Check] = []
_of_the_vault: list[VaultCheck] = []


def live_check(*obligations: str, zh: str, en: str) -> Callable[[R], R]:
    """Register the decorated function as the live check of `obligations`.

    It is run once for each site whose regime carries one of them. `zh` and `en` say what is asked.
    """

    def register(run: R) -> R:
        _registered.append(Check(obligations=obligations, title=Text(zh=zh, en=en), run=run))
        return run

    return register


def vault_check(*obligations: str, zh: str, en: str) -> Callable[[L], L]:
    """Register the decorated function as a live check of what lies in the vault's own database.

    It is of the whole service, since an identity belongs to no site.
    """

    def register(look: L) -> L:
        one = VaultCheck(obligations=obligations, title=Text(zh=zh, en=en), look=look)
        _of_the_vault.append(one)
        return look

    return register


def all_checks(vaulted: Vaulted | None = None) -> tuple[Check, ...]:
    """Every check of `gentie.checks.rows`, in the order of their names."""
    _load()
    found = (*_registered, *(one.on(vaulted) for one in _of_the_vault))
    return tuple(sorted(found, key=lambda check: check.name))


@cache
def _load() -> None:
    # By name: the rows import this module, and a package imports in one direction.
    for module in pkgutil.iter_modules([str(Path(__file__).parent / "rows")]):
        import_module(f"gentie.checks.rows.{module.name}")
