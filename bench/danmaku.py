"""Danmaku to thousands: the live process and those who follow it, each in a process of its own.

    python -m bench.danmaku [--quick]

Lines are written by acts beside the server, as the main process does it. What a viewer is sent is a
sample of at most twenty a second, the same for all; "fan-out" is the time from the first viewer
who has an event to every other. Viewers, writer and service share the cores of one machine.
"""

import asyncio
import json
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import sqlalchemy as sa
from tests.newsroom import OPERATOR, RULES

from bench import engine, hot_room
from bench.figures import QUICK, Figure, median, nearest_rank, not_measured, report
from bench.hot_room import Asked
from bench.newsroom import SITE, Member, a_thread, an_instance, open_newsroom
from bench.processes import (
    GIVING_WAY,
    Server,
    apart,
    beside,
    free_port,
    gentie_serve,
    this_python,
)
from gentie.actions.operations.declare_stream import declare_stream
from gentie.actions.operations.put_online import put_online
from gentie.actions.posting.make_draft import make_line
from gentie.actions.posting.routing import Submitted
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.danmaku.model import FEATURE, Stream, StreamKind, Wanted
from gentie.kernel.clock import utc_now
from gentie.storage.db import Database

ROOMS = ((100, 3.0),) if QUICK else ((1000, 8.0), (5000, 10.0))
"""Viewers, and for how many seconds lines come."""
PER_SECOND = 50
HOT = 20 if QUICK else 200
"""Lines a second through the whole post path, in a room that must not harm others."""
INJECTED = 100 if QUICK else 1000
"""Lines a second of which that room is told besides."""
FOLLOWING = 50 if QUICK else 2000
ASKED, EACH, TURNS = (2, 25, 4) if QUICK else (4, 50, 50)
"""How often so many requests go to another room in a turn; turns while the hot one runs, and not.

Many short ones: what else the machine has to do comes in seconds, and meets both alike then.
"""
SETTLED = 0.4
"""Seconds until what was done before a turn is over."""
ENOUGH = 50 if QUICK else 1000
"""Requests that must be left of turns in which nobody took our processor."""
ELSEWHERE, STAYING, STAYS = (10, 2.0, 1) if QUICK else (100, 8.0, 3)
"""Viewers of other videos, the seconds that they stay, and how often, hot and not."""
OTHERS = 20
"""Lines a second that are posted there."""
BACK = 100 if QUICK else 5000
KEY, OTHER = "film", "quiet"
CALM = tuple(f"calm-{number}" for number in range(20))
QUIET = f"/api/v1/sites/{SITE}/threads/{OTHER}/comments?sort=newest&limit=50"
Load = Callable[[], AbstractContextManager[hot_room.Heat]]
T = TypeVar("T")
_SETTINGS = "live_followers = 20000\nlive_per_address = 20000\nrate_factor = 100000\n"


def _lines_of(key: str) -> str:
    return f"/api/v1/sites/{SITE}/threads/{key}/danmaku"


def _live_of(key: str) -> str:
    return f"{_lines_of(key)}/live"


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as made:
        data = Path(made) / "news"
        instance = an_instance(data)
        (data / "gentie.toml").write_text(_SETTINGS)
        db = instance.open_database()
        members = asyncio.run(_open(db))
        role = ("--role", "live")
        with (
            gentie_serve(data) as main,
            gentie_serve(data, *role) as live,
            gentie_serve(data, *role) as pages,
        ):
            for viewers, seconds in ROOMS:
                yield from _fan_out(db, live, members, viewers, seconds)
            yield from _hot(data, db, (main, live, pages), members)
            yield from engine.measure(db, main, members)
        yield from _reconnect(data)
        asyncio.run(db.close())


