"""Operators' terms in a text: all of them at once, in whatever disguise the views undo."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from ahocorasick_rs import AhoCorasick

from gentie.screening.model import Finding, Span, TermList
from gentie.screening.normal import View, Views, table_form, tight_form

_SPACED = "\u0590"
"""Below: digits, Latin, Greek, Cyrillic and Armenian, whose words stand apart."""


class _Entry(msgspec.Struct, frozen=True):
    list_index: int
    harmless: bool
    """A phrase in which terms of the list are allowed."""


class _Automaton:
    """Finds phrases in one view."""

    def __init__(self, phrases: dict[str, list[_Entry]]) -> None:
        self._keys = list(phrases)
        self._entries = list(phrases.values())
        self._found = AhoCorasick(self._keys) if phrases else None

    def hits(self, view: View, views: Views) -> Iterator[tuple[_Entry, Span]]:
        if self._found is None:
            return
        for key, start, end in self._found.find_matches_as_indexes(view.text, overlapping=True):
            span = view.span(start, end)
            if _stands_alone(views, span, self._keys[key]):
                for entry in self._entries[key]:
                    yield entry, span


class Matcher:
    """Term lists made ready: 100,000 terms take less than a second. Never changed afterwards."""

    def __init__(self, lists: Sequence[TermList]) -> None:
        self._lists = tuple(lists)
        table: dict[str, list[_Entry]] = {}
        tight: dict[str, list[_Entry]] = {}
        for phrase, entry in _phrases_of(lists):
            whole, core = table_form(phrase.strip()), tight_form(phrase)
            # "c++" without its signs would be found in every third text.
            if core and core == "".join(whole.split()):
                tight.setdefault(core, []).append(entry)
            elif whole:
                table.setdefault(whole, []).append(entry)
        self._automata = (_Automaton(table), _Automaton(tight))

    def findings(self, views: Views, *, version: str) -> list[Finding]:
        """One finding for each list that has a term in the text."""
        bad: dict[int, set[Span]] = {}
        harmless: dict[int, set[Span]] = {}
        for automaton, view in zip(self._automata, (views.table, views.tight), strict=True):
            for entry, span in automaton.hits(view, views):
                (harmless if entry.harmless else bad).setdefault(entry.list_index, set()).add(span)
        return [
            self._finding(index, spans, version)
            for index in sorted(bad)
            if (spans := _outside(bad[index], harmless.get(index, set())))
        ]

    def _finding(self, index: int, spans: list[Span], version: str) -> Finding:
        one = self._lists[index]
        return Finding(
            detector=f"terms:{one.id}",
            version=version,
            class_id=one.class_id,
            action=one.action,
            spans=tuple(spans),
            says="Contains a term from the operator's list",
        )


def _phrases_of(lists: Iterable[TermList]) -> Iterator[tuple[str, _Entry]]:
    for index, one in enumerate(lists):
        for term in dict.fromkeys(one.terms):
            yield term, _Entry(index, harmless=False)
        for phrase in dict.fromkeys(one.allow):
            yield phrase, _Entry(index, harmless=True)


def _stands_alone(views: Views, span: Span, phrase: str) -> bool:
    """Whether no word goes on before or after the hit, in scripts that put spaces between words.

    Otherwise "was sad" would hold a word that nobody wrote.
    """
    return not (
        (phrase[0] < _SPACED and _same_word(views.before(span), phrase[0]))
        or (phrase[-1] < _SPACED and _same_word(views.after(span), phrase[-1]))
    )


def _same_word(neighbour: str, char: str) -> bool:
    if not neighbour or neighbour >= _SPACED:
        return False
    return (neighbour.isalpha() and char.isalpha()) or (neighbour.isdigit() and char.isdigit())


def _outside(bad: set[Span], harmless: set[Span]) -> list[Span]:
    return [
        span
        for span in sorted(bad, key=lambda one: (one.start, one.end))
        if not any(one.start <= span.start and span.end <= one.end for one in harmless)
    ]
