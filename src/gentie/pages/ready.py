"""Ready answers: everything that a request for a page can be told, made once.

The messages are ASGI's, which are plain dictionaries: sending one costs no work. Each encoding
has a strong ETag of its own, since its bytes are others.
"""

import gzip
import hashlib
import re
from typing import Any, Final, NamedTuple

import brotli  # type: ignore[import-untyped] # it ships no types

from gentie.pages.model import Page

Message = dict[str, Any]
Headers = tuple[tuple[str, str], ...]

SMALLEST: Final = 512
"""Bytes below which compression is not worth its header."""
_ALWAYS: Final[Headers] = (
    ("cache-control", "public, max-age=0, s-maxage=1"),
    ("vary", "accept-encoding"),
    ("access-control-allow-origin", "*"),
)


_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")


class Answer(NamedTuple):
    """One encoding of a page."""

    etag: bytes
    found: Message
    body: Message
    unchanged: Message
    found_head: bytes
    """`found` as it goes over the wire, but for the headers of the server and the empty line."""
    unchanged_head: bytes


class Ready(NamedTuple):
    """A page in all its encodings, "" being none."""

    answers: dict[str, Answer]
    about: tuple[str, ...]
    keep: bool
    lasts: float
    size: int
    """Bytes in memory, about."""


def make_ready(page: Page, common: Headers = ()) -> Ready:
    """Compress the page and make its answers. `common` are headers that it may override."""
    named = dict((*_ALWAYS, *common, *page.headers))
    digest = hashlib.blake2b(repr((page.content_type, sorted(named.items()))).encode())
    digest.update(page.body)
    mark = digest.hexdigest()[:24]
    answers = {
        encoding: _answer(body, encoding, f'"{mark}{encoding[:1]}"', page.content_type, named)
        for encoding, body in _encodings(page.body).items()
    }
    size = sum(len(answer.body["body"]) + 2048 for answer in answers.values())
    size += sum(len(one) + 250 for one in page.about)
    return Ready(answers, page.about, page.keep, page.lasts, size)


def _encodings(body: bytes) -> dict[str, bytes]:
    if len(body) < SMALLEST:
        return {"": body}
    made = {
        "": body,
        "gzip": gzip.compress(body, 6, mtime=0),
        "br": brotli.compress(body, quality=5),
    }
    return {name: encoded for name, encoded in made.items() if not name or len(encoded) < len(body)}


def _answer(
    body: bytes, encoding: str, etag: str, content_type: str, named: dict[str, str]
) -> Answer:
    kept = {**named, "etag": etag}
    full = {**kept, "content-type": content_type, "content-length": str(len(body))}
    if encoding:
        full["content-encoding"] = encoding
    found, unchanged = _raw(full), _raw(kept)
    return Answer(
        etag=etag.encode(),
        found={"type": "http.response.start", "status": 200, "headers": found},
        body={"type": "http.response.body", "body": body},
        unchanged={"type": "http.response.start", "status": 304, "headers": unchanged},
        found_head=_head(b"200 OK", found),
        unchanged_head=_head(b"304 Not Modified", unchanged),
    )


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    if any(_CONTROL.search(name + value) for name, value in raw):
        raise ValueError("a header with a control character would end before its time")
    return raw


def _head(status: bytes, headers: list[tuple[bytes, bytes]]) -> bytes:
    lines = (b"%b: %b\r\n" % pair for pair in headers)
    return b"".join((b"HTTP/1.1 ", status, b"\r\n", *lines))
