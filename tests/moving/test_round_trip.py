"""What goes out comes back as it was."""

import asyncio
import gzip
import json
import re
import shutil
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gentie.actions.operations.restore_site import NotEmpty
from gentie.jobs.sequencing import sequence_once
from gentie.ledger import queries as log
from gentie.ledger.export import export_log
from gentie.ledger.keeping import Signer
from gentie.ledger.verify import check_proof, verify_log
from gentie.media.adapters.objects import PUBLIC
from gentie.moving.file import BadFile, lines_of, read_records, writing
from gentie.moving.queries import records_of
from gentie.moving.scope import MACHINERY, MOVES, STAYS
from gentie.moving.store import filled_tables
from gentie.storage.db import Database
from gentie.storage.outbox import messages
from gentie.storage.schema import metadata
from tests.ledger.build import a_signer
from tests.moving.build import DAILY, NOW, ORIGIN, restored, store_of, written

STATES = {"published", "held", "refused", "removed", "withdrawn"}
_MADE_ANEW = {
    "account_verification": {"person"},
    "ledger_leaf": {"id", "at", "idx"},
    "review_item": {"state", "claimed_by", "lease_until"},
    "site": {"token"},
    "thread_tally": {"changed_at"},
    "vote": {"voter"},
}
"""Columns that are not as they were, each for a reason that docs/moving-out.md gives."""
_SHARED = {
    "account",
    "account_consent",
    "account_name",
    "account_verification",
    "agreement_acceptance",
    "agreement_version",
    "appeal_of",
    "case_secret",
    "ledger_tile",
    "notice",
    "reversal",
    "site",
}
"""Tables that say nothing of a site: what other sites have there stays behind."""
_LOG = {"ledger_checkpoint", "ledger_earlier", "ledger_leaf"}


async def rows_in(db: Database, site: str) -> dict[str, list[str]]:
    """Every row about a site, but for what is made anew."""

    def look(tx: sa.Connection) -> dict[str, list[str]]:
        return {name: _rows(tx, metadata.tables[name], site) for name in MOVES - _LOG}

    return await db.read(look)


def _rows(tx: sa.Connection, table: sa.Table, site: str) -> list[str]:
    kept = [one for one in table.c if one.name not in _MADE_ANEW.get(table.name, set())]
    chosen = sa.select(*kept)
    if "site_id" in table.c:
        chosen = chosen.where(table.c.site_id == site)
    elif "thread_id" in table.c:
        threads = metadata.tables["thread"]
        here = sa.select(threads.c.thread_id).where(threads.c.site_id == site)
        chosen = chosen.where(table.c.thread_id.in_(here))
    return sorted(str(tuple(row)) for row in tx.execute(chosen))


class TestThereAndBack:
    async def test_the_second_export_is_the_first_byte_for_byte(
        self, newsroom: Database, other: Database, signer: Signer, new_signer: Signer
    ) -> None:
        first = await written(newsroom, signer)
        done = await restored(other, first, new_signer)

        assert await written(other, new_signer) == first
        comments = [one for one in parsed(first) if one["kind"] == "comment"]
        assert {one["state"] for one in comments} == STATES
        assert done.comments == len(comments)
        before, after = await rows_in(newsroom, DAILY), await rows_in(other, DAILY)
        assert {name for name in before if before[name] != after[name]} <= _SHARED
        assert all(set(after[name]) <= set(before[name]) for name in _SHARED - {"ledger_tile"})
        assert all(after[name] for name in MOVES - _LOG)

    async def test_engines_write_the_same(
        self, content: bytes, db: Database, new_signer: Signer
    ) -> None:
        await restored(db, content, new_signer)

        assert await written(db, new_signer) == content

    async def test_is_one_moment_while_people_go_on(
        self, content: bytes, db: Database, new_signer: Signer
    ) -> None:
        await restored(db, content, new_signer)
        here = asyncio.get_running_loop()
        late = sa.update(metadata.tables["comment"]).values(votes=12_345)

        fetch = partial(store_of(new_signer).get_now, PUBLIC)

        def write(tx: sa.Connection) -> bytes:
            records = records_of(tx, DAILY, vkey=new_signer.key.vkey, fetch=fetch)
            first = next(records)
            act = db.act(lambda other: other.execute(late).rowcount)
            assert asyncio.run_coroutine_threadsafe(act, here).result()
            return b"".join(lines_of(chain([first], records)))

        assert await db.read(write) == content
        assert b'"votes":12345' in await written(db, new_signer)

    async def test_what_waited_for_its_time_waits_for_it_here(
        self, content: bytes, sqlite_db: Database, new_signer: Signer
    ) -> None:
        await restored(sqlite_db, content, new_signer)

        topics = await sqlite_db.read(lambda tx: set(tx.scalars(sa.select(messages.c.topic))))
        assert topics == {"archive.name", "review.take_effect", "site.changed"}

    async def test_whoever_signed_on_passes_the_earlier_names_on(
        self, content: bytes, sqlite_db: Database, new_signer: Signer
    ) -> None:
        await restored(sqlite_db, content, new_signer)
        await sequence_once(sqlite_db, new_signer, now=NOW)

        head, *rest = parsed(await written(sqlite_db, new_signer))
        assert head["log"]["origin"] == "new.example/log"
        earlier = [one for one in rest if one["kind"] == "earlier_log"]
        assert [one["origin"] for one in earlier] == [ORIGIN]


