import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from gentie.screening import store
from gentie.screening.model import TooMany
from gentie.screening.rates import count
from gentie.screening.tables import rates
from gentie.storage.db import Database

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

tries = partial(count, window=MINUTE, limit=3)


async def counted(db: Database, key: str, *, at: datetime = NOON) -> bool:
    try:
        await db.act(partial(tries, key=key, now=at))
    except TooMany:
        return False
    return True


async def test_lets_so_many_through_and_says_when_to_come_back(db: Database) -> None:
    assert [await counted(db, "post:account:a") for _ in range(4)] == [True, True, True, False]

    with pytest.raises(TooMany) as refused:
        await db.act(partial(tries, key="post:account:a", now=NOON))

    assert refused.value.facts == {"retry_after": 20}
    later = NOON + timedelta(seconds=20)
    assert await counted(db, "post:account:a", at=later)
    assert not await counted(db, "post:account:a", at=later)


async def test_keys_do_not_share_a_rate(db: Database) -> None:
    for _ in range(3):
        await counted(db, "post:account:a")

    assert await counted(db, "post:account:b")


async def test_a_rest_brings_everything_back_but_no_more(db: Database) -> None:
    for _ in range(5):
        await counted(db, "k")
    tomorrow = NOON + timedelta(days=1)

    assert [await counted(db, "k", at=tomorrow) for _ in range(4)] == [True, True, True, False]


async def test_two_at_once_are_both_counted(db: Database) -> None:
    answers = await asyncio.gather(*(counted(db, "k") for _ in range(10)))

    assert sum(answers) == 3


async def test_idle_rates_are_forgotten(db: Database) -> None:
    await counted(db, "old")
    await counted(db, "new", at=NOON + MINUTE)

    assert await db.act(partial(store.forget_idle_rates, now=NOON + MINUTE)) == 1
    assert await db.read(lambda tx: tx.scalars(sa.select(rates.c.key)).all()) == ["new"]
