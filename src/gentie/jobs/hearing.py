"""Hear of what other processes did: tell those who follow here, let go of pages.

Hints are looked for ten times a second. Once a second the look goes back by `OVERLAP`: what was
committed late is found then. Whoever may have missed something says so to all who follow, and they
read their page again.
"""

import asyncio
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from gentie.kernel.clock import Clock
from gentie.storage import hints
from gentie.storage.db import Database
from gentie.storage.hints import Hint

Hear = Callable[[Sequence[Mapping[str, str]]], Awaitable[None]]
"""Acts on the bodies of hints, oldest first. May be called again with the same ones."""

POLL: Final = 0.1
"""Seconds between looks."""
RENEWED: Final = timedelta(seconds=10)
OVERLAP: Final = 10_000 << 22
"""How far ids lie apart that were made ten seconds apart."""
EACH: Final = 10
"""Every so many looks goes back."""

TOGETHER: Final = 100
"""Hints that are heard before everybody else gets their turn."""

log = structlog.get_logger()


class Seen:
    """Ids that have been heard, in their order.

    A flood leaves ten thousand of them. Counting those within a span must not look at each: it is
    done once a second by the loop that answers everybody.
    """

    def __init__(self) -> None:
        self._ids: list[int] = []

    def __contains__(self, number: int) -> bool:
        place = bisect_left(self._ids, number)
        return place < len(self._ids) and self._ids[place] == number

    def add(self, number: int) -> bool:
        """False: it was there."""
        if number in self:
            return False
        insort(self._ids, number)
        return True

    def within(self, since: int, until: int) -> list[int]:
        """Those behind one id and up to another."""
        return self._ids[bisect_right(self._ids, since) : bisect_right(self._ids, until)]

    def forget(self, until: int) -> None:
        del self._ids[: bisect_right(self._ids, until)]


class Hearing:
    """Hears until stopped. One for a process that is not alone on its database."""

    def __init__(
        self,
        db: Database,
        heard: Mapping[str, Hear],
        *,
        lost: Callable[[], None],
        holder: str,
        clock: Clock,
    ) -> None:
        """`heard` are told of hints by topic; `lost` is called when some may have been missed."""
        self._db, self._heard, self._lost = db, heard, lost
        self._holder, self._clock = holder, clock
        self._last, self._seen = 0, Seen()
        self._until = clock()
        self._stopping = asyncio.Event()

    @property
    def is_hearing(self) -> bool:
        return self._clock() < self._until

    def has_heard(self, hint: str) -> bool:
        """Whether what an id hints at has been done here."""
        return bool(hint) and int(hint) in self._seen

    def note(self, hint: str) -> None:
        """What it hints at has been done here by another way."""
        if hint:
            self._seen.add(int(hint))

    async def begin(self) -> None:
        """From here on nothing is missed."""
        self._last = int(await self._db.read(hints.last))
        await self._db.act(partial(hints.listen, holder=self._holder, now=self._clock()))
        self._until = self._clock() + hints.TERM

    async def run(self) -> None:
        """Return after `stop`. What fails is tried again, and taken for lost."""
        looks = 0
        while not self._stopping.is_set():
            try:
                await self.renew()
                await self.look(back=looks % EACH == 0)
            except Exception:
                log.exception("hints.not_heard")
                self._lost()
            looks += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._stopping.wait()
        await self._db.act(partial(hints.leave, holder=self._holder))

    def stop(self) -> None:
        self._stopping.set()

    async def look(self, *, back: bool) -> int:
        """Hear what is new. `back`: also what was committed late. Returns how many there were."""
        found = await self._db.read(partial(hints.after, last=str(self._last)))
        if back:
            found = [*await self._late(), *found]
        new = [one for one in found if self._is_new(one.id)]
        for start in range(0, len(new), TOGETHER):
            await asyncio.sleep(0)
            await self._hear(new[start : start + TOGETHER])
        return len(new)

    async def _late(self) -> list[Hint]:
        since = self._last - OVERLAP
        self._seen.forget(since - OVERLAP)
        known = self._seen.within(since, self._last)
        return await self._db.read(
            partial(hints.besides, known=known, since=since, until=self._last)
        )

    def _is_new(self, number: int) -> bool:
        """From here on it is not."""
        self._last = max(self._last, number)
        return self._seen.add(number)

    async def _hear(self, new: Sequence[Hint]) -> None:
        bodies = defaultdict[str, list[dict[str, str]]](list)
        for one in new:
            bodies[one.topic].append(one.body)
        for topic, some in bodies.items():
            if topic in self._heard:
                await self._heard[topic](some)

    async def renew(self) -> None:
        """Where the lease has ended meanwhile, hints may have been missed."""
        now = self._clock()
        if now < self._until - hints.TERM + RENEWED:
            return
        if not await self._db.act(partial(hints.renew, holder=self._holder, now=now)):
            await self.begin()
            self._lost()
        self._until = now + hints.TERM
