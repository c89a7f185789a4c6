"""Leaves get their place once, the tree is the right one, and an old database is not signed on."""

import asyncio
import os
import shutil
import sqlite3
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from gentie.actions.operations.publish_checkpoint import publish_checkpoint
from gentie.actions.operations.sequence_log import sequence_log
from gentie.jobs.sequencing import SEQUENCER, sequence_once
from gentie.kernel.actor import ANYONE, MayNot
from gentie.ledger import queries
from gentie.ledger.keeping import LogBehindMark
from gentie.ledger.note import Checkpoint, open_checkpoint
from gentie.ledger.tables import checkpoints, leaves
from gentie.ledger.tree import leaf_hash, root_of
from gentie.storage.db import Database
from tests.ledger.build import NOON, a_signer, append_leaves, naive


def bodies(tx: sa.Connection) -> list[bytes]:
    """Of all leaves that have a place, in order."""
    placed = sa.select(leaves.c.body).where(leaves.c.idx.is_not(None)).order_by(leaves.c.idx)
    return list(tx.scalars(placed))


def root_at(tx: sa.Connection, size: int) -> bytes:
    return root_of(queries.tiles_of(tx), size)


def sizes(tx: sa.Connection) -> list[int]:
    return list(tx.scalars(sa.select(checkpoints.c.size).order_by(checkpoints.c.size)))


async def test_the_tree_is_right_at_each_step(db: Database, tmp_path: Path) -> None:
    signer = a_signer(tmp_path)

    for step in (0, 1, 254, 1, 2, 700):
        await append_leaves(db, step)
        await sequence_once(db, signer, now=NOON)

        said = open_checkpoint(await db.read(queries.note_of), signer.key.vkey)
        entries = await db.read(bodies)
        assert said.size == len(entries)
        assert said.root == naive([leaf_hash(body) for body in entries])
    assert await db.read(sizes) == [0, 1, 255, 256, 258, 958]


async def test_leaves_keep_the_order_of_their_ids(db: Database, tmp_path: Path) -> None:
    ids = await append_leaves(db, 5)
    await sequence_once(db, a_signer(tmp_path), now=NOON)

    assert await db.read(partial(queries.indexes_of, leaf_ids=ids)) == {
        leaf: index for index, leaf in enumerate(ids)
    }
    assert await db.read(partial(queries.index_of, leaf_id=ids[3])) == 3


async def test_nothing_new_is_not_signed_again(db: Database, tmp_path: Path) -> None:
    signer = a_signer(tmp_path)
    await append_leaves(db, 3)

    assert [await sequence_once(db, signer, now=NOON) for _ in range(3)] == [3, 3, 3]
    assert await db.read(sizes) == [3]


async def test_two_sequencers_and_three_producers(
    db: Database, ready_url: str, tmp_path: Path
) -> None:
    signer, other = a_signer(tmp_path), Database(ready_url)

    async def produce() -> None:
        for _ in range(20):
            await append_leaves(db, 7)

    async def sequence(mine: Database) -> None:
        while not done.is_set():
            await sequence_once(mine, signer, now=NOON)

    done = asyncio.Event()
    sequencers = [asyncio.create_task(sequence(one)) for one in (db, other)]
    await asyncio.gather(*(produce() for _ in range(3)))
    done.set()
    await asyncio.gather(*sequencers)
    await sequence_once(other, signer, now=NOON)
    await other.close()

    entries = await db.read(bodies)
    places = await db.read(lambda tx: list(tx.scalars(sa.select(leaves.c.idx))))
    said = open_checkpoint(await db.read(queries.note_of), signer.key.vkey)
    assert sorted(places) == list(range(420))
    assert said.root == naive([leaf_hash(body) for body in entries])


async def test_every_published_checkpoint_is_a_prefix_of_the_last(
    db: Database, tmp_path: Path
) -> None:
    signer = a_signer(tmp_path)
    for step in (3, 300, 1, 40):
        await append_leaves(db, step)
        await sequence_once(db, signer, now=NOON)

    notes = await db.read(lambda tx: list(tx.scalars(sa.select(checkpoints.c.note))))
    for note in notes:
        said = open_checkpoint(note, signer.key.vkey)
        assert said.root == await db.read(partial(root_at, size=said.size))


