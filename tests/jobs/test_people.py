"""The address somebody posted from is sealed first of all, and gone when its time is over."""

import logging
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.accounts.model import Attested
from gentie.jobs.people import SETTLED, handlers_for, sweep_once, tasks_for
from gentie.storage import outbox
from gentie.storage.db import Database
from gentie.storage.schema import metadata
from gentie.vault import queries, store
from gentie.vault.keys import load_private_key, load_public_key, make_seal_keys
from gentie.vault.model import NETWORK_TOPIC, Fingerprint, SealedRecord
from gentie.vault.opening import open_record
from gentie.vault.sealing import NetworkSealer
from gentie.vault.tables import network_records, vault_metadata
from tests.accounts.build import NOON, SOMEBODY, days_ago

ADDRESS = "203.0.113.77"
DAYS = 184


def post(tx: sa.Connection, blob: bytes) -> None:
    """What an act of posting does with the sealed bytes it was given."""
    record = SealedRecord.posted(blob, reference="r1", subject="c1", at=NOON, keep_days=DAYS)
    outbox.send_on_commit(tx, NETWORK_TOPIC, record.to_message(), due=NOON)


async def handle_all(db: Database, vault: Database, *, times: int = 1) -> None:
    handlers = handlers_for(vault, clock=lambda: NOON)
    for message in await db.act(partial(outbox.take, now=NOON)):
        for _ in range(times):
            await handlers[message.topic](message)


@pytest.mark.clause("2017-5.2b")
class TestNetworkRecords:
    async def test_are_readable_nowhere_on_their_way(
        self, db: Database, vault: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        public, private = tmp_path / "keys" / "vault.pub", tmp_path / "safe" / "vault.key"
        make_seal_keys(public, private)
        sealer = NetworkSealer(load_public_key(public), tenant="t1")
        blob = sealer.seal(ADDRESS, 51234, NOON, "r1")

        await db.act(partial(post, blob=blob))
        on_the_way = await everything_in(db, metadata)
        await handle_all(db, vault, times=2)
        kept = await vault.read(lambda tx: tx.execute(sa.select(network_records)).all())

        assert "r1" in on_the_way
        for seen in (on_the_way, await everything_in(vault, vault_metadata), caplog.text):
            assert ADDRESS not in seen
            assert "51234" not in seen
        assert [(row.reference, row.expires_at) for row in kept] == [
            ("r1", NOON + timedelta(days=DAYS))
        ]
        opened = open_record(kept[0].blob, load_private_key(private), tenant="t1", reference="r1")
        assert (opened.address, opened.port) == (ADDRESS, 51234)

    async def test_no_file_of_the_service_holds_them(
        self, sqlite_db: Database, sqlite_vault: Database, tmp_path: Path
    ) -> None:
        public, private = tmp_path / "vault.pub", tmp_path / "safe" / "vault.key"
        make_seal_keys(public, private)
        private.rename(tmp_path.parent / f"{tmp_path.name}.key")  # as an operator should
        sealer = NetworkSealer(load_public_key(public), tenant="t1")
        await sqlite_db.act(partial(post, blob=sealer.seal(ADDRESS, 51234, NOON, "r1")))
        await handle_all(sqlite_db, sqlite_vault)

        files = files_in(tmp_path)

        assert {"gentie.db", "vault.db", "vault.pub"} <= {file.name for file in files}
        for file in files:
            content = file.read_bytes()
            assert ADDRESS.encode() not in content, file
            assert b"PRIVATE KEY" not in content, file

    async def test_go_when_their_time_is_over(self, db: Database, vault: Database) -> None:
        await db.act(partial(post, blob=b"sealed"))
        await handle_all(db, vault)
        left = []
        for late in (timedelta(days=DAYS) - timedelta(seconds=1), timedelta(days=DAYS)):
            moment = NOON + late
            purge = tasks_for(db, vault, clock=lambda moment=moment: moment)[0]  # type: ignore[misc] # no name
            await purge.run()
            left.append((await vault.read(queries.stock)).records)

        assert left == [1, 0]

    async def test_are_not_kept_when_they_come_too_late(
        self, db: Database, vault: Database
    ) -> None:
        late = SealedRecord.posted(
            b"sealed", reference="r1", subject="c1", at=days_ago(DAYS), keep_days=DAYS
        )
        send = partial(outbox.send_on_commit, topic=NETWORK_TOPIC, body=late.to_message(), due=NOON)
        await db.act(send)
        await handle_all(db, vault)

        assert (await vault.read(queries.stock)).records == 0


async def test_what_a_crash_left_in_the_vault_is_swept_up(db: Database, vault: Database) -> None:
    ask = partial(store.person_for, now=NOON)
    real = await vault.act(partial(ask, fingerprint=Fingerprint(1, "aa")))
    left = await vault.act(partial(ask, fingerprint=Fingerprint(1, "bb")))
    attested = Attested(
        framework="sandbox",
        level="high",
        method="phone",
        verified_at=days_ago(1),
        valid_until=days_ago(-1),
    )
    adding = partial(accounts.add_verification, account=SOMEBODY, attested=attested, provider="p")
    await db.act(partial(adding, person=real, now=NOON))

    soon = await sweep_once(db, vault, clock=lambda: NOON)
    later = await sweep_once(db, vault, clock=lambda: NOON + 2 * SETTLED)

    assert (soon, later) == (0, 1)
    waiting = partial(queries.unconfirmed_persons, before=NOON + 2 * SETTLED)
    assert await vault.read(waiting) == [], "who was found is not looked for again"
    assert await vault.act(partial(ask, fingerprint=Fingerprint(1, "aa"))) == real
    assert await vault.act(partial(ask, fingerprint=Fingerprint(1, "bb"))) != left


def files_in(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


async def everything_in(db: Database, tables: sa.MetaData) -> str:
    def rows(tx: sa.Connection) -> str:
        return "\n".join(
            str(tuple(row)) for one in tables.sorted_tables for row in tx.execute(sa.select(one))
        )

    return await db.read(rows)
