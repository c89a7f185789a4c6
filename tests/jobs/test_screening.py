"""What the hourly tidying of screening leaves behind."""

from datetime import UTC, datetime, timedelta
from functools import partial

import sqlalchemy as sa

from gentie.jobs.screening import load_rules, tasks_for
from gentie.screening.pipeline import Screener
from gentie.screening.rates import count
from gentie.screening.tables import rates
from gentie.storage.db import Database

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def test_rates_that_hold_nobody_back_are_forgotten(db: Database) -> None:
    for key, at in (("idle", NOON), ("busy", NOON + MINUTE)):
        await db.act(partial(count, key=key, window=MINUTE, limit=3, now=at))
    screener = Screener(await load_rules(db, now=NOON))

    for task in tasks_for(db, screener, clock=lambda: NOON + MINUTE):
        await task.run()

    assert await db.read(lambda tx: tx.scalars(sa.select(rates.c.key)).all()) == ["busy"]
