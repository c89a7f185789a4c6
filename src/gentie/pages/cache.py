"""Pages in memory: bounded in bytes, each built once however many ask, and never wrong for long.

`drop` is for removals: nothing older is answered from then on. `touch` is for votes, counts and
new comments: a busy page is built at most once a second, and what is shown is that old at most.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable

from gentie.kernel.clock import elapsed
from gentie.pages.model import PageSource
from gentie.pages.ready import Headers, Ready, make_ready

FRESH = 1.0
"""Seconds that a page may still be shown after it was touched."""
BIG = 64 * 1024
"""Bytes from which compressing would hold up everybody else, so it is done in a thread."""
ALL = "*"
"""The mark of every page."""


class _Kept:
    """A ready page and the moment from which it may not be shown any more."""

    __slots__ = ("ready", "until")

    def __init__(self, ready: Ready, until: float) -> None:
        self.ready, self.until = ready, until


class PageCache:
    """Belongs to one event loop; all its methods are called from there."""

    def __init__(
        self,
        source: PageSource,
        *,
        common: Headers = (),
        most: int = 128 * 1024 * 1024,
        seconds: Callable[[], float] = elapsed,
    ) -> None:
        """`common` are headers of every answer; `most` is the memory for pages, in bytes."""
        self.key_of = source.key_of
        self.size = 0
        self._source, self._common, self._most, self._seconds = source, common, most, seconds
        self._pages: OrderedDict[str, _Kept] = OrderedDict()
        self._by_mark: dict[str, set[str]] = {}
        self._building: dict[str, asyncio.Task[Ready]] = {}
        self._changes = 0
        self._dropped: dict[str, int] = {}
        self._touched: dict[str, int] = {}
        """Which change was the last to each mark, while something is being built."""

    def find(self, key: str) -> Ready | None:
        """The page, when it is here and may still be shown."""
        kept = self._pages.get(key)
        if kept is None or kept.until <= self._seconds():
            return None
        self._pages.move_to_end(key)
        return kept.ready

    async def get(self, key: str) -> Ready:
        """The page, built now unless it is here. All who ask meanwhile get the same one.

        Raises:
            Refusal: there is no such page.
        """
        found = self.find(key)
        if found is not None:
            return found
        building = self._building.get(key)
        if building is None:
            building = asyncio.create_task(self._build(key))
            self._building[key] = building
            building.add_done_callback(lambda task: self._built(key, task))
        return await asyncio.shield(building)

    def may_hold(self, marks: Iterable[str]) -> bool:
        """Whether a page about one of them is here, or any is being built.

        May be asked from any thread: a page is among those here before it leaves the others.
        """
        return bool(self._building) or any(mark in self._by_mark for mark in marks)

    def drop(self, mark: str) -> None:
        """Forget every page about `mark`, at once."""
        self._note(mark, self._dropped)
        for key in tuple(self._by_mark.get(mark, ())):
            self._forget(key)

    def drop_all(self) -> None:
        """Forget every page, at once: nobody can say what has changed."""
        self._note(ALL, self._dropped)
        for key in tuple(self._pages):
            self._forget(key)

    def touch(self, mark: str) -> None:
        """Let every page about `mark` be built again within a second."""
        self._note(mark, self._touched)
        until = self._seconds() + FRESH
        for key in self._by_mark.get(mark, ()):
            kept = self._pages[key]
            kept.until = min(kept.until, until)

    async def _build(self, key: str) -> Ready:
        while True:
            seen = self._changes
            page = await self._source.render(key)
            if len(page.body) < BIG:
                ready = make_ready(page, self._common)
            else:
                ready = await asyncio.to_thread(make_ready, page, self._common)
            if not any(self._dropped.get(mark, 0) > seen for mark in (ALL, *page.about)):
                touched = any(self._touched.get(mark, 0) > seen for mark in page.about)
                self._keep(key, ready, touched=touched)
                return ready

    def _built(self, key: str, building: asyncio.Task[Ready]) -> None:
        del self._building[key]
        if not building.cancelled():
            building.exception()  # whoever still waits gets it; nobody may
        if not self._building:
            self._dropped.clear()
            self._touched.clear()

    def _note(self, mark: str, changes: dict[str, int]) -> None:
        if self._building:
            self._changes += 1
            changes[mark] = self._changes

    def _keep(self, key: str, ready: Ready, *, touched: bool) -> None:
        self._forget(key)
        if not ready.keep or ready.size > self._most:
            return
        until = self._seconds() + (min(FRESH, ready.lasts) if touched else ready.lasts)
        self._pages[key] = _Kept(ready, until)
        self.size += ready.size
        for mark in ready.about:
            self._by_mark.setdefault(mark, set()).add(key)
        while self.size > self._most:
            self._forget(next(iter(self._pages)))

    def _forget(self, key: str) -> None:
        kept = self._pages.pop(key, None)
        if kept is not None:
            self.size -= kept.ready.size
            self._unmark(key, kept.ready.about)

    def _unmark(self, key: str, about: Iterable[str]) -> None:
        for mark in about:
            keys = self._by_mark[mark]
            keys.discard(key)
            if not keys:
                del self._by_mark[mark]
