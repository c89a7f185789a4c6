"""Who follows which thread, and what was told about it lately. In memory, for one process.

Each thread that somebody follows has one short list of ready events; whoever follows it only
remembers how far they have read. Nothing is kept for one reader, so nothing piles up behind a slow
one. Whoever comes back says how far they were and is told the rest, or to read the page again.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

import msgspec

from gentie.kernel.chance import new_number_below, new_secret
from gentie.kernel.clock import elapsed
from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal

MOST: Final = 2000
"""Followers of one process. More need a process of their own."""
EACH: Final = 100
"""Followers from one address: many people share the one of a school or a phone network."""
ENTRIES: Final = 128
KEPT: Final = 128 * 1024
"""Bytes of events that a thread remembers, at the most."""
LARGEST: Final = 48 * 1024
"""Bytes of one event: 5,000 Chinese characters fit. A longer one is "read the page again"."""
LINGER: Final = 120.0
"""Seconds that a thread goes on being recorded when the last reader has left."""
LINGERING: Final = 200
"""Threads that are recorded though nobody follows them now, at the most."""
AT_ONCE: Final = 100
"""Followers who are told before everybody else gets their turn: some two milliseconds."""


class TooManyFollowers(Refusal):
    code, says = "too-many-followers", "Too many people follow live here. Reload now and then."


class TooManyFromHere(Refusal):
    code, says = "too-many-from-here", "Too many streams are open from your address."


class Place(NamedTuple):
    """A thread by its names outside: it may be followed before it has its first comment."""

    site: SiteId
    key: str


class _Entry(NamedTuple):
    number: int
    about: str
    frame: bytes
    lines: frozenset[str]
    """Lines over a video that it tells of."""


Push = Callable[[bytes], bool]
"""Writes into a stream at once. False: what was written before has not been taken in yet."""


class Follower:
    """One open stream and how far it has been read."""

    def __init__(self, stream: "Stream", seen: int, push: Push | None) -> None:
        self.over = False
        self._stream, self._seen, self._push = stream, seen, push
        self._woken = asyncio.Event()
        self._idle = False

    @property
    def mark(self) -> str:
        """The id from which this reader could go on. Empty: there is none."""
        return self._stream.mark(self._seen)

    def hear(self, frame: bytes, number: int, *, after: int) -> None:
        """An event has come, right `after` another. Whoever has all before it gets it at once.

        Waking a task for each of thousands takes longer than all else that is done for them.
        Whoever has taken it meanwhile has it already.
        """
        if self._seen >= number:
            return
        at_once = self._push if self._idle else None
        if at_once and self._seen >= after and at_once(frame):
            self._seen = number
        else:
            self.wake()

    def wake(self) -> None:
        """There may be something to take."""
        self._woken.set()

    def end(self) -> None:
        self.over = True
        self.wake()

    async def wait(self, seconds: float) -> bool:
        """Return when there may be something to tell. False: nothing has to be told by you."""
        self._idle = True
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        finally:
            self._idle = False
        self._woken.clear()
        return True

    def take(self) -> bytes:
        """The events since the last time, ready to be sent. Empty: there are none."""
        frames, self._seen = self._stream.since(self._seen)
        return frames


class Stream:
    """The latest events of one thread, oldest first. Made and fed by `Streams`."""

    def __init__(self, run: str, number: int) -> None:
        self.followers: set[Follower] = set()
        self.telling = asyncio.Lock()
        """Held from reading the thread to recording what was read: no event tells what was."""
        self._run, self._complete_from, self._last = run, number, number
        self._entries: deque[_Entry] = deque()
        self._size = 0

    def record(
        self,
        number: int,
        event: str,
        data: object,
        *,
        about: str,
        lines: frozenset[str] = frozenset(),
    ) -> None:
        """Add an event, in the place of earlier ones about the same comment."""
        frame = framed(f"{self._run}.{number}", event, data)
        if about:
            self._forget(about)
        entry = _Entry(number, about, frame, lines)
        self._entries.append(entry)
        self._size, before, self._last = self._size + len(frame), self._last, number
        while len(self._entries) > ENTRIES or self._size > KEPT:
            oldest = self._entries.popleft()
            self._size -= len(oldest.frame)
            self._complete_from = oldest.number
        self._tell(tuple(self.followers), entry, before)

    def _tell(self, followers: Sequence[Follower], entry: _Entry, before: int) -> None:
        """Some now, the others when everybody else had their turn."""
        is_so = any(one is entry for one in reversed(self._entries))
        for follower in followers[:AT_ONCE]:
            if follower not in self.followers:
                continue  # it has left since
            if is_so:
                follower.hear(entry.frame, entry.number, after=before)
            else:
                follower.wake()
        if left := followers[AT_ONCE:]:
            asyncio.get_running_loop().call_soon(self._tell, left, entry, before)

    def forget_all(self) -> None:
        """Whatever is recorded next stands for all that was told before."""
        self._entries.clear()
        self._size = 0

    def forget_lines(self, gone: frozenset[str]) -> None:
        """Whoever comes back reads the lines again, where an event told of one that has gone."""
        kept = [self._without(entry, gone) for entry in self._entries]
        self._entries = deque(kept)
        self._size = sum(len(entry.frame) for entry in kept)

    def _without(self, entry: _Entry, gone: frozenset[str]) -> _Entry:
        if not entry.lines & gone:
            return entry
        frame = framed(f"{self._run}.{entry.number}", "danmaku-again", {})
        return entry._replace(frame=frame, lines=frozenset())

    def mark(self, seen: int) -> str:
        """The id of a number. Empty: what came after it is not here any more."""
        return f"{self._run}.{seen}" if seen >= self._complete_from else ""

    def since(self, seen: int) -> tuple[bytes, int]:
        """The events after a number, and the number they reach to."""
        if seen < self._complete_from:
            frame = framed(f"{self._run}.{self._last}", "again", {"why": "missed"})
            return frame, max(self._last, self._complete_from)
        found = []
        for entry in reversed(self._entries):
            if entry.number <= seen:
                break
            found.append(entry.frame)
        return b"".join(reversed(found)), max(seen, self._last)

    def _forget(self, about: str) -> None:
        kept = [entry for entry in self._entries if entry.about != about]
        if len(kept) < len(self._entries):
            self._entries = deque(kept)
            self._size = sum(len(entry.frame) for entry in kept)


class Streams:
    """All followers of one process. All methods are called from its event loop."""

    def __init__(
        self, *, most: int = MOST, each: int = EACH, seconds: Callable[[], float] = elapsed
    ) -> None:
        """`most` follow at once in all, `each` from one address."""
        self.over = False
        self._most, self._each, self._seconds = most, each, seconds
        self._run = new_secret()
        """Events of another run cannot be continued here."""
        self._told = 0
        self._streams: dict[Place, Stream] = {}
        self._lingering: OrderedDict[Place, float] = OrderedDict()
        self._by_address: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """How many follow now."""
        return self._by_address.total()

    def find(self, place: Place) -> Stream | None:
        """What is recorded of a thread. None: nobody follows it."""
        self._tidy()
        return self._streams.get(place)

    def may_record(self, place: Place) -> bool:
        """Whether somebody follows a thread, or did lately. May be asked from any thread."""
        return place in self._streams

    def of_site(self, site: SiteId) -> list[Stream]:
        return [stream for place, stream in self._streams.items() if place.site == site]

    def record(
        self,
        stream: Stream,
        event: str,
        data: object,
        *,
        about: str = "",
        lines: frozenset[str] = frozenset(),
    ) -> None:
        """Tell all who follow.

        `about` is the comment whose earlier events this one replaces, `lines` are those over a
        video that it tells of.
        """
        self._told += 1
        stream.record(self._told, event, data, about=about, lines=lines)

    def read_again(self, stream: Stream) -> None:
        """Tell all who follow to read the page again. What was told before is told to nobody."""
        stream.forget_all()
        self.record(stream, "again", {"why": "changed"})

    def read_all_again(self) -> None:
        """Something may have been missed: nobody can say what, so everybody reads again."""
        for stream in self._streams.values():
            self.read_again(stream)

    def end(self) -> None:
        """The process leaves: every stream ends, and its reader comes back elsewhere."""
        self.over = True
        for stream in self._streams.values():
            for follower in stream.followers:
                follower.end()

    @contextmanager
    def following(
        self, place: Place, *, address: str, last: str = "", push: Push | None = None
    ) -> Iterator[Follower]:
        """Follow a thread. `last` is the id of the last event that the reader got.

        With `push`, what comes while the follower waits is written by it, and not taken again.

        Raises:
            TooManyFollowers, TooManyFromHere.
        """
        self.require_room(address)
        stream = self._stream(place)
        follower = Follower(stream, self._seen(last), push)
        stream.followers.add(follower)
        self._by_address[address] += 1
        try:
            yield follower
        finally:
            self._leave(place, stream, follower, address)

    def require_room(self, address: str) -> None:
        """Raises TooManyFollowers, TooManyFromHere."""
        if self.over or self.count >= self._most:
            raise TooManyFollowers(retry_after=20 + new_number_below(40))
        if self._by_address[address] >= self._each:
            raise TooManyFromHere(retry_after=60)

    def _stream(self, place: Place) -> Stream:
        self._tidy()
        self._lingering.pop(place, None)
        if place not in self._streams:
            self._streams[place] = Stream(self._run, self._told)
        return self._streams[place]

    def _seen(self, last: str) -> int:
        run, _, number = last.rpartition(".")
        if not last:
            return self._told
        mine = run == self._run and number.isdecimal() and int(number) <= self._told
        return int(number) if mine else -1

    def _leave(self, place: Place, stream: Stream, follower: Follower, address: str) -> None:
        stream.followers.discard(follower)
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]
        if not stream.followers:
            self._lingering[place] = self._seconds() + LINGER
            self._tidy()

    def _tidy(self) -> None:
        """Stop recording threads that nobody has followed for a while."""
        while self._lingering:
            place, until = next(iter(self._lingering.items()))
            if until > self._seconds() and len(self._lingering) <= LINGERING:
                return
            del self._lingering[place], self._streams[place]


def framed(number: str, event: str, data: object) -> bytes:
    """An event as the wire carries it. An empty number: one that is not counted."""
    named = f"id: {number}\n" if number else ""
    return f"{named}event: {event}\ndata: ".encode() + msgspec.json.encode(data) + b"\n\n"
