"""The same request sent again has one effect and one answer."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
import pytest
import sqlalchemy as sa

from gentie.kernel.refusal import Refusal
from gentie.storage import idempotency, outbox
from gentie.storage.db import Database
from gentie.storage.idempotency import KEPT, KeyReused, forget_old, once

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Sent(msgspec.Struct):
    text: str


class NotToday(Refusal):
    code, says = "test-not-today", "Not today."


def send(tx: sa.Connection, text: str = "a") -> Sent:
    outbox.send_on_commit(tx, "note", {"text": text}, due=NOON)
    return Sent(f"{text} was sent as {tx.scalar(sa.select(sa.func.max(outbox.messages.c.id)))}")


def asked(
    tx: sa.Connection, *, text: str = "a", who: str = "acc-1", key: str = "k", now: datetime = NOON
) -> Sent:
    body = partial(send, text=text)
    return once(tx, body, who=who, key=key, request=text, kind=Sent, now=now)


async def waiting(db: Database) -> int:
    return (await db.read(outbox.backlog)).waiting


async def test_fifty_at_once_have_one_effect_and_one_answer(db: Database) -> None:
    answers = await asyncio.gather(*(db.act(asked) for _ in range(50)))

    assert len({answer.text for answer in answers}) == 1
    assert await waiting(db) == 1


async def test_the_same_key_for_something_else_is_refused(db: Database) -> None:
    await db.act(asked)

    with pytest.raises(KeyReused):
        await db.act(partial(asked, text="b"))
    assert await waiting(db) == 1


async def test_keys_belong_to_whoever_sent_them(db: Database) -> None:
    await db.act(asked)
    await db.act(partial(asked, who="acc-2"))
    await db.act(partial(asked, key="other"))

    assert await waiting(db) == 3


async def test_a_refusal_is_not_kept(db: Database) -> None:
    def refuse(tx: sa.Connection) -> Sent:
        send(tx)
        raise NotToday

    refusing = partial(once, body=refuse, who="acc-1", key="k", request="a", kind=Sent, now=NOON)
    with pytest.raises(NotToday):
        await db.act(refusing)
    assert await waiting(db) == 0

    await db.act(asked)
    assert await waiting(db) == 1


async def test_whoever_waited_for_a_refusal_carries_it_out_itself(db: Database) -> None:
    tries = 0

    def refuse_first(tx: sa.Connection) -> Sent:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise NotToday
        return send(tx)

    asking = partial(once, body=refuse_first, who="a", key="k", request="a", kind=Sent, now=NOON)
    answers = await asyncio.gather(*(db.act(asking) for _ in range(5)), return_exceptions=True)

    assert sorted(type(answer) is Sent for answer in answers) == [False, True, True, True, True]
    assert await waiting(db) == 1


async def test_keys_are_forgotten_after_a_day(db: Database) -> None:
    await db.act(asked)

    assert await db.act(partial(forget_old, now=NOON + KEPT)) == 0
    assert await db.act(partial(forget_old, now=NOON + KEPT + timedelta(seconds=1))) == 1
    assert await db.read(lambda tx: tx.execute(idempotency.keys.select()).all()) == []
