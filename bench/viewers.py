"""Many who follow videos, in a process of their own: what reached whom, and when.

    python -m bench.viewers ADDRESS PATH[,PATH] VIEWERS SECONDS

They spread evenly over the paths and stay for SECONDS; with 0 until all have been cut off and are
back.
Each viewer is a bare connection that reads server-sent events. One that is cut off comes back when
the service said it should, with the id of the last event it got. Prints one line of JSON.
"""

import asyncio
import json
import re
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from random import Random
from typing import Any
from urllib.parse import urlsplit

import uvloop
from typing_extensions import override

from bench.figures import nearest_rank

OPENED_AT_ONCE = 200
BACK_WITHIN = 90.0
"""Seconds after which whoever is not back counts as gone."""
_ID = re.compile(rb"id: ([^\n]+)\n")
_RETRY = re.compile(rb"retry: (\d+)\n")
_SENT = re.compile(rb"at(\d{16}) ")
"""In a line: when it was written, in microseconds."""


class Audience:
    """What all viewers together have seen."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host, self.port = str(parts.hostname), int(parts.port or 80)
        self.here = 0
        """Viewers who are connected and were told so."""
        self.whole = asyncio.Event()
        self.wanted = 0
        self.came_back: list[float] = []
        self.again = 0
        self.events: dict[bytes, list[float]] = defaultdict(list)
        """By id of an event with lines: when each viewer had it."""
        self.late: list[float] = []
        """Seconds from the writing of a line until a viewer had it."""

    def heard(self, event: bytes) -> None:
        now = time.time()
        name = _ID.search(event)
        if name is None:
            return
        self.events[name[1]].append(now)
        self.late += [now - int(one) / 1e6 for one in _SENT.findall(event)[:1]]


class Viewer(asyncio.Protocol):
    """One connection."""

    def __init__(self, audience: Audience, path: str, last: bytes, lost: float) -> None:
        """`lost`: when the connection before this ended. 0: there was none."""
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.last, self.retry, self.is_here = last, 2.0, False
        self._lost, self._path = lost, path
        self._audience, self._got = audience, b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        writing: Any = transport  # uvloop has a class of its own
        known = b"Last-Event-ID: " + self.last + b"\r\n" if self.last else b""
        head = f"GET {self._path} HTTP/1.1\r\nHost: bench\r\n".encode()
        writing.write(head + known + b"\r\n")

    @override
    def data_received(self, data: bytes) -> None:
        *events, self._got = (self._got + data).split(b"\n\n")
        for event in events:
            self._hear(event)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self.is_here:
            self._audience.here -= 1
        self.gone.set_result(None)

    def _hear(self, event: bytes) -> None:
        if found := _RETRY.search(event):
            self.retry = int(found[1]) / 1000
        if found := _ID.search(event):
            self.last = found[1]
        if b"event: danmaku\n" in event:
            self._audience.heard(event)
        elif b"event: again\n" in event:
            self._audience.again += 1
        elif b"event: here\n" in event and not self.is_here:
            self.is_here = True
            self._audience.here += 1
            if self._lost:
                self._audience.came_back.append(time.monotonic() - self._lost)
            if self._audience.here == self._audience.wanted:
                self._audience.whole.set()


async def follow(audience: Audience, path: str, until: float) -> None:
    """Stay, and come back as often as one is cut off."""
    loop, last = asyncio.get_running_loop(), b""
    lost = 0.0
    chance = Random()  # noqa: S311 when a viewer comes back
    while time.monotonic() < until:
        viewer = Viewer(audience, path, last, lost)
        try:
            await loop.create_connection(partial(_same, viewer), audience.host, audience.port)
        except OSError:
            await asyncio.sleep(1 + chance.random())
            continue
        await viewer.gone
        lost, last = time.monotonic(), viewer.last
        await asyncio.sleep(viewer.retry)


def _same(viewer: Viewer) -> Viewer:
    return viewer


async def watch(
    address: str, paths: Sequence[str], viewers: int, seconds: float
) -> dict[str, object]:
    audience = Audience(address)
    audience.wanted = viewers
    until = time.monotonic() + (seconds or BACK_WITHIN) + 60
    started, tasks = time.monotonic(), []
    for number in range(viewers):
        path = paths[number % len(paths)]
        tasks.append(asyncio.create_task(follow(audience, path, until)))
        if number % OPENED_AT_ONCE == OPENED_AT_ONCE - 1:
            await asyncio.sleep(0.05)
    async with asyncio.timeout(60):
        await audience.whole.wait()
    opened = time.monotonic() - started
    audience.whole.clear()
    print("all are here", flush=True)
    if seconds:
        await asyncio.sleep(seconds)
    else:
        with suppress(TimeoutError):
            async with asyncio.timeout(BACK_WITHIN):
                await audience.whole.wait()
    said = found(audience, viewers, opened)
    for task in tasks:
        task.cancel()
    return said


def found(audience: Audience, viewers: int, opened: float) -> dict[str, object]:
    spread = [at - min(had) for had in audience.events.values() for at in had]
    complete = sum(len(had) == viewers for had in audience.events.values())
    return {
        "opened": opened,
        "events": len(audience.events),
        "complete": complete,
        "delivered": len(spread),
        "spread_p50": nearest_rank(spread, 0.5),
        "spread_p99": nearest_rank(spread, 0.99),
        "late_p99": nearest_rank(audience.late, 0.99),
        "here": audience.here,
        "came_back": len(audience.came_back),
        "settled": max(audience.came_back, default=0.0),
        "again": audience.again,
    }


def main() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    address, paths, viewers, seconds = sys.argv[1:5]
    said = uvloop.run(watch(address, paths.split(","), int(viewers), float(seconds)))
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
