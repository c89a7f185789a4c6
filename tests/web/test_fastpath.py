"""Every header that a cache or a browser may send for a public page."""

import gzip
from collections.abc import Mapping
from typing import Any

import brotli  # type: ignore[import-untyped] # it ships no types
import pytest
from litestar.types import Receive, Scope, Send

from gentie.pages.cache import PageCache
from gentie.web.fastpath import FastPath, wanted
from tests.pages.build import Pages

LONG = "跟帖 " * 400


async def router(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b"router", "more_body": False})


class Answered:
    def __init__(self, messages: list[Any]) -> None:
        start, body = messages
        self.status: int = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        self.body: bytes = body["body"]


async def ask(
    fast: FastPath, path: str = "/pages/a", method: str = "GET", **headers: str
) -> Answered:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }
    receive: Any = None
    await fast(scope, receive, send)
    return Answered(sent)


@pytest.fixture
def fast() -> FastPath:
    return FastPath(router, PageCache(Pages(a=LONG, tiny="hi")))


async def test_answers_with_what_shared_caches_need(fast: FastPath) -> None:
    answer = await ask(fast)

    assert answer.status == 200
    assert answer.body.decode() == LONG
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["content-length"] == str(len(LONG.encode()))
    assert answer.headers["cache-control"] == "public, max-age=0, s-maxage=1"
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "secret", [{"cookie": "session=1"}, {"authorization": "Bearer x"}, {"origin": "https://a.b"}]
)
async def test_is_the_same_for_everybody(fast: FastPath, secret: Mapping[str, str]) -> None:
    plain, personal = await ask(fast), await ask(fast, **secret)

    assert (plain.headers, plain.body) == (personal.headers, personal.body)


@pytest.mark.parametrize(
    ("accepts", "encodings"),
    [
        (b"", ()),
        (b"gzip", ("gzip",)),
        (b"gzip, deflate, br, zstd", ("br", "gzip")),
        (b"br;q=0, gzip", ("gzip",)),
        (b"br;q=0.2, gzip;q=0.9", ("gzip", "br")),
        (b"*", ("br", "gzip")),
        (b"*;q=0", ()),
        (b"*, br;q=0", ("gzip",)),
        (b"identity, gzip;q=0.5", ("", "gzip")),
        (b"GZIP ; Q=1", ("gzip",)),
        (b"gzip;q=rubbish", ()),
        (b"x-gzip", ()),
        (b";;,,=\xff", ()),
    ],
)
def test_understands_accept_encoding(accepts: bytes, encodings: tuple[str, ...]) -> None:
    assert wanted(accepts) == encodings


async def test_each_encoding_has_its_bytes_and_its_tag(fast: FastPath) -> None:
    plain, zipped, brotlied = [await ask(fast, accept_encoding=e) for e in ("", "gzip", "br")]

    assert gzip.decompress(zipped.body) == brotli.decompress(brotlied.body) == plain.body
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert brotlied.headers["content-encoding"] == "br"
    assert len({a.headers["etag"] for a in (plain, zipped, brotlied)}) == 3


async def test_does_not_compress_what_is_tiny(fast: FastPath) -> None:
    answer = await ask(fast, "/pages/tiny", accept_encoding="gzip, br")

    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', '"a",W/{} , "b"', "*", " {} "])
async def test_says_unchanged(fast: FastPath, shape: str) -> None:
    first = await ask(fast, accept_encoding="br")

    again = await ask(fast, accept_encoding="br", if_none_match=shape.format(first.headers["etag"]))

    assert (again.status, again.body) == (304, b"")
    for name in ("etag", "cache-control", "vary", "access-control-allow-origin"):
        assert again.headers[name] == first.headers[name]
    assert not again.headers.keys() & {"content-length", "content-type", "content-encoding"}


@pytest.mark.parametrize("tag", ['"other"', "", "rubbish", 'W/"other"', '"*"'])
async def test_answers_in_full_when_the_tag_is_another(fast: FastPath, tag: str) -> None:
    assert (await ask(fast, if_none_match=tag)).status == 200


async def test_the_tag_of_one_encoding_does_not_vouch_for_another(fast: FastPath) -> None:
    zipped = await ask(fast, accept_encoding="gzip")

    assert (await ask(fast, if_none_match=zipped.headers["etag"])).status == 200


async def test_head_has_the_headers_and_no_body(fast: FastPath) -> None:
    get, head = await ask(fast), await ask(fast, method="HEAD")

    assert head.body == b""
    assert head.headers == get.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/pages/a"), ("OPTIONS", "/pages/a"), ("GET", "/else"), ("GET", "/pages/missing")],
)
async def test_leaves_the_rest_to_the_router(fast: FastPath, method: str, path: str) -> None:
    assert (await ask(fast, path, method)).body == b"router"


async def test_counts_what_it_answers(fast: FastPath) -> None:
    first = await ask(fast)
    await ask(fast, if_none_match=first.headers["etag"])

    assert (fast.found, fast.unchanged) == (1, 1)


async def test_a_change_changes_the_tag() -> None:
    pages = Pages(a="one")
    cache = PageCache(pages)
    fast = FastPath(router, cache)
    before = await ask(fast)

    pages.texts["a"] = "two"
    cache.drop("a")
    after = await ask(fast, if_none_match=before.headers["etag"])

    assert (after.status, after.body) == (200, b"two")
