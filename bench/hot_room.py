"""A hot room, kept hot by a process of its own, and what another room feels of it.

The process posts lines over HTTP, or tells again of lines that are there ("behind" the posting:
what pages and followers have to do, without what a post has to do). It reads what to do as JSON on
its standard input, and prints once a second how many were done.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
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
from bench.processes import GIVING_WAY, this_python
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


@dataclass(frozen=True, kw_only=True)
class Heat:
    """A load while it lasts."""

    process: subprocess.Popen[str]

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
def posting(address: str, path: str, members: Sequence[Member], rate: int) -> Iterator[Heat]:
    """Lines through the whole post path, over HTTP."""
    tokens = [one.token for one in members]
    what = {"kind": "post", "address": address, "path": path, "tokens": tokens, "rate": rate}
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


async def answered(address: str, path: str, asked: int) -> list[float]:
    """How long a page took each time, asked for every 10 ms on one connection, in seconds."""
    at = urlsplit(address)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    request, taken = a_request(address, "GET", path, {}), []
    for _ in range(asked):
        started = time.perf_counter()
        writer.write(request)
        if await _status(reader) != 200:
            raise RuntimeError(f"{path} was not answered")
        taken.append(time.perf_counter() - started)
        await asyncio.sleep(0.01)
    writer.close()
    return taken


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
    """How many, told once a second."""

    def __init__(self) -> None:
        self.number = 0
        self._begun = asyncio.Event()

    def add(self, more: int) -> None:
        self.number += more
        self._begun.set()

    async def tell(self) -> None:
        await self._begun.wait()
        print("hot", flush=True)
        while True:
            print(json.dumps([time.monotonic(), self.number]), flush=True)
            await asyncio.sleep(1)


async def _post(done: Done, what: dict[str, Any]) -> None:
    tokens, rate = cycle(what["tokens"]), what["rate"]
    started, numbers = time.perf_counter(), count()
    hands = [
        _post_on(done, what, list(islice(tokens, 8)), started, numbers, rate)
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*hands)


async def _post_on(
    done: Done,
    what: dict[str, Any],
    tokens: list[str],
    started: float,
    numbers: Iterator[int],
    rate: int,
) -> None:
    """One connection: takes the next line that is due, as often as it is free."""
    at = urlsplit(what["address"])
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    for number in numbers:
        await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
        token = tokens[number % len(tokens)]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        text = f"at{time.time_ns() // 1000} {number}"
        body = json.dumps({"text": text, "t_ms": number * 997 % VIDEO_MS}).encode()
        writer.write(a_request(what["address"], "POST", what["path"], headers, body))
        if await _status(reader) != 201:
            raise RuntimeError("a line was not taken")
        done.add(1)


async def _inject(done: Done, what: dict[str, Any]) -> None:
    db = Instance(data=Path(what["data"])).open_database()
    refs = cycle(CommentRef.parse(one) for one in what["lines"])
    each = int(what["rate"] * TOGETHER)
    started = time.perf_counter()
    for number in count():
        await asyncio.sleep(max(0.0, started + number * TOGETHER - time.perf_counter()))
        await db.act(partial(_tell_of, refs=list(islice(refs, each))))
        done.add(each)


def _tell_of(tx: sa.Connection, refs: Sequence[CommentRef]) -> None:
    thread, now = get_thread(tx, refs[0].thread), utc_now()
    for ref in refs:
        comment_changed(tx, thread, get_comment(tx, ref), urgent=False, now=now)


async def _run(what: dict[str, Any]) -> None:
    done = Done()
    work = {"post": _post, "inject": _inject}[what["kind"]]
    await asyncio.gather(done.tell(), work(done, what))


if __name__ == "__main__":
    uvloop.run(_run(json.load(sys.stdin)))
