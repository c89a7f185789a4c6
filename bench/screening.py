"""CPU of screening a 50-character comment with 100,000 terms, by part, and of compiling them.

    python -m bench.screening [--quick]

Comments and terms are made up from a fixed seed, three parts Chinese to one part English; every
tenth term comes from the comments.
"""

import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from random import Random
from time import process_time, thread_time_ns
from typing import TypeVar

from bench.figures import QUICK, Figure, report
from bench.texts import LENGTH, hanzi, made_up
from gentie.comments.cleaning import clean
from gentie.comments.markup import parse, render_html
from gentie.screening import patterns
from gentie.screening.model import Action, RuleSet, RuleSetVersion, State, TermList
from gentie.screening.normal import views_of
from gentie.screening.pipeline import compile_rules, screen

T = TypeVar("T")

COMMENTS, TERMS = (400, 10_000) if QUICK else (4000, 100_000)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def measure() -> Iterator[Figure]:
    chance = Random(20260301)  # noqa: S311 the same texts each time
    comments = [made_up(number, chance) for number in range(COMMENTS)]
    terms = {_term(chance, comments) for _ in range(TERMS)}
    source = RuleSetVersion(
        version=2, rules=a_rule_set(terms), state=State.LIVE, author="bench", drafted_at=NOW
    )
    before = process_time()
    compiled = compile_rules(source, now=NOW)
    took = process_time() - before
    yield Figure(what=f"compiling {len(terms):,} terms", value=took, unit="s CPU")
    views = [views_of(text) for text in comments]
    name = compiled.version
    yield from _cost("clean", clean, comments)
    yield from _cost("parse and render", lambda text: render_html(parse(text).nodes), comments)
    yield from _cost("views", views_of, comments)
    yield from _cost("terms", lambda one: compiled.matcher.findings(one, version=name), views)
    yield from _cost(
        "patterns",
        lambda view: [
            search(view, compiled.rules, version=name)
            for search in (patterns.personal_data, patterns.contacts, patterns.links)
        ],
        views,
    )
    whole = _times(lambda text: screen(text, compiled), comments)
    yield Figure(what="screening, mean", value=statistics.mean(whole), unit="us CPU", most=1000)
    yield Figure(what="screening, p99", value=_p99(whole), unit="us CPU", most=3000)


def a_rule_set(terms: set[str]) -> RuleSet:
    """One list of terms that hold."""
    words = tuple(sorted(terms))
    held = TermList(id="bench", class_id="spam", action=Action.HOLD, terms=words, reason="bench")
    return RuleSet(terms=(held,))


def _cost(part: str, work: Callable[[T], object], inputs: list[T]) -> Iterator[Figure]:
    taken = _times(work, inputs)
    note = f"p99 {_p99(taken):.1f} us"
    yield Figure(what=f"  {part}, mean", value=statistics.mean(taken), unit="us CPU", note=note)


def _times(work: Callable[[T], object], inputs: list[T]) -> list[float]:
    taken = []
    for one in inputs:
        before = thread_time_ns()
        work(one)
        taken.append((thread_time_ns() - before) / 1000)
    return taken


def _p99(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=100)[98]


def _term(chance: Random, comments: list[str]) -> str:
    length = chance.randint(2, 6)
    if chance.random() < 0.1:
        text, at = chance.choice(comments), chance.randrange(LENGTH - length)
        return text[at : at + length]
    return "".join(hanzi(chance) for _ in range(length))


if __name__ == "__main__":
    report("screening", measure)