class TestTheLog:
    @pytest.mark.clause("2017-8.c")
    async def test_goes_on_under_a_new_name_and_says_so(
        self, content: bytes, db: Database, new_signer: Signer, tmp_path: Path
    ) -> None:
        await restored(db, content, new_signer)
        size = await sequence_once(db, new_signer, now=NOW)

        vkey = new_signer.key.vkey
        await db.read(partial(export_log, folder=tmp_path / "copy", vkey=vkey))
        verdict = verify_log(str(tmp_path / "copy"), vkey=vkey)
        assert (verdict.origin, verdict.size) == ("new.example/log", size)
        assert verdict.kinds["checkpoint_note"] == 1
        (earlier,) = await db.read(log.earlier_logs)
        assert (earlier.origin, earlier.note) == (ORIGIN, parsed(content)[0]["log"]["checkpoint"])

    @pytest.mark.clause("2017-8.c")
    async def test_every_receipt_still_opens(
        self, content: bytes, db: Database, new_signer: Signer
    ) -> None:
        await restored(db, content, new_signer)
        await sequence_once(db, new_signer, now=NOW)
        lines = parsed(content)
        entries = {one["id"]: one["entry"] for one in lines if one["kind"] == "leaf"}
        decided = [kept for one in lines for kept in one.get("decisions", ())]

        assert decided
        for kept in decided:
            proof = await db.read(partial(log.proof_of, leaf_id=kept["leaf"]))
            entry = entries[kept["leaf"]].encode()
            check_proof(proof, entry, new_signer.key.vkey)
            assert json.loads(entry)["record"] == kept["commitment"]

    async def test_goes_on_as_what_it_was_with_its_own_key(
        self, content: bytes, sqlite_db: Database, old_place: Path, tmp_path: Path
    ) -> None:
        shutil.copytree(old_place / "keys", tmp_path / "brought")
        signer = a_signer(tmp_path / "brought")
        await restored(sqlite_db, content, signer)

        assert await sqlite_db.read(log.note_of) == parsed(content)[0]["log"]["checkpoint"]
        await sequence_once(sqlite_db, signer, now=NOW)
        assert await sqlite_db.read(log.earlier_logs) == []


