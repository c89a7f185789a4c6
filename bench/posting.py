"""A post, by part: what each costs, what all of it costs over HTTP, and what group commit saves.

    python -m bench.posting [--quick]

The site is under the regime with every gate, screening knows 100,000 terms, and each post is
published at once: decision, leaf and messages included. Parts are CPU of the thread that does
them. "Over HTTP" is CPU of the whole `gentie serve` for each acknowledged post, with its work in
the background; what no part explains is the rest.
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter, thread_time_ns
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from bench.figures import QUICK, Figure, median, not_measured, report
from bench.load import CONNECTIONS, a_request, send_all
from bench.newsroom import SITE, Member, a_thread, an_instance, open_newsroom
from bench.processes import Server, gentie_serve
from bench.screening import a_rule_set
from bench.texts import comments, hanzi, where_from
from gentie.actions.operations.approve_screening_rules import approve_screening_rules
from gentie.actions.operations.draft_screening_rules import draft_screening_rules
from gentie.actions.posting.count_attempt import count_attempt
from gentie.actions.posting.make_draft import Draft, make_draft
from gentie.actions.posting.network import SealedOrigin
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.comments.cleaning import clean
from gentie.comments.markup import parse, render_html
from gentie.kernel.actor import Actor, Kind
from gentie.kernel.chance import new_id
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import ActorId
from gentie.main.instance import Instance
from gentie.screening.pipeline import CompiledRules, compile_rules, screen
from gentie.screening.queries import live_rules
from gentie.screening.rates import Rate
from gentie.storage import sqlite
from gentie.storage.db import Database
from gentie.storage.outbox import send_on_commit
from gentie.vault.keys import load_public_key
from gentie.vault.sealing import NetworkSealer

T = TypeVar("T")
Body = Callable[[sa.Connection], Any]

POSTS, WARM = (200, 50) if QUICK else (2000, 200)
TERMS = 2_000 if QUICK else 100_000
EACH = 15
"""Posts of one person: fewer than the rates allow."""
WRITERS = CONNECTIONS
ROUNDS = 2 if QUICK else 5
KEY = "article"
SEALED = 200
"""Bytes of a sealed address, about."""
PATH = f"/api/v1/sites/{SITE}/threads/{KEY}/comments"
PUBLISHED = b'"state":"published"'
BAR = {"HTTP": 300.0, "screening": 600.0, "act": 600.0, "all": 1500.0}
"""Microseconds of CPU."""


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as made:
        data = Path(made) / "news"
        instance = an_instance(data)
        members = asyncio.run(_prepare(instance))
        parts = asyncio.run(_parts(instance, members))
        for name, cost in parts.items():
            bar = BAR.get(name)
            note = where_from() if name == "screening" else ""
            label = name if bar else f"  {name}"
            yield Figure(what=f"post: {label}", value=cost, unit="us CPU", most=bar, note=note)
        with gentie_serve(data) as server:
            yield from _over_http(server, members, known=sum(parts[one] for one in SUMMED))
        yield from asyncio.run(_commits(instance, members))


SUMMED = ("screening", "act", "counting the attempt", "sealing the address")
"""Parts that make up a post, none inside another. Commits are shared by many under load, so they
stay in the rest."""


async def _prepare(instance: Instance) -> list[Member]:
    db = instance.open_database()
    members = await open_newsroom(db, people=-(-(POSTS + WARM) // EACH))
    await a_thread(db, KEY)
    chance = Random(5)  # noqa: S311 the same terms each time
    rules = a_rule_set({"".join(hanzi(chance) for _ in range(6)) for _ in range(TERMS)})
    drafted = await db.act(
        partial(draft_screening_rules, drafted=rules, acting=_staff("one"), now=utc_now())
    )
    approve = partial(approve_screening_rules, version=drafted.version)
    await db.act(partial(approve, acting=_staff("two"), now=utc_now()))
    await db.close()
    return members


def _staff(name: str) -> Actor:
    scopes = frozenset({"rules:draft", "rules:approve"})
    return Actor(id=ActorId(f"staff:{name}"), kind=Kind.STAFF, scopes=scopes, role="compliance")


async def _parts(instance: Instance, members: Sequence[Member]) -> dict[str, float]:
    """Median CPU by part, in microseconds."""
    db = instance.open_database()
    try:
        rules = compile_rules(await db.read(live_rules), now=utc_now())
        texts = comments(POSTS)
        drafts = [make_draft(text, rules) for text in texts]
        return {
            **_before_the_act(texts, rules, instance),
            **await _in_the_act(db, drafts, members),
        }
    finally:
        await db.close()


def _before_the_act(texts: list[str], rules: CompiledRules, instance: Instance) -> dict[str, float]:
    sealer = NetworkSealer(load_public_key(instance.settings.vault_public_key_path), tenant="x")
    now = utc_now()
    return {
        "cleaning": _cost(clean, texts),
        "parsing": _cost(parse, texts),
        "rendering": _cost(render_html, [parse(text).nodes for text in texts]),
        "rules alone": _cost(partial(_screened, rules=rules), texts),
        "screening": _cost(partial(make_draft, rules=rules), texts),
        "sealing the address": _cost(
            lambda text: sealer.seal("192.0.2.1", len(text), now, "reference"), texts
        ),
    }


def _screened(text: str, rules: CompiledRules) -> object:
    return screen(text, rules)


def _cost(work: Callable[[T], object], inputs: Sequence[T]) -> float:
    taken = []
    for one in inputs:
        before = thread_time_ns()
        work(one)
        taken.append((thread_time_ns() - before) / 1000)
    return median(taken)


async def _in_the_act(
    db: Database, drafts: Sequence[Draft], members: Sequence[Member]
) -> dict[str, float]:
    """Each alone in its transaction, as on a quiet site."""
    acts, counts, around = [], [], []
    for number, draft in enumerate(drafts):
        member = members[number % len(members)]
        rates = [Rate(f"post:{by}:{number}", timedelta(minutes=5), 20) for by in ("a", "b")]
        counting = partial(count_attempt, attempted=rates, acting=member.actor, now=utc_now())
        counts.append(await _inside(db, counting))
        acts.append(await _inside(db, _posting(draft, member)))
        around.append(await _around(db))
    return {
        "act": median(acts),
        "counting the attempt": median(counts),
        "beginning, committing, telling": median(around),
    }


def _somewhere() -> SealedOrigin:
    return SealedOrigin(reference=new_id(), blob=bytes(SEALED))


def _posting(draft: Draft, member: Member) -> Body:
    submission = Submission(site=SITE, key=KEY, draft=draft, network=_somewhere())
    return partial(submit_comment, submission=submission, acting=member.actor, now=utc_now())


async def _inside(db: Database, body: Body) -> float:
    """Microseconds of the writer thread in the body of an act."""

    def timed(tx: sa.Connection) -> float:
        before = thread_time_ns()
        body(tx)
        return (thread_time_ns() - before) / 1000

    return await db.act(timed)


async def _around(db: Database) -> float:
    """Microseconds of the writer thread between two acts with a message to commit each."""

    def ended(tx: sa.Connection) -> int:
        _message(tx)
        return thread_time_ns()

    before = await db.act(ended)
    return (await db.act(lambda _: thread_time_ns()) - before) / 1000


def _over_http(server: Server, members: Sequence[Member], *, known: float) -> Iterator[Figure]:
    what = "post: all, over HTTP"
    posted = asyncio.run(_post_all(server, members))
    if isinstance(posted, str):
        yield not_measured(what, f"{PATH} answered {posted}", most=BAR["all"])
        return
    yield Figure(what=what, value=posted.all, unit="us CPU", most=BAR["all"])
    yield Figure(what="post:   of it in the event loop", value=posted.loop, unit="us CPU")
    door = asyncio.run(_turned_away(server))
    yield Figure(
        what="post: HTTP: parsed, routed, answered",
        value=door,
        unit="us CPU",
        most=BAR["HTTP"],
        note="a stranger's post, refused before any act",
    )
    rest = posted.all - known - door
    yield Figure(what="post: loop, threads, commits, jobs (the rest)", value=rest, unit="us CPU")


@dataclass(frozen=True)
class Posted:
    """Microseconds of CPU for each post."""

    all: float
    loop: float
    """Of it in the thread of the event loop."""


async def _post_all(server: Server, members: Sequence[Member]) -> Posted | str:
    """What it took, or what an answer was that was no publication."""
    posts = [
        _a_post(server, text, members[number % len(members)])
        for number, text in enumerate(comments(WARM + POSTS))
    ]
    said = await send_all(server.address, posts[:WARM])
    loop, whole = server.cpu_of_loop(), server.cpu()
    said += await send_all(server.address, posts[WARM:])
    await asyncio.sleep(1)  # what follows a post in the background is its cost too
    taken = (server.cpu() - whole, server.cpu_of_loop() - loop)
    other = next((one for one in said if one[0] != 201 or PUBLISHED not in one[1]), None)
    if other is not None:
        return f"{other[0]} {other[1][:120].decode()}"
    return Posted(*(seconds / POSTS * 1e6 for seconds in taken))


async def _turned_away(server: Server) -> float:
    """Microseconds for a whole request of which nothing but HTTP comes."""
    posts = [_a_post(server, text, None) for text in comments(POSTS)]
    before = server.cpu()
    said = await send_all(server.address, posts)
    assert {status for status, _ in said} == {401}
    return (server.cpu() - before) / POSTS * 1e6


def _a_post(server: Server, text: str, member: Member | None) -> bytes:
    headers = {"content-type": "application/json"}
    if member is not None:
        headers["authorization"] = f"Bearer {member.token}"
        headers["x-forwarded-for"] = _address(member)
    body = msgspec.json.encode({"text": text})
    return a_request(server.address, "POST", PATH, headers, body)


def _address(member: Member) -> str:
    """One for each person, so that the rate of an address is not what is measured."""
    number = int(member.actor.id[:4], 16)
    return f"198.18.{number >> 8}.{number & 255}"


async def _commits(instance: Instance, members: Sequence[Member]) -> list[Figure]:
    db = instance.open_database()
    rules = compile_rules(await db.read(live_rules), now=utc_now())
    drafts = [make_draft(text, rules) for text in comments(POSTS)]
    posting = [_posting(draft, members[at % len(members)]) for at, draft in enumerate(drafts)]
    small: list[Body] = [_message] * len(posting)
    try:
        return [
            *await _grouped(db, "post", posting),
            *await _grouped(db, "one small row", small),
        ]
    finally:
        await db.close()


def _message(tx: sa.Connection) -> None:
    send_on_commit(tx, "bench", {}, due=utc_now())


async def _grouped(db: Database, what: str, bodies: Sequence[Body]) -> list[Figure]:
    """Acts a second at `WRITERS` writers with one commit for many, and with one for each."""
    together, alone = [], []
    for _ in range(ROUNDS):
        together.append(await _rate(db, bodies, group=64))
        alone.append(await _rate(db, bodies, group=1))
    ratios = [many / single for many, single in zip(together, alone, strict=True)]
    return [
        Figure(
            what=f"{what}: group commit, {WRITERS} writers", value=median(together), unit="acts/s"
        ),
        Figure(what=f"{what}: a commit each", value=median(alone), unit="acts/s"),
        Figure(
            what=f"{what}: group commit / a commit each", value=median(ratios), unit="x", least=3.0
        ),
    ]


async def _rate(db: Database, bodies: Sequence[Body], *, group: int) -> float:
    usual, sqlite.GROUP = sqlite.GROUP, group
    waiting = list(bodies[: POSTS // 2])
    count = len(waiting)

    async def writer() -> None:
        while waiting:
            await db.act(waiting.pop())

    started = perf_counter()
    await asyncio.gather(*(writer() for _ in range(WRITERS)))
    sqlite.GROUP = usual
    return count / (perf_counter() - started)


if __name__ == "__main__":
    report("posting", measure)
