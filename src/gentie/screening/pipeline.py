"""Text in, verdict out: ordered phases, none of which can be skipped by breaking it."""

import logging
from collections.abc import Callable
from datetime import datetime

import msgspec

from gentie.catalogue import fulfils
from gentie.screening import patterns, rules
from gentie.screening.model import Finding, RuleSet, RuleSetVersion, Verdict
from gentie.screening.normal import Views, views_of
from gentie.screening.terms import Matcher

_log = logging.getLogger(__name__)


class CompiledRules(msgspec.Struct, frozen=True):
    """A rule set made ready. Never changed: a `Screener` swaps it for another."""

    version: str
    """For example "screening/2"."""
    rules: RuleSet
    matcher: Matcher
    good_until: datetime | None
    """When a term list begins or ends: compile again then. None: never."""


Phase = Callable[[Views, CompiledRules], list[Finding]]


def compile_rules(source: RuleSetVersion, *, now: datetime) -> CompiledRules:
    """Make a rule set ready, with the term lists that are in force at `now`.

    Takes up to a second for 100,000 terms: do it beside the requests, then swap.
    """
    lists = source.rules.terms
    return CompiledRules(
        version=source.name,
        rules=source.rules,
        matcher=Matcher(rules.in_force(lists, now=now)),
        good_until=rules.next_change(lists, now=now),
    )


def _terms(views: Views, compiled: CompiledRules) -> list[Finding]:
    return compiled.matcher.findings(views, version=compiled.version)


def _personal_data(views: Views, compiled: CompiledRules) -> list[Finding]:
    return patterns.personal_data(views, compiled.rules, version=compiled.version)


def _contacts(views: Views, compiled: CompiledRules) -> list[Finding]:
    return patterns.contacts(views, compiled.rules, version=compiled.version)


def _links(views: Views, compiled: CompiledRules) -> list[Finding]:
    return patterns.links(views, compiled.rules, version=compiled.version)


PHASES: tuple[tuple[str, Phase], ...] = (
    ("terms", _terms),
    ("personal-data", _personal_data),
    ("contacts", _contacts),
    ("links", _links),
)


@fulfils("2017-5.5d")
def screen(
    text: str, compiled: CompiledRules, *, phases: tuple[tuple[str, Phase], ...] = PHASES
) -> Verdict:
    """Screen a cleaned text (`Body.plain`); spans of findings are offsets in it.

    Never raises: a phase that breaks is named in `failed`, and the text then needs a person.
    """
    findings: list[Finding] = []
    failed: list[str] = []
    views = _views(text)
    if views is None:
        failed.append("normal")
    else:
        for name, phase in phases:
            try:
                findings += phase(views, compiled)
            except Exception as error:  # noqa: BLE001 whatever it was, a person looks at the text
                _report(name, error)
                failed.append(name)
    return rules.combine(findings, failed=failed, rule=compiled.version)


class Screener:
    """Screens by whatever rules were put in last. One for the process; safe between threads."""

    def __init__(self, compiled: CompiledRules) -> None:
        self._compiled = compiled

    @property
    def compiled(self) -> CompiledRules:
        return self._compiled

    def use(self, compiled: CompiledRules) -> None:
        """Swap the rules. A text that is being screened is finished by the ones before."""
        self._compiled = compiled

    def screen(self, text: str) -> Verdict:
        return screen(text, self._compiled)


def _views(text: str) -> Views | None:
    try:
        return views_of(text)
    except Exception as error:  # noqa: BLE001 the same
        _report("normal", error)
        return None


def _report(phase: str, error: Exception) -> None:
    """Says where it broke, and nothing of the text."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place else "?"
    _log.error("screening phase %s broke: %s in %s", phase, type(error).__name__, where)
