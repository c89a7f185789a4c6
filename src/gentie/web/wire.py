"""Pages that are in memory, answered where the request is parsed: no task, no scope, one write.

`FastPath` gives the same answers as an ASGI application; this only spares what uvicorn does around
one, which costs more than finding the page. Whatever is not a plain GET for a page in memory goes
the usual way.
"""

import asyncio
from functools import lru_cache, partial
from typing import Any, Final
from urllib.parse import unquote

import httptools
from typing_extensions import override
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from gentie.pages.ready import Answer
from gentie.web.fastpath import FastPath

LONGEST: Final = 1024
"""Bytes of a request target that is remembered. Ours are shorter."""
PUSH: Final = "gentie.push"
"""Under this name a request carries a `gentie.pages.streams.Push` into its answer."""
_OTHER: Final = frozenset({b"content-length", b"expect", b"transfer-encoding"})
"""Headers of requests that bring more than a question."""


class PageProtocol(HttpToolsProtocol):
    """One connection. `fast` is the application's."""

    fast: FastPath

    @override
    def on_headers_complete(self) -> None:
        if not (self._is_plain() and self._answer()):
            super().on_headers_complete()
            scope: Any = self.scope  # uvicorn's type names no keys of others
            scope[PUSH] = partial(_push, self.transport, self.flow)

    @override
    def on_message_complete(self) -> None:
        if self.cycle is not None:
            super().on_message_complete()

    def _is_plain(self) -> bool:
        """A GET that may be answered at once: nothing before it waits, and nobody reads slowly."""
        before: RequestResponseCycle | None = self.cycle
        return (
            self.parser.get_method() == b"GET"
            and len(self.url) <= LONGEST
            and (before is None or before.response_complete)
            and not self.flow.write_paused
            and self.parser.get_http_version() == "1.1"
            and self.parser.should_keep_alive()
            and not self.parser.should_upgrade()
            and not any(name in _OTHER for name, _ in self.headers)
        )

    def _answer(self) -> bool:
        ready = self.fast.find(*_target(self.url))
        if ready is None:
            return False
        answer, unchanged = self.fast.choose(ready, self.headers)
        self.transport.writelines(self._parts(answer, unchanged=unchanged))
        self.on_response_complete()
        return True

    def _parts(self, answer: Answer, *, unchanged: bool) -> list[bytes]:
        always = [b"%b: %b\r\n" % pair for pair in self.server_state.default_headers]
        if unchanged:
            return [answer.unchanged_head, *always, b"\r\n"]
        return [answer.found_head, *always, b"\r\n", answer.body["body"]]


def _push(transport: asyncio.Transport, flow: FlowControl, chunk: bytes) -> bool:
    """Write a chunk of an answer that has begun and has no known length."""
    if flow.write_paused or transport.is_closing():
        return False
    transport.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
    return True


def speaking(fast: FastPath) -> type[PageProtocol]:
    """The protocol for one application."""
    return type("Pages", (PageProtocol,), {"fast": fast})


@lru_cache(maxsize=8192)
def _target(url: bytes) -> tuple[str, bytes]:
    """Path and query as uvicorn says them."""
    parsed = httptools.parse_url(url)
    path = (parsed.path or b"").decode("latin-1")
    return unquote(path) if "%" in path else path, parsed.query or b""
