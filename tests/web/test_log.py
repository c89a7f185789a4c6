"""Whoever reads the log over HTTP finds a true one true and a false one false: we and others."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from tlog_scales import tiles as their_tiles
from tlog_scales.backend import HttpBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint, InclusionProofInvalid

from gentie.actions.operations.sequence_log import sequence_log
from gentie.jobs.sequencing import SEQUENCER, sequence_once
from gentie.ledger import queries
from gentie.ledger.export import export_log
from gentie.ledger.keeping import Signer
from gentie.ledger.note import Checkpoint as Ours
from gentie.ledger.tables import checkpoints, leaves, tiles
from gentie.ledger.tree import grown, leaf_hash
from gentie.ledger.verify import LogUnreachable, LogUntrue, check_proof, verify_log
from gentie.storage.db import Database
from gentie.web.app import Application, create_app
from gentie.web.public.log import routes
from tests.ledger.build import NOON, a_signer, append_leaves
from tests.web.build import a_services
from tests.web.serving import served

SIZE = 546
"""Two full tiles and a part of a third."""


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return a_signer(tmp_path / "keys")


@asynccontextmanager
async def a_log(db: Database, signer: Signer) -> AsyncIterator[str]:
    """Serve a log of `SIZE` leaves. Yields where it is."""
    await append_leaves(db, 300)
    await sequence_once(db, signer, now=NOON)
    await append_leaves(db, SIZE - 300)
    await sequence_once(db, signer, now=NOON)
    async with served(an_app(db, signer)) as url:
        yield f"{url}/log"


@pytest.fixture
async def log(sqlite_db: Database, signer: Signer) -> AsyncIterator[str]:
    async with a_log(sqlite_db, signer) as url:
        yield url


def an_app(db: Database, signer: Signer) -> Application:
    return create_app(a_services(db, log=signer.key.public), routes)


def their_check(url: str, vkey: str) -> None:
    """What the independent package makes of some leaves, of growth and of the signature."""
    reader = TilesReader(HttpBackend(url))
    checkpoint = reader.get_checkpoint()
    checkpoint.verify(Vkey.from_string(vkey))
    for index in (0, 255, 256, 400, checkpoint.size - 1):
        proof = reader.get_inclusion_proof(index, checkpoint.size)
        entry = reader.get_entry(index)
        proof.check(their_tiles.leaf_hash(entry), checkpoint.root_hash)
    growth = reader.get_consistency_proof(300, checkpoint.size)
    growth.check(reader.mth(0, 300), checkpoint.root_hash)


@pytest.mark.clause("2017-8.c")
async def test_a_true_log_is_found_true_on_both_engines(db: Database, signer: Signer) -> None:
    async with a_log(db, signer) as log:
        await asyncio.to_thread(their_check, log, signer.key.vkey)
        found = await asyncio.to_thread(verify_log, log, vkey=signer.key.vkey)

    assert (found.origin, found.size) == ("daily.example/log", SIZE)
    assert found.kinds == {"decision": SIZE}


def harm_tile(tx: sa.Connection) -> None:
    hashes = tx.scalars(sa.select(tiles.c.hashes).where(tiles.c.level == 0, tiles.c.n == 1)).one()
    harmed = bytes([hashes[0] ^ 1]) + hashes[1:]
    tx.execute(tiles.update().where(tiles.c.level == 0, tiles.c.n == 1).values(hashes=harmed))


def harm_entry(tx: sa.Connection) -> None:
    body = tx.scalars(sa.select(leaves.c.body).where(leaves.c.idx == 400)).one()
    harmed = body.replace(b"remove", b"refuse")
    tx.execute(leaves.update().where(leaves.c.idx == 400).values(body=harmed))


def rewrite(tx: sa.Connection) -> None:
    """Change an entry and make all tiles fit it, as only the operator can."""
    harm_entry(tx)
    bodies = tx.scalars(sa.select(leaves.c.body).order_by(leaves.c.idx))
    made = grown(queries.tiles_of(tx), 0, [leaf_hash(body) for body in bodies])
    tx.execute(tiles.delete())
    rows = [{"level": level, "n": n, "hashes": row} for (level, n), row in made.items()]
    tx.execute(tiles.insert(), rows)


def harm_signature(tx: sa.Connection) -> None:
    note = tx.scalars(sa.select(checkpoints.c.note).where(checkpoints.c.size == SIZE)).one()
    # Not the last characters: some of their bits belong to no byte.
    harmed = note[:-10] + ("B" if note[-10] == "A" else "A") + note[-9:]
    tx.execute(checkpoints.update().where(checkpoints.c.size == SIZE).values(note=harmed))


def harm_size(tx: sa.Connection) -> None:
    note = tx.scalars(sa.select(checkpoints.c.note).where(checkpoints.c.size == SIZE)).one()
    harmed = note.replace(f"\n{SIZE}\n", f"\n{SIZE - 1}\n")
    tx.execute(checkpoints.update().where(checkpoints.c.size == SIZE).values(note=harmed))


@pytest.mark.clause("2017-8.c")
@pytest.mark.parametrize(
    ("harm", "theirs", "ours"),
    [
        (harm_tile, InclusionProofInvalid, "tile/0/001 does not hold the hashes"),
        (harm_entry, InclusionProofInvalid, "tile/0/001 does not hold the hashes"),
        (rewrite, InclusionProofInvalid, "root of the 546 entries is not the one"),
        (harm_signature, InvalidSignature, "signature of the checkpoint is false"),
        (harm_size, InvalidSignature, "signature of the checkpoint is false"),
    ],
)
async def test_what_was_tampered_with_is_found_by_us_and_by_others(
    sqlite_db: Database,
    log: str,
    signer: Signer,
    harm: Callable[[sa.Connection], None],
    theirs: type[Exception],
    ours: str,
) -> None:
    await sqlite_db.act(harm)

    with pytest.raises(theirs):
        await asyncio.to_thread(their_check, log, signer.key.vkey)
    with pytest.raises(LogUntrue, match=ours):
        await asyncio.to_thread(verify_log, log, vkey=signer.key.vkey)


async def test_another_key_is_not_believed(log: str, tmp_path: Path) -> None:
    other = a_signer(tmp_path / "other").key

    with pytest.raises(LogUntrue, match="not signed by the key"):
        await asyncio.to_thread(verify_log, log, vkey=other.vkey)


async def test_a_log_must_continue_what_was_remembered(
    sqlite_db: Database, log: str, signer: Signer, tmp_path: Path
) -> None:
    memory = tmp_path / "seen"
    first = await asyncio.to_thread(verify_log, log, memory=memory)
    await append_leaves(sqlite_db, 5)
    await sequence_once(sqlite_db, signer, now=NOON)
    second = await asyncio.to_thread(verify_log, log, memory=memory)

    assert (first.grew_from, second.grew_from, second.size) == (None, SIZE, SIZE + 5)

    remembered = memory.read_text()
    forged = Checkpoint.from_text(remembered.partition("\n")[2])
    other = signer.key.sign(Ours(forged.origin, 300, b"\1" * 32))
    for note, wrong in (
        (other, "first 300 leaves are not those"),
        (signer.key.sign(Ours(forged.origin, 9_999, b"\1" * 32)), "has shrunk"),
        ("rubbish", "malformed"),
    ):
        memory.write_text(f"{signer.key.vkey}\n{note}")
        with pytest.raises(LogUntrue, match=wrong):
            await asyncio.to_thread(verify_log, log, memory=memory)
        assert memory.read_text() == f"{signer.key.vkey}\n{note}"


async def test_a_proof_convinces_who_holds_the_receipt(
    sqlite_db: Database, signer: Signer, log: str
) -> None:
    ids = await append_leaves(sqlite_db, 2)
    with pytest.raises(queries.NotYetInLog):
        await sqlite_db.read(partial(queries.proof_of, leaf_id=ids[1]))
    await sqlite_db.act(partial(sequence_log, acting=SEQUENCER, now=NOON))
    with pytest.raises(queries.NotYetInLog):  # it has its place, but nobody has signed it
        await sqlite_db.read(partial(queries.proof_of, leaf_id=ids[1]))
    await sequence_once(sqlite_db, signer, now=NOON)

    proof = await sqlite_db.read(partial(queries.proof_of, leaf_id=ids[1]))
    [entry] = await sqlite_db.read(partial(queries.entries_of, first=SIZE + 1, end=SIZE + 2))

    assert check_proof(proof, entry, signer.key.vkey) == SIZE + 1
    for bad in (proof.replace("index 547", "index 546"), proof.replace("v1\n", "v2\n"), "", "\n\n"):
        with pytest.raises(LogUntrue):
            check_proof(bad, entry, signer.key.vkey)
    with pytest.raises(LogUntrue):
        check_proof(proof, entry + b" ", signer.key.vkey)


async def test_an_export_is_the_same_log(
    sqlite_db: Database, log: str, signer: Signer, tmp_path: Path
) -> None:
    export = partial(export_log, folder=tmp_path / "copy", vkey=signer.key.vkey)

    assert await sqlite_db.read(export) == SIZE
    assert verify_log(str(tmp_path / "copy")).size == SIZE
    await append_leaves(sqlite_db, 300)
    await sequence_once(sqlite_db, signer, now=NOON)
    await sqlite_db.read(export)
    assert verify_log(str(tmp_path / "copy")).size == SIZE + 300
    (tmp_path / "copy/tile/entries/000").unlink()
    with pytest.raises(LogUnreachable):
        verify_log(str(tmp_path / "copy"))


async def test_only_what_was_published_is_served(log: str) -> None:
    async with httpx.AsyncClient(base_url=log) as client:

        async def answer(path: str) -> tuple[int, str, int]:
            got = await client.get(f"/{path}")
            return got.status_code, got.headers.get("cache-control", ""), len(got.content)

        full, part = "public, max-age=31536000, immutable", "public, max-age=86400"
        assert await answer("tile/0/000") == (200, full, 8192)
        assert await answer("tile/0/001.p/44") == (200, part, 44 * 32)
        assert await answer(f"tile/0/002.p/{SIZE - 512}") == (200, part, (SIZE - 512) * 32)
        assert await answer("tile/1/000.p/1") == (200, part, 32)
        assert await answer("tile/1/000.p/2") == (200, part, 64)
        for path in ("0/001.p/43", "0/002", "0/002.p/7", "0/003.p/1", "1/000.p/3", "2/000.p/1"):
            for place in (path, path.replace("0/0", "entries/0", 1)):
                assert (await answer(f"tile/{place}"))[0] == 404


async def test_anything_else_is_not_there(log: str) -> None:
    long = "0/" + "x999/" * 18 + "999"
    rubbish = ("", "0", "0/1", "0/%2e%2e/000", "0/000.p/256", "entries/x000/000", "9/000", "0/%00")
    async with httpx.AsyncClient() as client:
        answers = [await client.get(f"{log}/tile/{path}") for path in (*rubbish, "%ff", long)]

    assert {answer.status_code for answer in answers} == {404}
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}


async def test_checkpoint_and_key_are_text(log: str, signer: Signer) -> None:
    async with httpx.AsyncClient() as client:
        checkpoint, vkey = [await client.get(f"{log}/{name}") for name in ("checkpoint", "vkey")]

    assert checkpoint.headers["content-type"] == "text/plain; charset=utf-8"
    assert re.fullmatch(r"public, max-age=[0-9]", checkpoint.headers["cache-control"])
    assert vkey.text == f"{signer.key.vkey}\n"


async def test_before_the_first_checkpoint_there_is_none(
    sqlite_db: Database, signer: Signer
) -> None:
    async with served(an_app(sqlite_db, signer)) as url, httpx.AsyncClient() as client:
        answer = await client.get(f"{url}/log/checkpoint")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-in-log"