_HARM: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda text: text[:-200], "cut off|damaged"),
    (lambda text: text.rsplit(b"\n", 2)[0] + b"\n", "cut off"),
    (lambda text: text + b"{}\n", "goes on"),
    (lambda text: text.replace(b'"votes":0', b'"votes":9', 1), "was changed"),
    (lambda text: text.split(b"\n", 1)[1], "begins with one header"),
    (lambda text: text.replace(b"gentie-export/1", b"gentie-export/9", 1), "its format"),
    (lambda _: b"", "cut off"),
    (lambda _: b"\x1f\x8b rubbish", "damaged"),
    (lambda text: gzip.compress(text)[:-30], "cut off"),
]
_CARE = [
    (rb'"clause":"\d', rb'"clause":"9', "not the one that the log commits to"),
    (rb'"nonce":"[0-9a-f]{4}', rb'"nonce":"0000', "removal of"),
    (rb'\\"measure\\":\\"publish\\"', rb'\\"measure\\":\\"refuse\\"', "not those that"),
    (rb'"size":\d+', rb'"size":1', "does not say what"),
    (rb'"checkpoint":"old', rb'"checkpoint":"odd', "checkpoint"),
    (rb'"kind":"leaf","index":1,', rb'"kind":"leaf","index":7,', "leaf 1 of the log"),
    (rb'"id":"(\d+)","parent"', rb'"id":"5","parent"', "is not the one it is called"),
    (rb'"salt":"[0-9a-f]{4}', rb'"salt":"zzzz', "cannot be"),
    (rb'"kind":"site","id":"daily"', rb'"kind":"site","id":"other"', "header names"),
    (rb'"outcome":"pass"', rb'"outcome":"perhaps"', "cannot be"),
]


class TestRefused:
    async def test_where_something_is_already(
        self, content: bytes, db: Database, new_signer: Signer
    ) -> None:
        await restored(db, content, new_signer)
        with pytest.raises(NotEmpty, match="account"):
            await restored(db, content, new_signer)
        assert await written(db, new_signer) == content

    @pytest.mark.parametrize(("harm", "says"), _HARM)
    async def test_what_is_damaged(
        self,
        content: bytes,
        sqlite_db: Database,
        new_signer: Signer,
        harm: Callable[[bytes], bytes],
        says: str,
    ) -> None:
        with pytest.raises(BadFile, match=says):
            await restored(sqlite_db, harm(content), new_signer)
        assert await sqlite_db.read(filled_tables) == []

    @pytest.mark.parametrize(("pattern", "by", "says"), _CARE)
    async def test_what_somebody_has_changed_with_care(
        self,
        content: bytes,
        sqlite_db: Database,
        new_signer: Signer,
        pattern: bytes,
        by: bytes,
        says: str,
    ) -> None:
        """The last line fits, but the log does not."""
        changed, count = re.subn(pattern, by, content, count=1)
        assert count == 1

        with pytest.raises(BadFile, match=says):
            await restored(sqlite_db, resealed(changed), new_signer)
        assert await sqlite_db.read(filled_tables) == []

    async def test_what_contradicts_itself(
        self, content: bytes, db: Database, new_signer: Signer
    ) -> None:
        line = next(one for one in content.splitlines(keepends=True) if b'"kind":"author"' in one)
        with pytest.raises(BadFile, match="contradicts itself"):
            await restored(db, resealed(content.replace(line, line * 2)), new_signer)
        assert await db.read(filled_tables) == []


def resealed(text: bytes) -> bytes:
    """With a last line that fits, as somebody with a text editor and a little time would."""
    *before, _ = text.splitlines(keepends=True)
    digest = sha256(b"".join(before)).hexdigest()
    end = {"kind": "end", "lines": len(before), "sha256": digest}
    return b"".join(before) + json.dumps(end).encode() + b"\n"


def test_a_packed_file_is_the_same_each_time(tmp_path: Path, content: bytes) -> None:
    one, two = tmp_path / "one.jsonl.gz", tmp_path / "two.jsonl.gz"
    for file in (one, two):
        with writing(file) as out:
            out.write(content)

    assert one.read_bytes() == two.read_bytes()
    assert gzip.decompress(one.read_bytes()) == content
    assert len(list(read_records(one))) == len(content.splitlines()) - 1
    assert [one, two] == sorted(tmp_path.glob("*jsonl*"))


def parsed(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def test_nothing_that_could_hold_a_row_is_forgotten() -> None:
    """A new table has to say whether it moves, and a person's own one whether they get it."""
    assert set(metadata.tables) == MOVES | set(STAYS)
    assert not MOVES & set(STAYS)
    assert set(STAYS) >= MACHINERY
