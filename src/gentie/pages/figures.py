"""How often what stands in the public log, counted once for everybody who asks."""

from collections import Counter

import msgspec
import sqlalchemy as sa

from gentie.ledger import Leaf
from gentie.ledger.note import Checkpoint, read_checkpoint
from gentie.ledger.queries import NotInLog, entries_of, note_of
from gentie.pages.broadcasts import Broadcast

AT_ONCE = 2000
"""Entries read in one go."""


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries of the log are alike. Empty: that kind of entry has no such thing."""

    site: str
    kind: str
    measure: str
    class_id: str = msgspec.field(name="class")
    """Empty also where naming it would brand or expose somebody."""
    count: int


class Transparency(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of the first `size` entries of the log, those that its head covers.

    What is said of danmaku is no entry of the log: it is kept with the videos.
    """

    size: int
    counts: tuple[Count, ...]
    danmaku: tuple[Broadcast, ...]


class Figures:
    """How often what stands in the log. Entries never change, so each is read once."""

    def __init__(self) -> None:
        self.size = 0
        self.counts: Counter[tuple[str, str, str, str]] = Counter()
        """By site, kind, measure and class."""

    def read_on(self, tx: sa.Connection) -> bool:
        """Count the next entries. False: those were all that are published."""
        end = min(published(tx), self.size + AT_ONCE)
        for body in entries_of(tx, self.size, end):
            leaf = msgspec.json.decode(body, type=Leaf)
            self.counts[leaf.site, leaf.kind, leaf.measure, leaf.class_id] += 1
        more = end > self.size
        self.size = end
        return more

    def view(self, danmaku: tuple[Broadcast, ...]) -> Transparency:
        rows = sorted(self.counts.items())
        counts = tuple(
            Count(site=site, kind=kind, measure=measure, class_id=class_id, count=count)
            for (site, kind, measure, class_id), count in rows
        )
        return Transparency(size=self.size, counts=counts, danmaku=danmaku)


def find_head(tx: sa.Connection) -> Checkpoint | None:
    """None: nothing has been published yet."""
    try:
        return read_checkpoint(note_of(tx))
    except NotInLog:
        return None


def published(tx: sa.Connection) -> int:
    """How many entries the head of the log covers."""
    head = find_head(tx)
    return head.size if head else 0
