"""A hot room, kept hot by a process of its own, and what another room feels of it.

The process posts lines over HTTP, or tells again of lines that are there ("behind" the posting:
what pages and followers have to do, without what a post has to do). It reads what to do as JSON on
its standard input, and prints once a second for how long it has been at it and how many were done.
"""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
import uvloop

from bench.load import a_request
from bench.newsroom import Member
from bench.processes import GIVING_WAY, stolen, this_python
from gentie.actions.place import comment_changed
from gentie.comments.queries import get as get_comment
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import CommentRef
from gentie.main.instance import Instance
from gentie.sites.queries import get_thread

CONNECTIONS = 32
TOGETHER = 0.1
"""Seconds of lines that are told of in one act."""
VIDEO_MS = 3_600_000
EVERY = 0.002
"""Seconds between requests of those who ask for a page."""
_REST, _GO = signal.SIGUSR1, signal.SIGUSR2


@dataclass(frozen=True, kw_only=True)
class Heat:
    """A load while it lasts."""

    process: subprocess.Popen[str]

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Nothing is done meanwhile, nor made up for afterwards."""
        self.process.send_signal(_REST)
        try:
            yield
        finally:
            self.process.send_signal(_GO)

    def per_second(self) -> float:
        """End it. Returns what it reached, its first second left out."""
        self.process.terminate()
        assert self.process.stdout is not None
        done = [json.loads(line) for line in self.process.stdout]
        if len(done) < 2:
            return 0.0
        (first, before), (last, after) = done[0], done[-1]
        return float((after - before) / (last - first))


@contextmanager
def posting(
    address: str, paths: Sequence[str], members: Sequence[Member], rate: int
) -> Iterator[Heat]:
    """Lines through the whole post path, over HTTP, to one path after another."""
    tokens = [one.token for one in members]
    what = {"kind": "post", "address": address, "paths": paths, "tokens": tokens, "rate": rate}
    with _hot(what, first=GIVING_WAY) as heat:
        yield heat


@contextmanager
def injecting(data: Path, lines: Sequence[str], rate: int) -> Iterator[Heat]:
    """Lines that are there already are told of as if each had just come."""
    with _hot({"kind": "inject", "data": str(data), "lines": list(lines), "rate": rate}) as heat:
        yield heat


@contextmanager
def _hot(what: dict[str, Any], *, first: Sequence[str] = ()) -> Iterator[Heat]:
    command = *first, *this_python("-m", "bench.hot_room")
    with subprocess.Popen(  # noqa: S603 ourselves
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(what))
        process.stdin.close()
        assert process.stdout is not None
        if process.stdout.readline() != "hot\n":
            raise RuntimeError("nothing was done")
        try:
            yield Heat(process=process)
        finally:
            process.kill()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Some requests, one after another."""

    times: list[float]
    """Seconds until each was answered."""
    whole: bool
    """Nothing of our processor went to another tenant of the machine meanwhile."""


async def answered(address: str, path: str, times: int, *, each: int) -> list[Asked]:
    """How long a page took, asked for again and again on one connection, `each` at a time."""
    at = urlsplit(address)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    request = a_request(address, "GET", path, {})

    async def ask() -> float:
        started = time.perf_counter()
        writer.write(request)
        if await _status(reader) != 200:
            raise RuntimeError(f"{path} was not answered")
        return time.perf_counter() - started

    await ask()  # to be let in is another matter
    found = [await _some(ask, each) for _ in range(times)]
    writer.close()
    return found


async def _some(ask: Callable[[], Awaitable[float]], number: int) -> Asked:
    before, taken = stolen(), []
    for _ in range(number):
        await asyncio.sleep(EVERY)
        taken.append(await ask())
    return Asked(times=taken, whole=stolen() == before)


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    await reader.readexactly(length)
    return int(head[9:12])


class Done:
    """What is due when, and how many were done, told once a second. Rests do not count."""

    def __init__(self) -> None:
        self.number = 0
        self._begun, self._going = asyncio.Event(), asyncio.Event()
        self._going.set()
        self._started = self._rested = time.perf_counter()

    def rest(self) -> None:
        self._going.clear()
        self._rested = time.perf_counter()

    def go(self) -> None:
        self._started += time.perf_counter() - self._rested
        self._going.set()

    async def until(self, seconds: float) -> None:
        """So long after the start."""
        await self._going.wait()
        while (left := seconds - self._seconds()) > 0:
            await asyncio.sleep(left)
            await self._going.wait()

    def add(self, more: int) -> None:
        self.number += more
        self._begun.set()

    async def tell(self) -> None:
        await self._begun.wait()
        print("hot", flush=True)
        while True:
            print(json.dumps([self._seconds(), self.number]), flush=True)
            await asyncio.sleep(1)

    def _seconds(self) -> float:
        until = time.perf_counter() if self._going.is_set() else self._rested
        return until - self._started


async def _post(done: Done, what: dict[str, Any]) -> None:
    tokens, numbers = cycle(what["tokens"]), count()
    hands = [_post_on(done, what, list(islice(tokens, 8)), numbers) for _ in range(CONNECTIONS)]
    await asyncio.gather(*hands)


async def _post_on(
    done: Done, what: dict[str, Any], tokens: list[str], numbers: Iterator[int]
) -> None:
    """One connection: takes the next line that is due, as often as it is free."""
    at = urlsplit(what["address"])
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    for number in numbers:
        await done.until(number / what["rate"])
        token = tokens[number % len(tokens)]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        text = f"at{time.time_ns() // 1000} {number}"
        body = json.dumps({"text": text, "t_ms": number * 997 % VIDEO_MS}).encode()
        path = what["paths"][number % len(what["paths"])]
        writer.write(a_request(what["address"], "POST", path, headers, body))
        if await _status(reader) != 201:
            raise RuntimeError("a line was not taken")
        done.add(1)


async def _inject(done: Done, what: dict[str, Any]) -> None:
    db = Instance(data=Path(what["data"])).open_database()
    refs = cycle(CommentRef.parse(one) for one in what["lines"])
    each = int(what["rate"] * TOGETHER)
    for number in count():
        await done.until(number * TOGETHER)
        await db.act(partial(_tell_of, refs=list(islice(refs, each))))
        done.add(each)


def _tell_of(tx: sa.Connection, refs: Sequence[CommentRef]) -> None:
    thread, now = get_thread(tx, refs[0].thread), utc_now()
    for ref in refs:
        comment_changed(tx, thread, get_comment(tx, ref), urgent=False, now=now)


async def _run(what: dict[str, Any]) -> None:
    done, loop = Done(), asyncio.get_running_loop()
    loop.add_signal_handler(_REST, done.rest)
    loop.add_signal_handler(_GO, done.go)
    work = {"post": _post, "inject": _inject}[what["kind"]]
    await asyncio.gather(done.tell(), work(done, what))


if __name__ == "__main__":
    uvloop.run(_run(json.load(sys.stdin)))
