"""Keep screening by the rules in force: a newly approved version, or a list that begins or ends."""

import asyncio
from datetime import datetime

from gentie.screening.pipeline import CompiledRules, Screener, compile_rules
from gentie.screening.queries import live_rules, live_version
from gentie.storage.db import Database


async def load_rules(db: Database, *, now: datetime) -> CompiledRules:
    """The rules in force, compiled beside the requests: long lists take a moment."""
    source = await db.read(live_rules)
    return await asyncio.to_thread(compile_rules, source, now=now)


async def refresh_rules(db: Database, screener: Screener, *, now: datetime) -> None:
    """Swap the rules when others are in force by now."""
    compiled = screener.compiled
    ended = compiled.good_until is not None and compiled.good_until <= now
    if ended or compiled.version != f"screening/{await db.read(live_version)}":
        screener.use(await load_rules(db, now=now))
