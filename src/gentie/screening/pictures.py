"""Files that the operator's own lists name: the very bytes, or pictures that look the same.

We ship no list. A hit holds and never refuses: likeness is a guess, and bytes say nothing of why.
"""

from collections.abc import Iterator, Sequence

from gentie.screening.model import Action, Finding, PictureList
from gentie.screening.pipeline import CompiledRules

ALIKE = 31
"""Bits out of 256 by which two hashes of one picture may differ."""


def listed(sha256: str, marks: Sequence[str], compiled: CompiledRules) -> Iterator[Finding]:
    """One finding for each list that names the file."""
    for one in compiled.rules.pictures:
        if sha256 in one.sha256 or any(
            _alike(mark, known) for mark in marks for known in one.marks
        ):
            yield _finding(one, compiled.version)


def _alike(mark: str, known: str) -> bool:
    return len(mark) == len(known) and (int(mark, 16) ^ int(known, 16)).bit_count() <= ALIKE


def _finding(found: PictureList, version: str) -> Finding:
    return Finding(
        detector=f"pictures:{found.id}",
        version=version,
        class_id=found.class_id,
        action=Action.HOLD,
        spans=(),
        says="A file on one of our own lists",
    )
