"""Everything that the description offers, asked for in every right and wrong way.

schemathesis reads /openapi.json and asks from outside, over a real port. `default` in the
description is the problem document: a "yes" that is not described, or a "no" of another kind, is a
failure.
"""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from litestar.connection import ASGIConnection
from typing_extensions import override

from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef
from gentie.storage.db import Database
from gentie.vault.tables import vault_metadata
from gentie.web.services import Services
from tests.media.build import takes_media, uploaded
from tests.newsroom import CLEO, DAILY, a_person, post, staff
from tests.web.serving import served
from tests.whole import Whole, quickly

SETTINGS = """
[checks]
positive_data_acceptance.enabled = false # a right text may hit on a rate, a gate or a taken name
ignored_auth.enabled = false # reading is for anybody; what is not, says so in its own tests
allow_header_conformance.enabled = false # the framework names some of the methods of a path
"""
RUNS = {
    "anyone": (),
    "commenter": ("--exclude-tag", "moderation"),
    "chief_editor": ("--include-tag", "moderation"),
}
"""Who asks for what. The first asks by random names, the others know some."""
DEPTHS = {
    "quick": ("--phases", "fuzzing", "--max-examples", "3"),
    "deep": ("--phases", "coverage,fuzzing", "--max-examples", "8"),
}
ENDLESS = "FollowThread"
"""An answer that never ends has a test of its own."""
PEOPLE = ("commenter", "chief_editor")


class Patient(Whole):
    """Time passes so fast that nobody is told to come back later."""

    def __init__(self, db: Database, vault: Database, folder: Path) -> None:
        super().__init__(db, vault, folder)
        self.programs: dict[str, Actor] = {}

    @override
    def clock(self) -> datetime:
        self.now += timedelta(seconds=20)
        return self.now

    @override
    def services(self) -> Services:
        return replace(super().services(), authenticate=self._identify)

    async def _identify(self, connection: ASGIConnection[Any, Any, Any, Any]) -> Actor:
        """Programs are known by name: signing out, which is asked for too, ends none of them."""
        known = self.programs.get(connection.headers.get("authorization", ""))
        return known or await self.people.access.identify(connection)


@dataclass
class Target:
    url: str
    comment: CommentRef
    upload: str


@pytest.fixture(scope="module")
def target(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """The service on a port, in a thread with a loop of its own."""
    folder = tmp_path_factory.mktemp("schema")
    (folder / "gentie.db").write_bytes(sqlite_template.read_bytes())
    ready: list[Target] = []
    up, end = threading.Event(), threading.Event()

    async def serve() -> None:
        db, vault = (Database(f"sqlite:///{folder}/{name}.db") for name in ("gentie", "vault"))
        vault_metadata.create_all(vault.engine.sql)
        whole = Patient(db, vault, folder)
        async with served(await whole.open()) as url:
            ready.append(await db.act(lambda tx: _target(tx, url, whole.programs)))
            up.set()
            await asyncio.to_thread(end.wait)
        await db.close()
        await vault.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert up.wait(60)
    with quickly():
        yield ready[0]
    end.set()
    thread.join()


def _target(tx: sa.Connection, url: str, programs: dict[str, Actor]) -> Target:
    """One program for each of `PEOPLE`, a comment and a file of the first."""
    actors = [a_person(tx), *staff(tx, CLEO)]
    programs.update({f"Bearer {who}": one for who, one in zip(PEOPLE, actors, strict=True)})
    takes_media(tx, DAILY)
    comment = CommentRef.parse(post(tx, actors[0], site=DAILY).id)
    return Target(url, comment, uploaded(tx, actors[0], site=DAILY))


@pytest.mark.slow
@pytest.mark.parametrize("depth", ["quick", pytest.param("deep", marks=pytest.mark.soak)])
@pytest.mark.parametrize("who", RUNS)
def test_the_description_is_kept(target: Target, who: str, depth: str, tmp_path: Path) -> None:
    known = ""
    more = [*DEPTHS[depth], *RUNS[who]]
    if who != "anyone":
        known = _known(target)
        more += ["--header", f"Authorization: Bearer {who}"]
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(f"{known}\n{SETTINGS}")
    asked = subprocess.run(  # noqa: S603 a program of the tests
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", settings, "run"),
            *(f"{target.url}/openapi.json", "--no-shrink"),
            *("--generation-deterministic", "--continue-on-failure", "--no-color"),
            *("--warnings", "off", "--exclude-operation-id", ENDLESS, *more),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert asked.returncode == 0, asked.stdout[-20000:] + asked.stderr


def _known(target: Target) -> str:
    """Names that random words would never hit on."""
    comment = target.comment
    names = {"site": DAILY, "key": "blog", "comment": comment, "ref": comment}
    names |= {"upload_id": target.upload}
    lines = [f'"path.{name}" = "{value}"' for name, value in names.items()]
    return "\n".join(["[parameters]", *lines, f'"path.thread" = "{comment.thread}"'])
