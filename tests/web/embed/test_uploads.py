"""Uploads piece by piece (TUS 1.0): every byte counted, and nothing lost when a server dies."""

import base64
import errno
import hashlib
import os
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import httpx
import pytest

from gentie.main.compose import ROUTES
from gentie.media import queries
from gentie.media.adapters.spool import Spool
from gentie.media.links import LASTS
from gentie.media.model import State
from gentie.web.app import create_app
from tests.clauses.build import told
from tests.media.build import scrub_well, takes_media
from tests.newsroom import NOTEBOOK
from tests.whole import LARGEST, Client, Headers, Whole, accept
from tests.whole import quick_hashes as quick_hashes  # noqa: PLC0414 a fixture
from tests.whole import whole as whole  # noqa: PLC0414 a fixture

UPLOADS = "/api/v1/uploads"
CONTENT = bytes(range(256)) * 40
TUS = {"tus-resumable": "1.0.0"}
PIECE = {**TUS, "content-type": "application/offset+octet-stream"}


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


class Sender:
    """One person's program."""

    def __init__(self, whole: Whole, web: Client, bearer: Headers) -> None:
        self.whole, self.web, self.bearer = whole, web, bearer

    async def create(self, **headers: str) -> httpx.Response:
        said = f"site {b64(NOTEBOOK)},alt {b64('A ferry')}"
        head = {**TUS, "upload-length": str(len(CONTENT)), "upload-metadata": said, **headers}
        return await self.web.post(UPLOADS, headers={**self.bearer, **head})

    async def piece(self, at: str, offset: int, content: bytes, **more: str) -> httpx.Response:
        head = {**PIECE, "upload-offset": str(offset), **more}
        return await self.web.patch(at, content=content, headers={**self.bearer, **head})

    async def offset(self, at: str) -> int:
        answer = await self.web.head(at, headers={**self.bearer, **TUS})
        return int(answer.headers["upload-offset"])

    async def read(self, at: str) -> dict[str, Any]:
        return dict((await self.web.get(at, headers=self.bearer)).json())


@pytest.fixture
async def sender(whole: Whole) -> AsyncIterator[Sender]:
    await whole.db.act(lambda tx: takes_media(tx, NOTEBOOK, now=whole.now))
    async with whole.browser() as web:
        bearer = await whole.sign_up(web, "Ferryman")
        await accept(web, bearer, "neutral")
        web.cookies.clear()
        yield Sender(whole, web, bearer)


async def test_piece_by_piece(sender: Sender) -> None:
    created = await sender.create()
    at = created.headers["location"]

    assert (created.status_code, created.headers["upload-offset"]) == (201, "0")
    assert (await sender.piece(at, 0, CONTENT[:5000])).headers["upload-offset"] == "5000"
    assert await sender.offset(at) == 5000
    assert (await sender.read(at))["state"] == "receiving"
    last = await sender.piece(at, 5000, CONTENT[5000:])
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(CONTENT)))
    assert "upload-expires" in last.headers
    assert (await sender.read(at))["state"] == "checking"
    assert await sender.whole.check_uploads(scrub_well) == 1
    read = await sender.read(at)
    assert (read["state"], read["alt"], read["bytes"]) == ("ready", "A ferry", len(CONTENT))
    shown = await sender.web.get(read["previews"][0]["url"])
    assert shown.content == CONTENT
    assert shown.headers["cache-control"] == "private, no-store"


async def test_goes_on_after_the_server_was_killed(sender: Sender) -> None:
    """What had arrived is on disk, and nothing else was ever said about it."""
    at = (await sender.create()).headers["location"]
    await sender.piece(at, 0, CONTENT[:100])

    sender.whole.app = create_app(sender.whole.services(), ROUTES)
    async with sender.whole.browser() as web:
        after = Sender(sender.whole, web, sender.bearer)
        assert await after.offset(at) == 100
        await after.piece(at, 100, CONTENT[100:])
        assert (await after.read(at))["state"] == "checking"


async def test_killed_between_the_last_byte_and_the_answer(sender: Sender) -> None:
    at = (await sender.create()).headers["location"]
    (waiting,) = Spool(sender.whole.folder / "uploads").all()
    Spool(sender.whole.folder / "uploads").path(waiting).write_bytes(CONTENT)

    assert await sender.offset(at) == len(CONTENT)
    assert (await sender.read(at))["state"] == "checking"


