"""The list as it was loaded: later arrivals are counted and never push it."""

from collections.abc import Iterator, Mapping
from typing import Self

import msgspec

from gentie.kernel.ids import SiteId, is_row_id
from gentie.pages.desk import Queue, QueueRow
from gentie.web.console.visit import Page, go


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody is in the queue. Carried along in the address and in every form."""

    site: SiteId | None
    upto: str
    """Id of the newest item on the list. Empty: all that there is."""
    done: str
    """The item that was decided last. Empty: none."""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Self:
        site, upto, done = (given.get(name, "") for name in ("site", "upto", "done"))
        return cls(
            site=SiteId(site) if site else None,
            upto=upto if is_row_id(upto) else "",
            done=done if is_row_id(done) else "",
        )

    def after(self, item: str) -> Self:
        return msgspec.structs.replace(self, done=item)

    def wider(self) -> Self:
        return msgspec.structs.replace(self, upto="")

    def go(self, item: str, **more: str) -> Page:
        query = {"site": self.site or "", "upto": self.upto, "done": self.done, "item": item}
        return go("/console/queue", **query, **more)


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[QueueRow, ...]
    new: int
    """Waiting, but not on the list."""
    upto: str

    def free_after(self, item: str) -> Iterator[QueueRow]:
        """Rows that nobody works on: those after `item` first, then from the top."""
        ids = [row.id for row in self.rows]
        start = ids.index(item) + 1 if item in ids else self._place_of(item)
        turned = (*self.rows[start:], *self.rows[:start])
        return (row for row in turned if not row.hold and row.id != item)

    def neighbour(self, item: str, step: int) -> str:
        """The item above (-1) or below (1). Empty: there is none."""
        ids = [row.id for row in self.rows]
        place = ids.index(item) + step if item in ids else 0
        return ids[place] if 0 <= place < len(ids) else ""

    def _place_of(self, item: str) -> int:
        """Where an item stood that has left the list."""
        number = int(item) if is_row_id(item) else 0
        return next((n for n, row in enumerate(self.rows) if int(row.id) > number), 0)


def shown_of(queue: Queue, where: Where) -> Shown:
    """The rows up to where the list was loaded, oldest first."""
    last = int(where.upto) if where.upto else None
    rows = tuple(row for row in queue.items if last is None or int(row.id) <= last)
    newest = max((int(row.id) for row in rows), default=0)
    return Shown(
        rows=rows,
        new=max(queue.waiting - len(rows), 0),
        upto=where.upto or (str(newest) if newest else ""),
    )