async def _open(db: Database) -> list[Member]:
    members = await open_newsroom(db, people=32)
    for key in (OTHER, KEY, *CALM, engine.KEY):
        await a_thread(db, key)
    now = utc_now()

    def film(tx: sa.Connection) -> None:
        put_online(tx, SITE, FEATURE, assessment="bench", acting=OPERATOR, now=now)
        recorded = Stream(kind=StreamKind.RECORDED)
        for key in (KEY, *CALM, engine.KEY):
            declare_stream(tx, SITE, key, recorded, acting=OPERATOR, now=now)

    await db.act(film)
    return members


def _fan_out(
    db: Database, live: Server, members: list[Member], viewers: int, seconds: float
) -> Iterator[Figure]:
    with _viewers(live.address, _live_of(KEY), viewers, seconds + 2) as audience:
        before = live.cpu()
        asyncio.run(_write_all(db, members, seconds))
        spent = live.cpu() - before
        said = audience()
    what = f"{viewers:,} viewers x {PER_SECOND}/s"
    whole = said["complete"] / said["events"] if said["events"] else 0.0
    most = 0.1 if viewers <= 1000 else 0.4
    yield Figure(what=f"{what}: events that all have", value=whole, least=1.0)
    yield Figure(what=f"{what}: fan-out p99", value=said["spread_p99"], unit="s", most=most)
    yield Figure(
        what=f"{what}: from the act to the viewer, p99", value=said["late_p99"], unit="s", most=1.0
    )
    cost = spent / max(said["delivered"], 1) * 1e6
    yield Figure(what=f"{what}: CPU of the live process, an event", value=cost, unit="us")


def _hot(
    data: Path, db: Database, servers: tuple[Server, Server, Server], members: list[Member]
) -> Iterator[Figure]:
    """One takes lines, one tells those who follow, one shows pages to everybody else."""
    main, live, pages = servers
    lines = asyncio.run(_some_lines(db, members))
    posting = partial(hot_room.posting, main.address, members=members)
    loads: dict[str, Load] = {
        f"{HOT}/s posted": partial(posting, paths=[_lines_of(KEY)], rate=HOT),
        f"{INJECTED}/s injected": partial(hot_room.injecting, data, lines, INJECTED),
    }
    calm = partial(posting, paths=[_lines_of(key) for key in CALM], rate=OTHERS)
    with _viewers(live.address, _live_of(KEY), FOLLOWING, 1, first=GIVING_WAY):
        with apart(pages):
            for name, load in loads.items():
                yield from _felt(pages, name, load)
        with apart(live):
            for name, load in loads.items():
                yield from _told(live, calm, name, load)


def _felt(pages: Server, name: str, load: Load) -> Iterator[Figure]:
    """What another room's readers feel, calm and hot in turns.

    All that was whole counts together: of one turn's requests, two decide its 99th percentile.
    """

    def turn() -> list[Asked]:
        time.sleep(SETTLED)
        with beside(pages):
            return asyncio.run(hot_room.answered(pages.address, QUIET, ASKED, each=EACH))

    *turns, reached = _in_turns(load, TURNS, turn)
    calms, hots = ([one for turn in kind for one in turn] for kind in turns)
    whole = [[one for one in asked if one.whole] for asked in (calms, hots)]
    calm, hot = map(_slowest, whole)
    what = f"{name}, {FOLLOWING:,} viewers"
    yield Figure(what=f"{what}: reached", value=reached, unit="/s")
    if calm is None or hot is None:
        yield not_measured(f"{what}: p99 of another room's page", "too much was stolen", most=1.2)
        return
    yield Figure(
        what="  p99 of another room's page while all is calm",
        value=calm * 1000,
        unit="ms",
        note=f"{sum(map(len, whole))} of {2 * TURNS * ASKED} parts",
    )
    yield Figure(what=f"{what}: p99 of another room's page, of that", value=hot / calm, most=1.2)
    in_all = (_slowest(hots) or 0.0) / (_slowest(calms) or 1.0)
    yield Figure(what="  that of all parts, those that were cut short by others too", value=in_all)


def _in_turns(load: Load, turns: int, once: Callable[[], T]) -> tuple[list[T], list[T], float]:
    """What it was while all was calm, what while it was hot, and how hot that was, a second."""
    calms, hots = list[T](), list[T]()
    with load() as heat:
        for _ in range(turns):
            with heat.resting():
                calms.append(once())
            hots.append(once())
        return calms, hots, heat.per_second()


