"""Which checks there are. A check registers itself with `@live_check` where it is written."""

import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module

import msgspec
import sqlalchemy as sa

from gentie.catalogue.regimes import Regime, Text
from gentie.checks import rows
from gentie.checks.model import Finding
from gentie.sites.model import Site

Run = Callable[[sa.Connection, Site, Regime], Finding]


class Check(msgspec.Struct, frozen=True, kw_only=True):
    obligations: tuple[str, ...]
    title: Text
    """What is asked, as a person would say it."""
    run: Run

    @property
    def name(self) -> str:
        return f"{self.run.__module__}.{getattr(self.run, '__qualname__', '')}"


_registered: list[Check] = []


def live_check(*obligations: str, zh: str, en: str) -> Callable[[Run], Run]:
    """Register the decorated function as the live check of `obligations`.

    It is run once for each site whose regime carries one of them. `zh` and `en` say what is asked.
    """

    def register(run: Run) -> Run:
        _registered.append(Check(obligations=obligations, title=Text(zh=zh, en=en), run=run))
        return run

    return register


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check of `gentie.checks.rows`, in the order of their names."""
    for module in pkgutil.iter_modules(rows.__path__, f"{rows.__name__}."):
        import_module(module.name)
    return tuple(sorted(_registered, key=lambda check: check.name))
