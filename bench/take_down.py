"""From a removal to the first answer without it, over HTTP, while pages are being asked for.

    python -m bench.take_down [--quick]

Twice: the author takes a comment back at the server that serves the pages, and a moderator's
removal is written by another process beside it, which the server learns of from the outbox. The
time runs from the beginning of the act until no page of the thread, in any order, has the text.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

import httpx
import msgspec
import sqlalchemy as sa
from tests.newsroom import ANN, BEN, RULES, staff

from bench.figures import QUICK, Figure, median, not_measured, report
from bench.newsroom import SITE, Member, a_thread, an_instance, open_newsroom
from bench.processes import Server, gentie_serve
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.posting.make_draft import make_draft
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.kernel.actor import Actor
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import CommentRef
from gentie.ledger.tables import leaves
from gentie.main.instance import Instance
from gentie.storage.db import Database

RUNS = 4 if QUICK else 20
KEY = "article"
PATH = f"/api/v1/sites/{SITE}/threads/{KEY}/comments"
PAGES = tuple(f"{PATH}?sort={sort}&limit=50" for sort in ("newest", "oldest", "top"))
LONGEST = 10.0
"""Seconds after which a text that is still there counts as never gone."""
GROUND = Removal(class_id="spam", facts="Advertising.", message="Please do not advertise here.")

_WAITING = sa.select(sa.func.count()).select_from(leaves).where(leaves.c.idx.is_(None))


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    ref: str
    text: str


class StillThere(Exception):
    """The message says what was not taken down."""


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as made:
        data = Path(made) / "news"
        instance = an_instance(data)
        with gentie_serve(data) as server:
            yield from asyncio.run(_measure(instance, server))


async def _measure(instance: Instance, server: Server) -> list[Figure]:
    db = instance.open_database()
    try:
        async with httpx.AsyncClient(base_url=server.address, timeout=30) as client:
            return await _figures(db, client)
    finally:
        await db.close()


async def _figures(db: Database, client: httpx.AsyncClient) -> list[Figure]:
    # One removal costs a person credit, two of them the right to be published unread.
    member, *others = await open_newsroom(db, people=1 + RUNS + RUNS // 2)
    await a_thread(db, KEY)
    moderator, _ = await db.act(lambda tx: staff(tx, ANN, BEN))
    posted = [await _post(db, member, number) for number in range(RUNS)]
    removed = [await _post(db, one, RUNS + number) for number, one in enumerate(others[:RUNS])]
    answer = await client.get(PAGES[0])
    if answer.status_code != 200:
        return [not_measured("take-down", f"{PATH} answers {answer.status_code}", most=1.0)]
    beside = [await _gone_in(client, one, partial(_remove, db, moderator, one)) for one in removed]
    return [
        *_of("removed beside the server", beside),
        await _index_time(db, others[RUNS:], moderator),
        *await _of_author(client, member, posted),
    ]


async def _of_author(
    client: httpx.AsyncClient, member: Member, posted: list[Posted]
) -> list[Figure]:
    what = "taken back at the server"
    headers = {"authorization": f"Bearer {member.token}"}
    first = await client.delete(f"/api/v1/comments/{posted[0].ref}", headers=headers)
    if first.status_code != 200:
        why = f"DELETE of a comment answered {first.status_code}"
        return [not_measured(f"{what}: gone from all pages", why, most=1.0)]

    async def take_back(one: Posted) -> None:
        answer = await client.delete(f"/api/v1/comments/{one.ref}", headers=headers)
        answer.raise_for_status()

    return _of(what, [await _gone_in(client, one, partial(take_back, one)) for one in posted[1:]])


def _of(what: str, seconds: list[float]) -> list[Figure]:
    return [
        Figure(what=f"{what}: gone, median", value=median(seconds), unit="s"),
        Figure(
            what=f"{what}: gone, slowest of {len(seconds)}", value=max(seconds), unit="s", most=1.0
        ),
    ]


async def _gone_in(
    client: httpx.AsyncClient, one: Posted, take_down: Callable[[], Awaitable[None]]
) -> float:
    """Seconds until no page has it. The pages are in memory when it begins."""
    await _until(client, one, shown=True)
    started = perf_counter()
    await take_down()
    await _until(client, one, shown=False)
    taken = perf_counter() - started
    for page in PAGES:
        if one.text in (await client.get(page)).text:
            raise StillThere(f"{page} shows it again")
    return taken


async def _until(client: httpx.AsyncClient, one: Posted, *, shown: bool) -> None:
    """Ask for all pages again and again until all have it, or none."""
    over = perf_counter() + LONGEST
    while perf_counter() < over:
        answers = [(await client.get(page)).text for page in PAGES]
        if all((one.text in answer) is shown for answer in answers):
            return
    raise StillThere(f"after {LONGEST} s it is {'not ' if shown else ''}there")


async def _index_time(db: Database, people: list[Member], moderator: Actor) -> Figure:
    """Until the sequencer of the server has given the leaf of a removal its place."""
    taken = []
    for number, member in enumerate(people):
        one = await _post(db, member, 1000 + number)
        await _all_placed(db)
        started = perf_counter()
        await _remove(db, moderator, one)
        await _all_placed(db)
        taken.append(perf_counter() - started)
    what = f"index of its leaf in the log, slowest of {len(taken)}"
    return Figure(what=what, value=max(taken), unit="s", most=2.0)


async def _all_placed(db: Database) -> None:
    while await db.read(lambda tx: tx.scalar(_WAITING)):  # noqa: ASYNC110 another process does it
        await asyncio.sleep(0.005)


async def _post(db: Database, member: Member, number: int) -> Posted:
    text = f"This is number {number:04} of those that go."
    submission = Submission(site=SITE, key=KEY, draft=make_draft(text, RULES))
    made = await db.act(
        partial(submit_comment, submission=submission, acting=member.actor, now=utc_now())
    )
    return Posted(ref=made.id, text=text)


async def _remove(db: Database, moderator: Actor, one: Posted) -> None:
    ref = CommentRef.parse(one.ref)
    await db.act(partial(remove_comment, ref=ref, removal=GROUND, acting=moderator, now=utc_now()))


if __name__ == "__main__":
    report("take_down", measure)
