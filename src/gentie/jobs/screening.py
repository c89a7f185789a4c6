"""Keep screening by the rules in force, and forget rates that hold nobody back."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

from gentie.actions.operations.forget_rates import forget_rates
from gentie.jobs.recurring import Task
from gentie.kernel.actor import SERVICE
from gentie.kernel.clock import Clock
from gentie.screening.pipeline import CompiledRules, Screener, compile_rules
from gentie.screening.queries import live_rules, live_version
from gentie.storage.db import Database


async def load_rules(db: Database, *, now: datetime) -> CompiledRules:
    """The rules in force, compiled beside the requests: long lists take a moment."""
    source = await db.read(live_rules)
    return await asyncio.to_thread(compile_rules, source, now=now)


def tasks_for(db: Database, screener: Screener, *, clock: Clock) -> list[Task]:
    """What comes again: a look at the rules each second, tidying up each hour."""

    async def refresh() -> None:
        await refresh_rules(db, screener, now=clock())

    async def forget() -> None:
        await db.act(partial(forget_rates, acting=SERVICE, now=clock()))

    return [
        Task(name="refresh-screening", every=timedelta(seconds=1), run=refresh),
        Task(name="forget-rates", every=timedelta(hours=1), run=forget),
    ]


async def refresh_rules(db: Database, screener: Screener, *, now: datetime) -> None:
    """Swap the rules when others are in force by now: a version was approved, a list has ended."""
    compiled = screener.compiled
    ended = compiled.good_until is not None and compiled.good_until <= now
    if ended or compiled.version != f"screening/{await db.read(live_version)}":
        screener.use(await load_rules(db, now=now))
