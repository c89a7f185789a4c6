from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
import pytest
import sqlalchemy as sa

from gentie.actions.posting.count_attempt import count_attempt
from gentie.kernel.actor import ANYONE, MayNot
from gentie.screening.model import TooMany
from gentie.screening.rates import Rate
from gentie.screening.tables import rates
from gentie.storage.db import Database

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def test_a_try_counts_for_all_rates_or_for_none(db: Database) -> None:
    few, many = Rate("z:few", MINUTE, 1), Rate("a:many", MINUTE, 5)
    attempt = partial(count_attempt, attempted=[few, many], acting=ANYONE, now=NOON)

    await db.act(attempt)
    before = await kept(db)
    with pytest.raises(TooMany):
        await db.act(attempt)

    assert await kept(db) == before
    assert [key for key, _ in before] == ["a:many", "z:few"]


async def test_needs_the_scope(sqlite_db: Database) -> None:
    nobody = msgspec.structs.replace(ANYONE, scopes=frozenset())

    with pytest.raises(MayNot):
        await sqlite_db.act(
            partial(count_attempt, attempted=[Rate("k", MINUTE, 1)], acting=nobody, now=NOON)
        )

    assert await kept(sqlite_db) == []


async def kept(db: Database) -> list[tuple[str, int]]:
    found = await db.read(lambda tx: tx.execute(sa.select(rates).order_by(rates.c.key)).all())
    return [(row.key, row.full_ms) for row in found]
