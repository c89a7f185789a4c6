"""One store behind three others: a folder, moto's S3 and SeaweedFS, all spoken to over HTTP."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from gentie.kernel.clock import utc_now
from gentie.media.adapters.objects import PIECE, PRIVATE, PUBLIC, NoObject, Objects, open_objects
from tests.media.build import digest
from tests.media.stores import STORES

CONTENT = bytes(range(256)) * (PIECE // 128)
"""Two pieces."""
NAME = digest(CONTENT)


@pytest.fixture(
    scope="module",
    params=["folder", *(pytest.param(one, marks=pytest.mark.slow) for one in STORES)],
)
def objects(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Objects]:
    folder = tmp_path_factory.mktemp("objects")
    if request.param == "folder":
        yield open_objects("", folder / "media")
        return
    made: Any = STORES[request.param](folder)
    opened: AbstractContextManager[str] = made
    with opened as url, pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": url,
            "AWS_ALLOW_HTTP": "true",
        }.items():
            patch.setenv(name, value)
        yield open_objects("s3://media/gentie", folder)


@pytest.fixture
async def kept(objects: Objects, tmp_path: Path) -> AsyncIterator[Objects]:
    """A store that holds one object under each prefix."""
    file = tmp_path / "one"
    await asyncio.to_thread(file.write_bytes, CONTENT)
    for prefix in (PRIVATE, PUBLIC):
        await objects.put(prefix, NAME, file)
    yield objects
    for prefix in (PRIVATE, PUBLIC):
        await objects.drop(prefix, [NAME])


async def read(objects: Objects, **part: int) -> bytes:
    return b"".join([piece async for piece in objects.read(PUBLIC, NAME, **part)])


async def listed(objects: Objects, prefix: str) -> list[str]:
    return [one.sha256 async for part in objects.listed(prefix) for one in part]


async def test_what_is_put_is_read(kept: Objects, tmp_path: Path) -> None:
    assert await read(kept) == CONTENT
    assert await read(kept, start=PIECE - 3, end=PIECE + 3) == CONTENT[PIECE - 3 : PIECE + 3]
    await kept.fetch(PRIVATE, NAME, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == CONTENT
    assert await asyncio.to_thread(kept.get_now, PUBLIC, NAME) == CONTENT


async def test_twice_is_once_and_young_again(kept: Objects, tmp_path: Path) -> None:
    await asyncio.to_thread(kept.put_file_now, PUBLIC, NAME, tmp_path / "one")

    assert await listed(kept, PUBLIC) == [NAME]
    ages = [utc_now() - one.at async for part in kept.listed(PUBLIC) for one in part]
    assert ages[0].total_seconds() < 600


async def test_prefixes_are_apart(kept: Objects) -> None:
    await kept.drop(PUBLIC, [NAME])

    assert (await listed(kept, PUBLIC), await listed(kept, PRIVATE)) == ([], [NAME])
    with pytest.raises(NoObject):
        await read(kept)
    with pytest.raises(NoObject):
        await asyncio.to_thread(kept.get_now, PUBLIC, NAME)


async def test_bytes_are_on_the_disk_with_the_names_that_lead_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row is written only after this: a cut of the power leaves no row without its bytes."""
    forced, file = [], tmp_path / "one"
    await asyncio.to_thread(file.write_bytes, CONTENT)
    monkeypatch.setattr(os, "fsync", lambda opened: forced.append(os.fstat(opened).st_ino))

    await open_objects("", tmp_path / "media").put(PUBLIC, NAME, file)

    kept = tmp_path / "media" / PUBLIC / "sha256" / NAME[:2] / NAME[2:4] / NAME
    way = [kept, *kept.parents[: len(kept.relative_to(tmp_path).parts) - 1]]
    assert forced == [one.stat().st_ino for one in way]
    assert way[-1] == tmp_path / "media"


async def test_what_the_disk_does_not_take_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(opened: int) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    file = tmp_path / "one"
    await asyncio.to_thread(file.write_bytes, CONTENT)
    monkeypatch.setattr(os, "fsync", broken)

    with pytest.raises(OSError, match="the disk is broken"):
        await open_objects("", tmp_path / "media").put(PUBLIC, NAME, file)
