"""An instance to measure: a site under the strictest regime in force, people who may post, threads.

Threads are filled by bulk SQL, which nothing else may do: each row is what the act of posting
would have stored, without its revision, decision and leaf, which no page reads.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import sqlalchemy as sa
from tests.newsroom import ATTESTED, OPERATOR

from bench.texts import comments as texts
from gentie.accounts import store as accounts
from gentie.accounts.agreement import write_agreement
from gentie.accounts.model import (
    SESSION_TERM,
    Acceptance,
    AgreementVersion,
    NewSession,
    SessionKind,
)
from gentie.accounts.roles import actor_of_account
from gentie.actions.operations.declare_thread import declare_thread
from gentie.actions.operations.open_site import NewSite, open_site
from gentie.catalogue.regimes import get_regime
from gentie.comments import tables
from gentie.comments.cleaning import clean
from gentie.comments.markup import parse, render_html
from gentie.comments.model import Author
from gentie.kernel.actor import Actor
from gentie.kernel.chance import first_id_of, new_account_id, new_secret
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import ActorId, SiteId, ThreadId
from gentie.main.instance import Instance
from gentie.sites.model import Declaration, Mode, ThreadClass
from gentie.storage.db import Database

SITE = SiteId("bench")
REGIME = "cn-2022-final"
"""Carries every gate: identity, agreement, standing, switches, features."""
REPLIES = 5
"""To each first comment."""
BATCH = 10_000

_COLUMNS = [column.name for column in tables.comments.c]
_INSERT = (  # names of our own columns
    f"INSERT INTO comment ({', '.join(_COLUMNS)}) "  # noqa: S608 column names of ours
    f"VALUES ({', '.join(':' + name for name in _COLUMNS)})"
)


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may post."""

    actor: Actor
    token: str
    """Of a session, for the Authorization header."""


def an_instance(data: Path) -> Instance:
    """A new instance in a folder of its own."""
    instance = Instance(data=data)
    instance.make_new()
    return instance


async def open_newsroom(db: Database, *, people: int) -> list[Member]:
    """The site with its agreement, and people with verified accounts and sessions."""
    await db.act(_open)
    return [await db.act(partial(_a_member, number=number)) for number in range(people)]


async def a_thread(db: Database, key: str) -> ThreadId:
    """A blog thread: published at once when screening passes."""
    declaration = Declaration(
        title=key.title(),
        url=f"https://page.example/{key}",
        kind=ThreadClass.BLOG,
        mode=Mode.POST,
        owner="",
    )

    def body(tx: sa.Connection) -> ThreadId:
        made = declare_thread(tx, SITE, key, declaration, acting=OPERATOR, now=utc_now())
        return made.id

    return await db.act(body)


