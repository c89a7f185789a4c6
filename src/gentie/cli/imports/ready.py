"""Texts made ready for the act: as they are typed here, cleaned, parsed and screened.

That is most of the work of an import, so big ones have it done by other processes.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from multiprocessing import get_context
from typing import Final, Protocol

from gentie.accounts.names import BadName, clean_name
from gentie.actions.posting.make_draft import Draft, make_draft, make_line
from gentie.cli.imports.html_text import typed_text
from gentie.cli.imports.model import Markup
from gentie.comments.cleaning import BadText, TextEmpty, TextTooLong
from gentie.kernel.characters import drop_invisible, is_sound, is_visible
from gentie.screening.model import RuleSetVersion
from gentie.screening.pipeline import CompiledRules, compile_rules

NOBODY: Final = "Anonymous"
_LONGEST_NAME: Final = 24
_LONGEST_TITLE: Final = 300
_FEW: Final = 1000
"""Comments for which starting processes costs more than it saves."""
_MOST_WORKERS: Final = 4
Texts = Sequence[tuple[str, Markup]]
Drafts = list[Draft | str]
"""A code instead of a draft: why the text cannot be taken in."""


class Drafting(Protocol):
    def submit(self, texts: Texts) -> "Future[Drafts]": ...


@contextmanager
def drafting(rules: RuleSetVersion, comments: int, *, now: datetime) -> Iterator[Drafting]:
    """Somebody who makes drafts: this process for a few, others for many."""
    if comments <= _FEW:
        yield _Here(compile_rules(rules, now=now))
        return
    workers = max(1, min(_MOST_WORKERS, os.cpu_count() or 1))
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(rules, now)
    )
    try:
        yield _There(pool)
    finally:
        pool.shutdown(cancel_futures=True)


class _Here:
    def __init__(self, rules: CompiledRules) -> None:
        self._rules = rules

    def submit(self, texts: Texts) -> "Future[Drafts]":
        made: Future[Drafts] = Future()
        made.set_result(drafts_of(texts, self._rules))
        return made


class _There:
    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def submit(self, texts: Texts) -> "Future[Drafts]":
        return self._pool.submit(_draft, texts) if texts else _nothing()


def _nothing() -> "Future[Drafts]":
    """Without waking a process."""
    made: Future[Drafts] = Future()
    made.set_result([])
    return made


_rules: list[CompiledRules] = []
"""Of a worker process: compiled once."""


def _begin(rules: RuleSetVersion, now: datetime) -> None:
    _rules[:] = [compile_rules(rules, now=now)]


def _draft(texts: Texts) -> Drafts:
    return drafts_of(texts, _rules[0])


def drafts_of(texts: Iterable[tuple[str, Markup]], rules: CompiledRules) -> Drafts:
    return [_one(text, markup, rules) for text, markup in texts]


def _one(text: str, markup: Markup, rules: CompiledRules) -> Draft | str:
    make = make_line if markup is Markup.LINE else make_draft
    try:
        return make(typed_text(text, markup), rules)
    except (BadText, TextEmpty, TextTooLong) as refusal:
        return refusal.code


@lru_cache(maxsize=4096)
def ready_name(text: str) -> str:
    """A name that can stand here: as it was as far as that goes, else nobody's.

    Old services let people be called by a single letter, which no new account may be.
    """
    try:
        return clean_name(text[:_LONGEST_NAME])
    except BadName:
        name = " ".join(drop_invisible(text).split())[:_LONGEST_NAME]
        return name if is_sound(name) and is_visible(name) else NOBODY


def ready_title(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TITLE]
