"""The short way answers as the long one does, and takes only what it understands."""

import asyncio
from typing import Any

import pytest
import uvicorn
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from gentie.pages.cache import PageCache
from gentie.web.fastpath import FastPath
from gentie.web.wire import LONGEST, speaking
from tests.pages.build import Pages
from tests.web.test_fastpath import router

LONG = "跟帖 " * 400
PAGE = b"GET /pages/a HTTP/1.1\r\nHost: here\r\n\r\n"


class Wire(asyncio.Transport):
    """Keeps what is written, each write apart."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.closed = False

    @override
    def write(self, data: Any) -> None:
        self.writes.append(bytes(data))

    @override
    def writelines(self, list_of_data: Any) -> None:
        self.writes.append(b"".join(list_of_data))

    @override
    def is_closing(self) -> bool:
        return self.closed

    @override
    def close(self) -> None:
        self.closed = True

    @override
    def pause_reading(self) -> None:
        pass

    @override
    def resume_reading(self) -> None:
        pass


class Line:
    """A connection to a server whose application is `fast`."""

    def __init__(self, fast: FastPath, kind: type[HttpToolsProtocol]) -> None:
        config = uvicorn.Config(fast, http=kind, lifespan="off", log_config=None)
        self.state = ServerState()
        self.state.default_headers = [(b"date", b"today")]
        self.protocol = kind(config, self.state, {}, asyncio.get_running_loop())
        self.wire = Wire()
        self.protocol.connection_made(self.wire)

    def say(self, data: bytes) -> bytes:
        """What came back at once."""
        before = len(self.wire.writes)
        self.protocol.data_received(data)
        return b"".join(self.wire.writes[before:])

    async def ask(self, data: bytes) -> bytes:
        """What came back in the end."""
        before = len(self.wire.writes)
        self.protocol.data_received(data)
        await asyncio.gather(*self.state.tasks)
        return b"".join(self.wire.writes[before:])


@pytest.fixture
async def fast() -> FastPath:
    cache = PageCache(Pages(a=LONG))
    await cache.get("a")
    return FastPath(router, cache)


def told(answer: bytes) -> tuple[bytes, frozenset[bytes], bytes]:
    """Status, headers in any order, body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *headers = head.split(b"\r\n")
    return status, frozenset(headers), body


@pytest.mark.parametrize(
    "headers",
    [
        b"",
        b"Connection: keep-alive\r\n",
        b"Accept-Encoding: gzip, br\r\n",
        b"Accept-Encoding: gzip\r\nAccept-Encoding: br;q=0\r\n",
        b"If-None-Match: *\r\n",
        b'If-None-Match: "other"\r\n',
        b"Cookie: session=1\r\n",
    ],
)
async def test_answers_at_once_what_the_application_would(fast: FastPath, headers: bytes) -> None:
    request = PAGE[:-2] + headers + b"\r\n"

    short = Line(fast, speaking(fast)).say(request)

    assert told(short) == told(await Line(fast, HttpToolsProtocol).ask(request))
    assert short.startswith(b"HTTP/1.1 ")


async def test_a_page_is_one_write(fast: FastPath) -> None:
    line = Line(fast, speaking(fast))
    line.say(PAGE)

    assert len(line.wire.writes) == 1


@pytest.mark.parametrize(
    "request_",
    [
        PAGE.replace(b"GET", b"HEAD"),
        PAGE[:-2].replace(b"HTTP/1.1", b"HTTP/1.0") + b"Connection: keep-alive\r\n\r\n",
        PAGE[:-2] + b"Connection: close\r\n\r\n",
        PAGE[:-2] + b"Expect: 100-continue\r\n\r\n",
        PAGE[:-2] + b"Content-Length: 2\r\n\r\n{}",
        PAGE.replace(b"/pages/a", b"/pages/none"),
        PAGE.replace(b"/pages/a", b"/elsewhere"),
        PAGE.replace(b"/pages/a", b"/pages/a?" + b"x" * LONGEST),
    ],
)
async def test_everything_else_goes_the_usual_way(fast: FastPath, request_: bytes) -> None:
    line = Line(fast, speaking(fast))

    assert line.say(request_) == b""

    await asyncio.gather(*line.state.tasks)
    usual = await Line(fast, HttpToolsProtocol).ask(request_)
    assert told(b"".join(line.wire.writes)) == told(usual)


async def test_answers_keep_the_order_of_their_questions(fast: FastPath) -> None:
    line = Line(fast, speaking(fast))
    elsewhere = b"GET /elsewhere HTTP/1.1\r\nHost: here\r\n\r\n"

    line.say(PAGE + elsewhere + PAGE + PAGE)
    while line.state.tasks or line.protocol.pipeline:
        await asyncio.gather(*line.state.tasks)
        await asyncio.sleep(0)

    said = b"".join(line.wire.writes)
    starts = [said.find(b"HTTP/1.1 ")]
    while (following := said.find(b"HTTP/1.1 ", starts[-1] + 1)) > 0:
        starts.append(following)
    assert [said[at + 9 : at + 12] for at in starts] == [b"200", b"418", b"200", b"200"]


async def test_who_reads_slowly_gets_no_more_at_once(fast: FastPath) -> None:
    line = Line(fast, speaking(fast))
    line.protocol.pause_writing()

    assert line.say(PAGE) == b""

    line.protocol.resume_writing()
    await asyncio.gather(*line.state.tasks)
    assert line.wire.writes


async def test_an_idle_connection_is_closed_as_usual(fast: FastPath) -> None:
    line = Line(fast, speaking(fast))
    line.say(PAGE)

    timer = line.protocol.timeout_keep_alive_task
    assert timer is not None
    timer.cancel()
    line.protocol.shutdown()
    assert line.wire.closed
    assert line.state.total_requests == 1
