"""How often what stands in the public log, so that anybody can recount it: a page, and data."""

from collections import Counter
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency

from gentie.ledger import Leaf
from gentie.ledger.note import Checkpoint, read_checkpoint
from gentie.ledger.queries import NotInLog, entries_of, note_of
from gentie.pages.broadcasts import Broadcast, load_broadcasts
from gentie.storage.db import Database
from gentie.web.account.asking import Asking
from gentie.web.public.showing import show
from gentie.web.reader import prefers_data

AT_ONCE = 2000
"""Entries read in one go."""
A_MOMENT = {"cache-control": "public, max-age=5", "access-control-allow-origin": "*"}


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


@get("/transparency", operation_id="ReadTransparency", opt={"open_to_all": True})
async def read_figures(db: NamedDependency[Database], state: State) -> Response[Transparency]:
    """How many decisions of each kind stand in the public log, to be recounted from it."""
    return Response(await _load(db, state), headers=A_MOMENT)


@get("/transparency")
async def page(request: Request[Any, Any, Any], asking: NamedDependency[Asking]) -> Response[Any]:
    """The same for readers; who asks for JSON gets the data."""
    figures = await _load(asking.db, request.app.state)
    if prefers_data(request):
        return Response(figures, headers={**A_MOMENT, "vary": "accept"})
    shown = show(asking, "transparency.html", figures=figures)
    shown.headers["vary"] = "accept"
    return shown


@get("/transparency.json", opt={"open_to_all": True})
async def data(db: NamedDependency[Database], state: State) -> Response[Transparency]:
    return Response(await _load(db, state), headers=A_MOMENT)


async def _load(db: Database, state: State) -> Transparency:
    """One `Figures` for the application: what it has counted stays counted."""
    figures: Figures = state.setdefault("figures", Figures())
    while await db.read(figures.read_on):
        pass
    return figures.view(await db.read(load_broadcasts))


HANDLERS: list[Any] = [page, data]
