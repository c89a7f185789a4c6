"""Hear of what other processes did: tell those who follow here, let go of pages.

Hints are looked for ten times a second, by a thread of its own that leaves the loop alone until
there is one: at one page in a hundred a look was in the way. Once a second it goes back by
`OVERLAP`: what was committed late is found then. Whoever may have missed something says so to all
who follow, and they read their page again.
"""

import asyncio
import time
from bisect import bisect_left, bisect_right
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from threading import Lock
from typing import Final

import msgspec
import sqlalchemy as sa
import structlog

from gentie.kernel.clock import Clock
from gentie.storage import hints
from gentie.storage.db import Database
from gentie.storage.hints import Hints

Hear = Callable[[Mapping[str, str], Sequence[str]], Awaitable[None]]
"""Acts on hints about one thing: what that is, and what each says beside, in no order.

May be called again with the same ones.
"""

POLL: Final = 0.1
"""Seconds between looks."""
RENEWED: Final = timedelta(seconds=10)
OVERLAP: Final = 10_000 << 22
"""How far ids lie apart that were made ten seconds apart."""
EACH: Final = 10
"""Every so many looks goes back."""

TOGETHER: Final = 100
"""Hints that are heard before everybody else gets their turn."""

Concerns = Callable[[Hints], bool]
"""Whether anybody here has to hear of it. Called in another thread than the loop's."""

log = structlog.get_logger()


class Seen:
    """Ids that have been heard, in their order.

    A flood leaves ten thousand of them. Counting those within a span must not look at each: it is
    done once a second. The loop and the thread that looks may both ask and add.
    """

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._lock = Lock()

    def __contains__(self, number: int) -> bool:
        with self._lock:
            return self._from(number)[:1] == [number]

    def add(self, numbers: Sequence[int]) -> set[int]:
        """Those of them that were not there."""
        with self._lock:
            later = self._from(min(numbers))
            new = set(numbers).difference(later)
            self._ids[len(self._ids) - len(later) :] = sorted(new.union(later))
            return new

    def within(self, since: int, until: int) -> list[int]:
        """Those behind one id and up to another."""
        with self._lock:
            return self._ids[bisect_right(self._ids, since) : bisect_right(self._ids, until)]

    def forget(self, until: int) -> None:
        with self._lock:
            del self._ids[: bisect_right(self._ids, until)]

    def _from(self, number: int) -> list[int]:
        return self._ids[bisect_left(self._ids, number) :]


class Hearing:
    """Hears until stopped. One for a process that is not alone on its database."""

    def __init__(
        self,
        db: Database,
        heard: Mapping[str, Hear],
        *,
        concerns: Concerns,
        lost: Callable[[], None],
        holder: str,
        clock: Clock,
    ) -> None:
        """`heard` are told of hints by topic; `lost` is called when some may have been missed."""
        self._db, self._heard, self._lost = db, heard, lost
        self._concerns = concerns
        self._holder, self._clock = holder, clock
        self._last, self._seen = 0, Seen()
        self._until = clock()
        self._found = asyncio.Queue[list[Hints]]()
        self._stopped = False

    @property
    def is_hearing(self) -> bool:
        return self._clock() < self._until

    def has_heard(self, hint: str) -> bool:
        """Whether what an id hints at has been done here."""
        return bool(hint) and int(hint) in self._seen

    def note(self, hint: str) -> None:
        """What it hints at has been done here by another way."""
        if hint:
            self._seen.add([int(hint)])

    async def begin(self) -> None:
        """From here on nothing is missed."""
        self._last = int(await self._db.read(hints.last))
        await self._listen()

    async def run(self) -> None:
        """Return after `stop`."""
        looking = asyncio.create_task(self._look_on())
        try:
            while not self._stopped:
                await self._take()
        finally:
            self.stop()
            await looking
        await self._db.act(partial(hints.leave, holder=self._holder))

    def stop(self) -> None:
        self._stopped = True

    async def _take(self) -> None:
        with self._or_lost():
            new = await self._found.get()
            await self.renew()
            await self.hear(new)

    async def _look_on(self) -> None:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, thread_name_prefix="ear") as ear:
            try:
                while not self._stopped:
                    with self._or_lost():
                        await loop.run_in_executor(ear, self._look_until_stopped, loop)
            finally:
                self.stop()
        self._found.put_nowait([])

    def _look_until_stopped(self, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread of its own. The loop is woken when there is something for it to do.

        What it has not come to yet waits in the database.
        """
        time.sleep(POLL)  # a database that is away is asked no oftener either
        with self._db.watching() as tx:
            looks = 0
            while not self._stopped:
                time.sleep(POLL)
                if not self._found.empty():
                    continue
                looks += 1
                goes_back = looks % EACH == 0
                new = self.new(tx, back=goes_back)
                if new or (goes_back and self._is_due()):
                    loop.call_soon_threadsafe(self._found.put_nowait, new)

    @contextmanager
    def _or_lost(self) -> Iterator[None]:
        """What fails is tried again, and what it was about taken for lost."""
        try:
            yield
        except Exception:
            log.exception("hints.not_heard")
            self._lost()

    def new(self, tx: sa.Connection, *, back: bool) -> list[Hints]:
        """What is new; from here on it is not. `back`: also what was committed late."""
        late = self._late(tx) if back else []
        found = map(self._unheard, (*late, *hints.after(tx, str(self._last))))
        return [one for one in found if one.ids and self._concerns(one)]

    def _late(self, tx: sa.Connection) -> list[Hints]:
        since = self._last - OVERLAP
        self._seen.forget(since - OVERLAP)
        known = self._seen.within(since, self._last)
        return hints.besides(tx, known, since=since, until=self._last)

    def _unheard(self, those: Hints) -> Hints:
        """From here on they are heard."""
        self._last = max(self._last, *those.ids)
        new = self._seen.add(those.ids)
        if len(new) == len(those.ids):
            return those
        both = zip(those.ids, those.items, strict=True)
        left = {number: item for number, item in both if number in new}
        return msgspec.structs.replace(those, ids=list(left), items=list(left.values()))

    async def hear(self, new: Sequence[Hints]) -> None:
        for those in new:
            if those.topic in self._heard:
                await self._hear(self._heard[those.topic], those)

    async def _hear(self, hear: Hear, those: Hints) -> None:
        for start in range(0, len(those.items), TOGETHER):
            await asyncio.sleep(0)
            await hear(those.about, those.items[start : start + TOGETHER])

    async def renew(self) -> None:
        """Where the lease has ended meanwhile, hints may have been missed."""
        if not self._is_due():
            return
        now = self._clock()
        if not await self._db.act(partial(hints.renew, holder=self._holder, now=now)):
            await self._listen()
            self._lost()
        self._until = now + hints.TERM

    async def _listen(self) -> None:
        now = self._clock()
        await self._db.act(partial(hints.listen, holder=self._holder, now=now))
        self._until = now + hints.TERM

    def _is_due(self) -> bool:
        """Whether it is time to say that we listen."""
        return self._clock() >= self._until - hints.TERM + RENEWED
