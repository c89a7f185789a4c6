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
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from typing_extensions import override

from bench.processes import this_python

CONNECTIONS = 32
LOADER = "wrk" if shutil.which("wrk") else "own loader"

_COUNT = re.compile(r"(\d+) requests in")
_BAD = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


Following = Callable[[], bytes | None]
"""The next request; None: that was all."""
Told = Callable[[int, bytes], None]
"""Hears status and body of each answer."""


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
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603 wrk, or ourselves
    if done.returncode:
        raise BadAnswers((done.stdout + done.stderr)[-300:])
    return done.stdout


async def send_all(address: str, requests: Iterable[bytes]) -> list[tuple[int, bytes]]:
    """Send each request once, `CONNECTIONS` at a time. Returns the answers: status and body."""
    left, answers = iter(requests), []

    def following() -> bytes | None:
        return next(left, None)

    await _over(address, following, lambda status, body: answers.append((status, body)))
    return answers


def a_request(
    address: str, method: str, asked: str, headers: Mapping[str, str], body: bytes = b""
) -> bytes:
    """A request of HTTP/1.1 as it goes over the wire. `asked` is path and query."""
    lines = [f"{method} {asked} HTTP/1.1", f"Host: {urlsplit(address).netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Asker(asyncio.Protocol):
    """One connection: the next request goes out when the answer to the last is all there."""

    def __init__(self, following: Following, told: Told) -> None:
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._following, self._told = following, told
        self._got = bytearray()
        self._transport: asyncio.WriteTransport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._next()

    @override
    def data_received(self, data: bytes) -> None:
        self._got += data
        head = self._got.find(b"\r\n\r\n")
        if head < 0:
            return
        found = _LENGTH.search(self._got, 0, head)
        if found is None:
            self._end(BadAnswers(bytes(self._got[:head]).decode("latin-1")))
        elif len(self._got) >= head + 4 + int(found[1]):
            self._hear(int(self._got[9:12]), bytes(self._got[head + 4 :]))

    def _hear(self, status: int, body: bytes) -> None:
        self._got.clear()
        try:
            self._told(status, body)
        except BadAnswers as bad:
            self._end(bad)
        else:
            self._next()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._end(BadAnswers(f"the connection was closed: {exc}"))

    def _next(self) -> None:
        request = self._following()
        if request is None:
            self._end(None)
        elif self._transport is not None:
            self._transport.write(request)

    def _end(self, error: BadAnswers | None) -> None:
        if not self.over.done():
            self.over.set_result(None) if error is None else self.over.set_exception(error)
        if self._transport is not None:
            self._transport.close()


async def _over(address: str, following: Following, told: Told) -> None:
    host, _, port = urlsplit(address).netloc.partition(":")
    loop = asyncio.get_running_loop()
    pairs = [
        await loop.create_connection(lambda: _Asker(following, told), host, int(port))
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*(asker.over for _, asker in pairs))


async def _press(url: str, seconds: float, accept: str) -> int:
    at = urlsplit(url)
    asked = f"{at.path}?{at.query}" if at.query else at.path
    request = a_request(url, "GET", asked, {"Accept-Encoding": accept} if accept else {})
    until, answers = time.monotonic() + seconds, 0

    def following() -> bytes | None:
        return request if time.monotonic() < until else None

    def told(status: int, _: bytes) -> None:
        nonlocal answers
        if status != 200:
            raise BadAnswers(f"{url}: {status}")
        answers += 1

    await _over(url, following, told)
    return answers


if __name__ == "__main__":
    where, how_long, encoding = sys.argv[1:4]
    print(asyncio.run(_press(where, float(how_long), encoding)))