async def test_a_signature_that_was_not_published_is_published_later(
    db: Database, tmp_path: Path
) -> None:
    """The process ended between the mark and the checkpoint."""
    signer = a_signer(tmp_path)
    await append_leaves(db, 3)
    await db.act(partial(sequence_log, acting=SEQUENCER, now=NOON))
    mark = signer.read_mark()
    signed = signer.sign(mark, await db.read(partial(queries.standing, mark=mark)))

    await sequence_once(db, signer, now=NOON)

    assert await db.read(queries.note_of) == signed


async def test_only_the_service_may_sequence(db: Database) -> None:
    with pytest.raises(MayNot):
        await db.act(partial(sequence_log, acting=ANYONE, now=NOON))
    with pytest.raises(MayNot):
        await db.act(partial(publish_checkpoint, note="", acting=ANYONE, now=NOON))


async def an_old_backup(folder: Path) -> tuple[Database, Database]:
    """A database of 8 leaves, and beside it one that was restored from when it had 5."""
    db, signer = Database(f"sqlite:///{folder}/gentie.db"), a_signer(folder)
    await db.act(leaves.metadata.create_all)
    await append_leaves(db, 5)
    await sequence_once(db, signer, now=NOON)
    old = sqlite3.connect(folder / "old.db")
    with sqlite3.connect(folder / "gentie.db") as now:
        now.backup(old)
    now.close()
    old.close()
    await append_leaves(db, 3)
    await sequence_once(db, signer, now=NOON)
    return db, Database(f"sqlite:///{folder}/old.db")


@pytest.mark.clause("2017-8.c")
async def test_an_old_backup_is_not_signed_on(tmp_path: Path) -> None:
    db, old = await an_old_backup(tmp_path)
    mark = a_signer(tmp_path).mark.read()

    await append_leaves(old, 9)
    with pytest.raises(LogBehindMark, match=r"has 5 leaves, but 8 were signed.*operate-log\.md"):
        await sequence_once(old, a_signer(tmp_path), now=NOON)

    assert await old.read(sizes) == [5]
    assert len(await old.read(bodies)) == 5
    assert a_signer(tmp_path).mark.read() == mark
    await db.close()
    await old.close()


async def test_a_log_that_grew_apart_is_not_signed_on(tmp_path: Path) -> None:
    db, old = await an_old_backup(tmp_path)
    await append_leaves(old, 9, rule="other")
    await old.act(partial(sequence_log, acting=SEQUENCER, now=NOON))

    with pytest.raises(LogBehindMark, match="first 8 leaves are not those"):
        await sequence_once(old, a_signer(tmp_path), now=NOON)
    await db.close()
    await old.close()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda folder: (folder / "log.mark").unlink(), "mark is missing"),
        (lambda folder: (folder / "log.mark").write_bytes(b"\xff"), "not a signed note"),
        (lambda folder: os.truncate(folder / "log.mark", 40), "not a signed note"),
        (lambda folder: (folder / "log.key").unlink(), "no signature of"),
    ],
)
async def test_without_its_mark_or_key_nothing_is_signed(
    sqlite_db: Database, tmp_path: Path, harm: object, said: str
) -> None:
    await append_leaves(sqlite_db, 2)
    await sequence_once(sqlite_db, a_signer(tmp_path), now=NOON)
    await append_leaves(sqlite_db, 2)
    assert callable(harm)
    harm(tmp_path)

    with pytest.raises(LogBehindMark, match=said):
        await sequence_once(sqlite_db, a_signer(tmp_path), now=NOON)
    assert await sqlite_db.read(sizes) == [2]


def test_the_mark_never_goes_back(tmp_path: Path) -> None:
    signer = a_signer(tmp_path)
    small, large = (
        signer.key.sign(Checkpoint(signer.key.origin, size, bytes(32))) for size in (3, 5)
    )

    assert [signer.mark.advance(note) for note in (small, large, large, small)] == [
        *(True, True, True, False)
    ]
    assert signer.mark.read() == large


def test_the_key_is_nobodys_business(tmp_path: Path) -> None:
    key = a_signer(tmp_path / "keys").key

    assert (tmp_path / "keys" / "log.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
    assert a_signer(tmp_path / "keys").key.vkey == key.vkey
    shutil.copy(tmp_path / "keys" / "log.key", tmp_path / "log.key")
    assert a_signer(tmp_path, origin="other.example").key.origin == "daily.example/log"
