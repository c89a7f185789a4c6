"""Requests as fast as they are answered: wrk where it is installed, else a small loader of ours.

Both keep `CONNECTIONS` connections busy with the same GET. Which one was used stands in the note
of the figure: the loader's own CPU is not counted, but it shares the cores with what is measured.
"""

import asyncio
import re
import shutil
import subprocess
import sys
import time
from urllib.parse import urlsplit

import uvloop
from typing_extensions import override

from bench.processes import this_python

CONNECTIONS = 32
LOADER = "wrk" if shutil.which("wrk") else "own loader"

_COUNT = re.compile(r"(\d+) requests in")
_BAD = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class BadAnswers(Exception):
    """Something else than the page came back, so nothing was measured."""


def press(url: str, seconds: float, *, accept: str = "") -> int:
    """Ask for `url` again and again. Returns how many answers came.

    Raises:
        BadAnswers: some were not 200.
    """
    if LOADER != "wrk":
        command = this_python("-m", "bench.load", url, str(seconds), accept)
        return int(_output(command))
    header = ["-H", f"Accept-Encoding: {accept}"] if accept else []
    whole = str(max(1, round(seconds)))
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{whole}s", "--timeout", "30s", *header, url]
    said = _output(command)
    if bad := _BAD.search(said):
        raise BadAnswers(f"{url}: {bad[0]}")
    found = _COUNT.search(said)
    if found is None:
        raise BadAnswers(said[-300:])
    return int(found[1])


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 wrk, or ourselves
    if done.returncode:
        raise BadAnswers((done.stdout + done.stderr)[-300:])
    return done.stdout


class _Asker(asyncio.Protocol):
    """One connection: the next request goes out when the answer to the last is all there."""

    def __init__(self, request: bytes, until: float) -> None:
        self.answers = 0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._request, self._until = request, until
        self._got = bytearray()
        self._transport: asyncio.WriteTransport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        transport.write(self._request)

    @override
    def data_received(self, data: bytes) -> None:
        self._got += data
        head = self._got.find(b"\r\n\r\n")
        if head < 0:
            return
        found = _LENGTH.search(self._got, 0, head)
        if found is None or not self._got.startswith(b"HTTP/1.1 200"):
            self._end(BadAnswers(bytes(self._got[:head]).decode("latin-1")))
        elif len(self._got) >= head + 4 + int(found[1]):
            self._next()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self._end(BadAnswers(f"the connection was closed: {exc}"))

    def _next(self) -> None:
        assert self._transport is not None
        self.answers += 1
        self._got.clear()
        if time.monotonic() >= self._until:
            self._end(None)
        else:
            self._transport.write(self._request)

    def _end(self, error: BadAnswers | None) -> None:
        if not self.over.done():
            self.over.set_result(None) if error is None else self.over.set_exception(error)
        if self._transport is not None:
            self._transport.close()


async def _press(url: str, seconds: float, accept: str) -> int:
    at = urlsplit(url)
    host, _, port = at.netloc.partition(":")
    asked = f"{at.path}?{at.query}" if at.query else at.path
    lines = [f"GET {asked} HTTP/1.1", f"Host: {at.netloc}"]
    lines += [f"Accept-Encoding: {accept}"] if accept else []
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    until = time.monotonic() + seconds
    loop = asyncio.get_running_loop()
    pairs = [
        await loop.create_connection(lambda: _Asker(request, until), host, int(port))
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*(asker.over for _, asker in pairs))
    return sum(asker.answers for _, asker in pairs)


if __name__ == "__main__":
    where, how_long, encoding = sys.argv[1:4]
    print(uvloop.run(_press(where, float(how_long), encoding)))