def _slowest(parts: Sequence[Asked]) -> float | None:
    """Their 99th percentile. None: they are too few."""
    times = [time for part in parts for time in part.times]
    return nearest_rank(times, 0.99) if len(times) >= ENOUGH else None


def _told(live: Server, calm: Load, name: str, load: Load) -> Iterator[Figure]:
    """How late viewers of other videos are told what is posted there, calm and hot in turns."""
    paths = ",".join(map(_live_of, CALM))

    def late() -> float:
        with calm(), _viewers(live.address, paths, ELSEWHERE, STAYING) as audience:
            return float(audience()["late_p99"])

    calms, hots, _ = _in_turns(load, STAYS, late)
    before, hot = median(calms), median(hots)
    what = f"{name}, {FOLLOWING:,} viewers"
    yield Figure(what="  other rooms' lines while all is calm, p99", value=before, unit="s")
    yield Figure(what=f"{what}: other rooms' lines, p99, of that", value=hot / before, most=1.2)


async def _some_lines(db: Database, members: list[Member]) -> list[str]:
    """Lines that are there to be told of."""
    return [one.id async for one in _write(db, members, 2 * INJECTED, 1)]


def _reconnect(data: Path) -> Iterator[Figure]:
    """All are told to go when the process ends, and come back to another at the same address."""
    port = str(free_port())
    again = ("--role", "live", "--port", port)
    with gentie_serve(data, *again) as first:
        viewers = _viewers(first.address, _live_of(KEY), BACK, 0)
        audience = viewers.__enter__()
    with gentie_serve(data, *again) as second:
        said = audience()
        settled = said["settled"] if said["here"] == BACK else None
        yield Figure(
            what=f"{BACK:,} viewers come back: the last follows after",
            value=settled,
            unit="s",
            most=30.0,
            note="" if settled is not None else f"not all: {said['here']} of {BACK}",
        )
        yield Figure(what="CPU of the new process for that", value=second.cpu(), unit="s")
        viewers.__exit__(None, None, None)


@contextmanager
def _viewers(
    address: str, path: str, viewers: int, seconds: float, *, first: Sequence[str] = ()
) -> Iterator[Any]:
    """Yields, once all are here, who waits for what they saw."""
    said = (address, path, str(viewers), str(seconds))
    command = *first, *this_python("-m", "bench.viewers", *said)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 ourselves
        assert process.stdout is not None
        lines = process.stdout
        if lines.readline() != "all are here\n":
            raise RuntimeError("the viewers did not come")
        try:
            yield lambda: json.loads(lines.readline())
        finally:
            process.kill()


async def _write(
    db: Database, members: list[Member], rate: int, seconds: float
) -> AsyncIterator[Submitted]:
    """Lines at that rate, as fast as the database takes them."""
    people, chance = cycle(members), Random(7)  # noqa: S311 when a line stands where
    written = 0
    async for _ in _beat(rate, seconds):
        draft = make_line(f"at{time.time_ns() // 1000} {written}", RULES)
        submission = Submission(
            site=SITE, key=KEY, draft=draft, danmaku=Wanted(t_ms=chance.randrange(3_600_000))
        )
        acting = next(people).actor
        post = partial(submit_comment, submission=submission, acting=acting, now=utc_now())
        yield await db.act(post)
        written += 1


async def _write_all(db: Database, members: list[Member], seconds: float) -> None:
    async for _ in _write(db, members, PER_SECOND, seconds):
        pass


async def _beat(rate: int, seconds: float) -> AsyncIterator[None]:
    """So many times a second; what is late comes at once."""
    started, number = time.perf_counter(), 0
    while (due := number / rate) < seconds:
        await asyncio.sleep(max(0.0, started + due - time.perf_counter()))
        yield
        number += 1


if __name__ == "__main__":
    report("danmaku", measure)
