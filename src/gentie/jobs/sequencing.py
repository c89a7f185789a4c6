"""The log's own pulse: place what waits, sign, publish. Run it once a second, anywhere, twice."""

import asyncio
from datetime import datetime
from functools import partial

from gentie.actions.operations.publish_checkpoint import publish_checkpoint
from gentie.actions.operations.sequence_log import BATCH, sequence_log
from gentie.kernel.actor import Actor, Kind
from gentie.kernel.ids import ActorId
from gentie.ledger import queries
from gentie.ledger.keeping import Signer, Standing
from gentie.ledger.note import Checkpoint
from gentie.storage.db import Database

SEQUENCER = Actor(
    id=ActorId("gentie"), kind=Kind.SERVICE, scopes=frozenset({"log:recover", "log:sequence"})
)
_ROUNDS = 20
"""Batches before the tree is signed, however many more leaves wait."""


async def sequence_once(db: Database, signer: Signer, *, now: datetime) -> int:
    """Place waiting leaves and publish a checkpoint that covers them. Returns the tree's size.

    The mark is read before the database: whatever was signed by then is committed, so a database
    that lacks it is an old one, and nothing is even placed.

    Raises:
        LogBehindMark: the database does not continue what was signed.
    """
    mark, standing = await _look(db, signer)
    if standing.pending:
        await _place(db, now)
        mark, standing = await _look(db, signer)
    if standing.size != standing.published:
        await _publish(db, signer, mark, standing, now)
    return standing.size


async def _place(db: Database, now: datetime) -> None:
    for _ in range(_ROUNDS):
        if await db.act(partial(sequence_log, acting=SEQUENCER, now=now)) < BATCH:
            return


async def _publish(
    db: Database, signer: Signer, mark: Checkpoint | None, standing: Standing, now: datetime
) -> None:
    note = await asyncio.to_thread(signer.sign, mark, standing)
    if note is not None:
        await db.act(partial(publish_checkpoint, note=note, acting=SEQUENCER, now=now))


async def _look(db: Database, signer: Signer) -> tuple[Checkpoint | None, Standing]:
    """The mark, then the database, which continues it."""
    mark = await asyncio.to_thread(signer.read_mark)
    standing = await db.read(partial(queries.standing, mark=mark))
    if mark is None and standing.published is not None:
        mark = await asyncio.to_thread(signer.read_mark)
        if mark is not None:  # another has signed the very first between the two
            return await _look(db, signer)
    signer.require_continued(mark, standing)
    return mark, standing
