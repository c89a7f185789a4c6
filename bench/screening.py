"""CPU of screening a 50-character comment with 100,000 terms, by part, and of compiling them.

`python -m bench.screening` prints figures and asserts nothing. Comments and terms are made up from
a fixed seed, three parts Chinese to one part English; every tenth term comes from the comments.
"""

import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from time import process_time, thread_time_ns
from typing import TypeVar

from gentie.comments.cleaning import clean
from gentie.comments.markup import parse, render_html
from gentie.screening import patterns
from gentie.screening.model import Action, RuleSet, RuleSetVersion, State, TermList
from gentie.screening.normal import views_of
from gentie.screening.pipeline import compile_rules, screen

T = TypeVar("T")

COMMENTS, TERMS, LENGTH = 4000, 100_000, 50
NOW = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = [
    "the",
    "a",
    "of",
    "news",
    "people",
    "think",
    "article",
    "price",
    "good",
    "bad",
    "why",
    "how",
    "city",
    "road",
    "school",
    "today",
]


def main() -> None:
    chance = Random(20260301)  # noqa: S311 the same texts each time
    comments = [_comment(chance, at) for at in range(COMMENTS)]
    terms = tuple({_term(chance, comments) for _ in range(TERMS)})
    one = TermList(id="bench", class_id="spam", action=Action.HOLD, terms=terms, reason="bench")
    source = RuleSetVersion(
        version=2, rules=RuleSet(terms=(one,)), state=State.LIVE, author="bench", drafted_at=NOW
    )
    before = process_time()
    compiled = compile_rules(source, now=NOW)
    print(f"compile {len(terms):,} terms    {process_time() - before:8.2f} s")
    views = [views_of(text) for text in comments]
    name = compiled.version
    _report("clean", clean, comments)
    _report("parse and render", lambda text: render_html(parse(text).nodes), comments)
    _report("views", views_of, comments)
    _report("terms", lambda view: compiled.matcher.findings(view, version=name), views)
    _report(
        "patterns",
        lambda view: [
            search(view, compiled.rules, version=name)
            for search in (patterns.personal_data, patterns.contacts, patterns.links)
        ],
        views,
    )
    _report("screen, all in all", lambda text: screen(text, compiled), comments)


def _report(part: str, work: Callable[[T], object], inputs: list[T]) -> None:
    took = []
    for one in inputs:
        before = thread_time_ns()
        work(one)
        took.append((thread_time_ns() - before) / 1000)
    p99 = statistics.quantiles(took, n=100)[98]
    print(f"{part:22} mean {statistics.mean(took):7.1f} us   p99 {p99:7.1f} us")


def _comment(chance: Random, number: int) -> str:
    if number % 4 == 0:
        return " ".join(chance.choices(WORDS, k=LENGTH))[:LENGTH]
    return "".join(_hanzi(chance) if chance.random() > 0.1 else "，" for _ in range(LENGTH))


def _term(chance: Random, comments: list[str]) -> str:
    length = chance.randint(2, 6)
    if chance.random() < 0.1:
        text, at = chance.choice(comments), chance.randrange(LENGTH - length)
        return text[at : at + length]
    return "".join(_hanzi(chance) for _ in range(length))


def _hanzi(chance: Random) -> str:
    """Common characters come more often, as in real text."""
    return chr(0x4E00 + min(int(chance.expovariate(1 / 1500)), 20_000))


if __name__ == "__main__":
    main()
