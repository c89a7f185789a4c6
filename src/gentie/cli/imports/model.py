"""What every reader gives: pages with their comments, and why some were left out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec


class BadExport(Exception):
    """The file cannot be read. One line; nothing was imported."""


class OldComment(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    parent: str
    """Empty: it answers nothing."""
    author: str
    created_at: datetime
    text: str
    """Restricted Markdown."""


class OldPage(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    title: str
    url: str
    read: int
    """Comments that stand in the file."""
    comments: tuple[OldComment, ...]
    """Those to import, parents before children."""
    skipped: dict[str, int]
    """How many of them are not imported, by reason."""


class Export(msgspec.Struct, frozen=True, kw_only=True):
    source: str
    """Names the archive: the same whenever it is exported again."""
    pages: tuple[OldPage, ...]


def in_order(comments: Iterable[OldComment], through: dict[str, str]) -> Iterator[OldComment]:
    """By time, but each after what it answers.

    `through` says what every comment of the page answers, also those that are not imported: who
    answered one of these, answers what that answered. What answers itself answers nothing.
    """
    waiting = {one.id: one for one in sorted(comments, key=lambda one: one.created_at)}
    kept = set(waiting)
    while waiting:
        chain = [next(iter(waiting.values()))]
        while (parent := _kept_parent(chain[-1], kept, through)) in waiting:
            above = waiting[parent]
            if above in chain:
                chain[-1] = msgspec.structs.replace(chain[-1], parent="")
                through[chain[-1].id] = ""
                break
            chain.append(above)
        for one in reversed(chain):
            del waiting[one.id]
            yield msgspec.structs.replace(one, parent=_kept_parent(one, kept, through))


def _kept_parent(comment: OldComment, kept: set[str], through: dict[str, str]) -> str:
    parent, seen = through.get(comment.id, ""), {comment.id}
    while parent and parent not in kept and parent in through and parent not in seen:
        seen.add(parent)
        parent = through[parent]
    return "" if parent in seen else parent


def skipped_in(pages: Iterable[OldPage]) -> Counter[str]:
    total: Counter[str] = Counter()
    for page in pages:
        total.update(page.skipped)
    return total