def fill(file: Path, thread: ThreadId, size: int) -> None:
    """Bring a thread of a SQLite database to `size` comments, `REPLIES` to each first one.

    The first `BATCH` are made from the texts, what is beyond is copies under other ids with other
    numbers of votes.
    """
    with closing(sqlite3.connect(file, isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous=OFF")
        here = _size_of(raw, thread)
        if here < BATCH:
            raw.execute("BEGIN")
            raw.executemany(_INSERT, _rows(thread, here, min(size, BATCH)))
            raw.execute("COMMIT")
        for start in range(max(here, BATCH), size, BATCH):
            shift = {"shift": start << 8, "below": last_id(BATCH), "thread": int(thread)}
            raw.execute(_COPY, shift)
        _tally(raw, thread)
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("ANALYZE")


def first_id() -> int:
    """Of the oldest comment of a filled thread."""
    return int(first_id_of(datetime(2026, 1, 1, tzinfo=UTC)))


def last_id(size: int) -> int:
    return first_id() + (size << 8)


_SHIFTED = {
    "id": "id + :shift",
    "root_id": "CASE root_id WHEN 0 THEN 0 ELSE root_id + :shift END",
    "parent_id": "parent_id + :shift",
    "votes": "abs(random()) % 400",
}
_COPY = (  # names of our own columns
    f"INSERT INTO comment ({', '.join(_COLUMNS)}) "  # noqa: S608 column names of ours
    f"SELECT {', '.join(_SHIFTED.get(name, name) for name in _COLUMNS)} FROM comment "
    "WHERE thread_id = :thread AND id < :below"
)


def _rows(thread: ThreadId, start: int, end: int) -> Iterator[dict[str, Any]]:
    chance = Random(7)  # noqa: S311 the same numbers each time
    first = first_id()
    made = datetime(2026, 1, 1, tzinfo=UTC)
    regime = get_regime(REGIME)
    for number, text in zip(range(start, end), texts(BATCH)[start:], strict=False):
        root = number - number % (REPLIES + 1)
        reply = number != root
        body = parse(clean(text))
        yield {
            **dict.fromkeys(_COLUMNS),
            "thread_id": int(thread),
            "id": first + (number << 8),
            "site_id": SITE,
            "parent_id": first + (root << 8) if reply else None,
            "root_id": first + (root << 8) if reply else 0,
            "form": "reply" if reply else "post",
            "state": "published",
            "shown": 1,
            "author_id": f"{number % 997:032x}",
            "author": msgspec.json.encode(_author(number)),
            "origin": "user",
            "lang": "",
            "revision": 1,
            "latest": 1,
            "nodes": msgspec.json.encode(body.nodes),
            "html": render_html(body.nodes),
            "plain": body.plain,
            "created_at": _stored(made + timedelta(seconds=number)),
            "published_at": _stored(made + timedelta(seconds=number)),
            "votes": chance.randrange(400),
            "replies": 0 if reply else min(REPLIES, end - number - 1),
            "regime": regime.id,
            "policy": regime.policy,
            "receipt": "",
        }


def _author(number: int) -> Author:
    return Author(id=f"{number % 997:032x}", name=f"Reader {number % 997}", avatar="", badges=())  # type: ignore[arg-type] # an id made of a number


def _stored(moment: datetime) -> str:
    """As the column type keeps it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _size_of(raw: sqlite3.Connection, thread: ThreadId) -> int:
    found = raw.execute("SELECT count(*) FROM comment WHERE thread_id = ?", (int(thread),))
    size: int = found.fetchone()[0]
    return size


def _tally(raw: sqlite3.Connection, thread: ThreadId) -> None:
    row = (int(thread), _size_of(raw, thread), _stored(datetime(2026, 1, 2, tzinfo=UTC)))
    raw.execute("INSERT OR REPLACE INTO thread_tally VALUES (?, ?, ?)", row)


def _open(tx: sa.Connection) -> None:
    now, regime = utc_now(), get_regime(REGIME)
    wanted = NewSite(
        id=SITE,
        name="Bench",
        regime=REGIME,
        test=False,
        lang="en",
        origins=(),
        assessment="assessment-1",
    )
    open_site(tx, wanted, acting=OPERATOR, now=now)
    agreement = AgreementVersion(
        regime=REGIME,
        number=1,
        policy=regime.policy,
        in_force_from=now,
        text=write_agreement(regime),
    )
    accounts.add_agreement(tx, agreement)


def _a_member(tx: sa.Connection, *, number: int) -> Member:
    now, account = utc_now(), new_account_id()
    attested = msgspec.structs.replace(
        ATTESTED, verified_at=now, valid_until=now + timedelta(days=365)
    )
    accounts.add_account(tx, account, name=f"Reader {number}", now=now)
    accounts.add_verification(
        tx, account, attested, provider="sandbox", person=f"person {number}", now=now
    )
    accounts.add_acceptance(tx, account, Acceptance(regime=REGIME, number=1, at=now))
    session = NewSession(
        token=new_secret(),
        holder=ActorId(account),
        kind=SessionKind.BEARER,
        expires_at=now + SESSION_TERM[SessionKind.BEARER],
    )
    accounts.add_session(tx, session, now=now)
    return Member(actor=actor_of_account(account), token=session.token)
