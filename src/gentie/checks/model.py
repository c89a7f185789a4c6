"""What a check finds, and what a run of all of them says."""

import enum
from datetime import datetime

import msgspec

from gentie.catalogue.regimes import Text
from gentie.kernel.ids import SiteId


class Outcome(enum.StrEnum):
    HOLDS = "holds"
    VIOLATED = "violated"
    NO_DATA = "no data"
    """Nothing was there to examine. Never counted as holding."""


class Violation(msgspec.Struct, frozen=True):
    subject: str
    """Id of the row, so that it can be looked up. Never text, never a person's name."""
    note: str = ""
    """The facts that break the duty, for example two times."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    examined: int
    """How many rows were looked at, the good ones included."""
    violations: tuple[Violation, ...] = ()

    @property
    def outcome(self) -> Outcome:
        if self.violations:
            return Outcome.VIOLATED
        return Outcome.HOLDS if self.examined else Outcome.NO_DATA


class Result(msgspec.Struct, frozen=True, kw_only=True):
    obligation: str
    article: str
    check: str
    """Dotted name of the function, so that a reader finds what was asked."""
    title: Text
    outcome: Outcome
    examined: int
    violations: tuple[Violation, ...]


class SiteRun(msgspec.Struct, frozen=True, kw_only=True):
    site: SiteId
    policy: str
    """Regime and version, for example "cn-2022-final/1"."""
    source: str
    """Whether the regime is in force, historic, or never was."""
    test: bool
    results: tuple[Result, ...]
    unchecked: tuple[str, ...]
    """Rows that the regime carries and nobody checks yet: said in the open."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    version: str
    """Of this software."""
    sites: tuple[SiteRun, ...]

    @property
    def results(self) -> tuple[Result, ...]:
        return tuple(result for site in self.sites for result in site.results)

    @property
    def violated(self) -> bool:
        return any(result.outcome is Outcome.VIOLATED for result in self.results)

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many results there are of each outcome, also of none."""
        counts = dict.fromkeys(Outcome, 0)
        for result in self.results:
            counts[result.outcome] += 1
        return counts
