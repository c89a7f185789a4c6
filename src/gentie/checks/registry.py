"""Which checks there are. A check registers itself with `@live_check` where it is written."""

import pkgutil
from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec
import sqlalchemy as sa

from gentie.catalogue.regimes import Regime, Text
from gentie.checks.model import Finding
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


_registered: list[Check] = []


def live_check(*obligations: str, zh: str, en: str) -> Callable[[R], R]:
    """Register the decorated function as the live check of `obligations`.

    It is run once for each site whose regime carries one of them. `zh` and `en` say what is asked.
    """

    def register(run: R) -> R:
        _registered.append(Check(obligations=obligations, title=Text(zh=zh, en=en), run=run))
        return run

    return register


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check of `gentie.checks.rows`, in the order of their names."""
    # By name: the rows import this module, and a package imports in one direction.
    for module in pkgutil.iter_modules([str(Path(__file__).parent / "rows")]):
        import_module(f"gentie.checks.rows.{module.name}")
    return tuple(sorted(_registered, key=lambda check: check.name))