async def test_no_row_says_that_it_is_there_before_the_disk_does(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(opened: int) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    at = (await sender.create()).headers["location"]
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        failed = await sender.piece(at, 0, CONTENT)
        found = await sender.whole.db.read(partial(queries.find, attachment=at.split("/")[-1]))

    assert failed.status_code >= 500
    assert found is not None
    assert found.state is State.RECEIVING
    assert await sender.offset(at) == len(CONTENT)
    assert (await sender.read(at))["state"] == "checking"


@pytest.mark.parametrize(
    ("offset", "content", "more", "no"),
    [
        (7, b"x", {}, (409, "wrong-offset")),
        (0, CONTENT + b"x", {}, (413, "upload-too-large")),
        (0, b"x", {"upload-checksum": f"sha256 {b64(bytes(32))}"}, (460, "wrong-checksum")),
        (0, b"x", {"upload-checksum": "md5 AAAA"}, (422, "bad-upload")),
        (0, b"x", {"upload-checksum": "sha1 ?"}, (422, "bad-upload")),
        (0, b"x", {"tus-resumable": "0.2"}, (412, "wrong-tus-version")),
        (0, b"x", {"upload-offset": "-1"}, (422, "bad-upload")),
    ],
)
async def test_a_crooked_piece_leaves_nothing(
    sender: Sender, offset: int, content: bytes, more: dict[str, str], no: tuple[int, str]
) -> None:
    at = (await sender.create()).headers["location"]

    answer = await sender.piece(at, offset, content, **more)

    assert (answer.status_code, told(answer)[1]) == no
    assert await sender.offset(at) == 0


async def test_a_true_checksum_is_taken(sender: Sender) -> None:
    at = (await sender.create()).headers["location"]
    for name in ("sha1", "sha256"):
        digest = b64(hashlib.new(name, b"abc").digest())
        offset = await sender.offset(at)
        answer = await sender.piece(at, offset, b"abc", **{"upload-checksum": f"{name} {digest}"})
        assert answer.status_code == 204
    assert await sender.offset(at) == 6


@pytest.mark.parametrize(
    ("headers", "no"),
    [
        ({"upload-length": str(LARGEST + 1)}, (413, "upload-too-large")),
        ({"upload-length": "0"}, (422, "upload-empty")),
        ({"upload-length": "many"}, (422, "bad-upload")),
        ({"upload-metadata": "site !!"}, (422, "bad-upload")),
        ({"upload-metadata": f"alt {b64('A')}"}, (422, "bad-upload")),
        ({"upload-metadata": f"site {b64('nowhere')}"}, (404, "no-such-site")),
        ({"upload-metadata": f"site {b64(NOTEBOOK)},alt {b64('a' * 1001)}"}, (422, "alt-too-long")),
    ],
)
async def test_what_is_not_begun(
    sender: Sender, headers: dict[str, str], no: tuple[int, str]
) -> None:
    assert told(await sender.create(**headers)) == no


async def test_taken_back(sender: Sender) -> None:
    at = (await sender.create()).headers["location"]

    assert (await sender.web.delete(at, headers=sender.bearer)).status_code == 204
    assert told(await sender.web.get(at, headers=sender.bearer)) == (404, "no-such-attachment")
    assert Spool(sender.whole.folder / "uploads").all() == []


async def test_words_come_later(sender: Sender) -> None:
    at = (await sender.create()).headers["location"]

    said = await sender.web.patch(at, json={"alt": "A boat"}, headers=sender.bearer)
    assert (said.status_code, said.json()["alt"]) == (200, "A boat")
    await sender.piece(at, 0, CONTENT)
    await sender.whole.check_uploads(scrub_well)
    held = await sender.web.patch(at, json={"alt": "13812345678"}, headers=sender.bearer)
    assert held.json()["state"] == "held"
    mended = await sender.web.patch(at, json={"alt": "A boat"}, headers=sender.bearer)
    assert mended.json()["state"] == "ready"
    odd = await sender.web.patch(at, json={"colour": "red"}, headers=sender.bearer)
    assert told(odd) == (422, "invalid")


async def test_twice_the_same_request_is_one_upload(sender: Sender) -> None:
    key = {"idempotency-key": "upload-1"}
    first, second = await sender.create(**key), await sender.create(**key)

    assert first.headers["location"] == second.headers["location"]


async def test_what_it_can_do_is_said(sender: Sender) -> None:
    said = (await sender.web.options(UPLOADS)).headers

    assert said["tus-version"] == "1.0.0"
    assert said["tus-max-size"] == str(LARGEST)
    assert "checksum" in said["tus-extension"]


async def test_an_address_for_one_lasts_ten_minutes(sender: Sender) -> None:
    at = (await sender.create()).headers["location"]
    await sender.piece(at, 0, CONTENT)
    await sender.whole.check_uploads(scrub_well)
    url = (await sender.read(at))["previews"][0]["url"]

    for crooked in (url.replace("way=own", "way=desk"), url[:-3] + "AAA", url.partition("?")[0]):
        assert told(await sender.web.get(crooked)) == (404, "no-such-media")
    part = await sender.web.get(url, headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, CONTENT[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(CONTENT)}"
    beyond = await sender.web.get(url, headers={"range": f"bytes={len(CONTENT)}-"})
    assert beyond.status_code == 416
    same = await sender.web.get(url, headers={"if-none-match": part.headers["etag"]})
    assert same.status_code == 304
    head = await sender.web.head(url)
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(CONTENT)))
    sender.whole.now += LASTS
    assert told(await sender.web.get(url)) == (404, "no-such-media")
