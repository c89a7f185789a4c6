"""Who follows which thread, told in this process the moment its pages change.

What is told are hints: whoever follows reads the page again. A follower that is slow gets one hint
for many changes, so nothing piles up behind anybody.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from gentie.kernel.chance import new_secret
from gentie.kernel.ids import ThreadId
from gentie.kernel.refusal import Refusal

MOST = 2000
"""Followers of one process. More need a process of their own."""


class TooManyFollowers(Refusal):
    code, says = "too-many-followers", "Too many people follow live here. Reload now and then."


class Follower:
    """One open stream. `changed` and `removed` are what it has not been told yet."""

    def __init__(self) -> None:
        self.changed = self.removed = self.over = False
        self._woken = asyncio.Event()

    def tell(self, *, removed: bool) -> None:
        self.changed = True
        self.removed = self.removed or removed
        self._woken.set()

    def end(self) -> None:
        self.over = True
        self._woken.set()

    async def wait(self, seconds: float) -> bool:
        """Return when there is something to tell. False: nothing was, for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    def take(self) -> bool:
        """Whether something was removed since the last time. Nothing is left to tell then."""
        removed, self.changed, self.removed = self.removed, False, False
        return removed


class Changes:
    """The followers of one process. All methods are called from its event loop."""

    def __init__(self) -> None:
        self._followers: dict[ThreadId, set[Follower]] = {}
        self._count = self._told = 0
        self._run = new_secret()

    @property
    def mark(self) -> str:
        """Where the telling has got to. It differs after every change and every new start."""
        return f"{self._run}.{self._told}"

    def tell(self, thread: ThreadId, *, removed: bool) -> None:
        """Pages of the thread have changed. `removed`: something may not be shown any more."""
        self._told += 1
        for follower in self._followers.get(thread, ()):
            follower.tell(removed=removed)

    def end(self) -> None:
        """The process leaves: every stream ends, and its reader comes back elsewhere."""
        for followers in self._followers.values():
            for follower in followers:
                follower.end()

    @contextmanager
    def following(self, thread: ThreadId) -> Iterator[Follower]:
        """Raises TooManyFollowers."""
        if self._count >= MOST:
            raise TooManyFollowers(retry_after=60)
        follower = Follower()
        self._followers.setdefault(thread, set()).add(follower)
        self._count += 1
        try:
            yield follower
        finally:
            self._count -= 1
            self._leave(thread, follower)

    def _leave(self, thread: ThreadId, follower: Follower) -> None:
        followers = self._followers[thread]
        followers.discard(follower)
        if not followers:
            del self._followers[thread]
