"""A page that is not in memory: what rendering costs as its thread grows to a million comments.

    python -m bench.growth [--quick]

One thread holds all comments, which is the hardest case. Rendering is what a miss does: read from
SQLite, build the view, encode it; compressing is apart, as it does not know how long the thread is.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter, thread_time_ns

import msgspec
import sqlalchemy as sa

from bench.figures import QUICK, Figure, median, report
from bench.newsroom import SITE, a_thread, an_instance, fill, first_id, last_id, open_newsroom
from gentie.comments.model import Order
from gentie.kernel.clock import utc_now
from gentie.kernel.page import Cursor
from gentie.pages.model import Page
from gentie.pages.ready import make_ready
from gentie.pages.views import ROOTS, load_thread
from gentie.storage.db import Database

SIZES = (2_000, 10_000, 20_000) if QUICK else (10_000, 100_000, 1_000_000)
RENDERS = 20 if QUICK else 150
KEY = "long"

Costs = dict[str, float]
"""Median ms of CPU by kind of page."""


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as made:
        data = Path(made) / "news"
        by_size = {}
        for size in SIZES:
            started = perf_counter()
            by_size[size] = asyncio.run(_at(data, size))
            took = f"filled and measured in {perf_counter() - started:.0f} s"
            for kind, cost in by_size[size].items():
                yield Figure(
                    what=f"{size:>9,} comments, {kind}", value=cost, unit="ms CPU", note=took
                )
                took = ""
        yield Figure(
            what="compressing a page", value=asyncio.run(_compressing(data)), unit="ms CPU"
        )
        least, most = by_size[SIZES[0]], by_size[SIZES[-1]]
        for kind in least:
            yield Figure(
                what=f"{SIZES[-1]:,} / {SIZES[0]:,}, {kind}",
                value=most[kind] / least[kind],
                unit="x",
                most=1.5,
            )


async def _at(data: Path, size: int) -> Costs:
    instance = an_instance(data)
    db = instance.open_database()
    if size == SIZES[0]:
        await open_newsroom(db, people=1)
    thread = await a_thread(db, KEY)
    await db.close()
    fill(data / "gentie.db", thread, size)
    db = instance.open_database()
    try:
        return await _costs(db, size)
    finally:
        await db.close()


async def _costs(db: Database, size: int) -> Costs:
    chance = Random(size)  # noqa: S311 which pages are asked for
    costs = {}
    for kind, order, deep in (
        ("first page, newest", Order.NEWEST, False),
        ("first page, most agreed", Order.TOP, False),
        ("any page, newest", Order.NEWEST, True),
        ("any page, most agreed", Order.TOP, True),
    ):
        taken = []
        for _ in range(RENDERS):
            after = str(_anywhere(order, size, chance)) if deep else None
            taken.append(await db.read(partial(_render, order=order, after=after)))
        costs[kind] = median(taken)
    return costs


async def _compressing(data: Path) -> float:
    db = an_instance(data).open_database()
    try:
        return median([await db.read(_compress) for _ in range(RENDERS // 5)])
    finally:
        await db.close()


def _anywhere(order: Order, size: int, chance: Random) -> Cursor:
    at = chance.randint(first_id(), last_id(size))
    return Cursor(order=order.value, key=chance.randrange(400) if order is Order.TOP else 0, id=at)


def _render(tx: sa.Connection, *, order: Order, after: str | None) -> float:
    before = thread_time_ns()
    loaded = load_thread(tx, SITE, KEY, order, after=after, most=ROOTS, now=utc_now())
    msgspec.json.encode(loaded.view)
    return (thread_time_ns() - before) / 1e6


def _compress(tx: sa.Connection) -> float:
    loaded = load_thread(tx, SITE, KEY, Order.NEWEST, after=None, most=ROOTS, now=utc_now())
    page = Page(body=msgspec.json.encode(loaded.view), content_type="application/json")
    before = thread_time_ns()
    make_ready(page)
    return (thread_time_ns() - before) / 1e6


if __name__ == "__main__":
    report("growth", measure)
