"""Hints are heard once each, late ones too, and whatever may have been missed is said."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

import msgspec
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from gentie.jobs.hearing import OVERLAP, TOGETHER, Hearing, Seen
from gentie.jobs.pages import by_message as by_message_of
from gentie.storage import hints
from gentie.storage.db import Database
from gentie.storage.outbox import Message
from tests.newsroom import NOON


class Heard:
    def __init__(self, db: Database) -> None:
        self.said: list[str] = []
        self.lost = 0
        self.now = NOON
        self.hearing = Hearing(
            db, {"some": self.hear}, lost=self._lose, holder="here", clock=lambda: self.now
        )

    async def hear(self, bodies: Sequence[Mapping[str, str]]) -> None:
        self.said += [body["n"] for body in bodies]

    def _lose(self) -> None:
        self.lost += 1


async def tell(db: Database, n: int, *, topic: str = "some") -> None:
    await db.act(partial(hints.tell, topic=topic, body={"n": str(n)}, now=NOON))


async def test_each_is_heard_once(db: Database) -> None:
    heard = Heard(db)
    await tell(db, 0)
    await heard.hearing.begin()
    await tell(db, 1)
    await tell(db, 2, topic="another")
    await tell(db, 3)

    assert await heard.hearing.look(back=False) == 3
    assert await heard.hearing.look(back=True) == 0
    assert heard.said == ["1", "3"]


async def test_what_was_done_by_message_is_not_done_by_hint(db: Database) -> None:
    """And the other way round: whichever comes first, it is done once."""
    heard = Heard(db)
    await heard.hearing.begin()
    by_hint, by_message = [await db.act(partial(told, n=n)) for n in (1, 2)]
    handlers = by_message_of({"some": heard.hear}, heard.hearing)
    message = Message(
        id="7", topic="some", body={"n": "2", "hint": by_message}, attempt=1, lease=""
    )
    await handlers["some"](message)
    assert await heard.hearing.look(back=False) == 1
    assert heard.said == ["2", "1"]

    again = msgspec.structs.replace(message, body={"n": "1", "hint": by_hint})
    await handlers["some"](again)
    await handlers["some"](msgspec.structs.replace(message, body={"n": "3"}))
    assert heard.said == ["2", "1", "3"]


def told(tx: sa.Connection, n: int) -> str:
    return hints.tell(tx, "some", {"n": str(n)}, now=NOON)


async def test_what_was_committed_late_is_found(db: Database) -> None:
    heard = Heard(db)
    await heard.hearing.begin()
    await tell(db, 1)
    await heard.hearing.look(back=False)

    def late(tx: sa.Connection) -> None:
        """Its id was made before that of the hint which is known."""
        last = int(hints.last(tx))
        row = {"id": str(last - OVERLAP // 2), "topic": "some", "body": b'{"n":"0"}', "at": NOON}
        tx.execute(hints.hints.insert(), row)

    await db.act(late)
    assert await heard.hearing.look(back=False) == 0
    assert await heard.hearing.look(back=True) == 1
    assert await heard.hearing.look(back=True) == 0
    assert heard.said == ["1", "0"]


async def test_whoever_was_away_says_so(db: Database) -> None:
    heard = Heard(db)
    await heard.hearing.begin()
    heard.now = NOON + hints.TERM + timedelta(seconds=1)
    was_hearing = heard.hearing.is_hearing
    await heard.hearing.renew()
    assert (was_hearing, heard.lost, heard.hearing.is_hearing) == (False, 1, True)


async def test_a_flood_is_heard_whole_and_in_order(db: Database) -> None:
    """And what its words are made of does not matter."""
    heard = Heard(db)
    await heard.hearing.begin()
    flood = [f'{n} "]}},[\\ \n 跟帖' for n in range(2 * TOGETHER + 1)]

    def tell_all(tx: sa.Connection) -> None:
        for n in flood:
            hints.tell(tx, "some", {"n": n}, now=NOON)

    await db.act(tell_all)
    assert await heard.hearing.look(back=True) == len(flood)
    assert heard.said == flood


@given(st.lists(st.integers(0, 50)), st.integers(-1, 51), st.integers(-1, 51))
def test_seen_knows_what_a_set_knows(numbers: list[int], since: int, until: int) -> None:
    seen, known = Seen(), set[int]()
    for one in numbers:
        assert seen.add(one) is (one not in known)
        known.add(one)
    assert seen.within(since, until) == sorted(one for one in known if since < one <= until)
    seen.forget(since)
    assert {one for one in range(52) if one in seen} == {one for one in known if one > since}
