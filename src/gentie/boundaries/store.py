"""The SQL of boundaries that writes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.boundaries.model import (
    MOST_PEOPLE,
    Evidence,
    Keep,
    Replies,
    TooManyPeople,
)
from gentie.boundaries.tables import evidence, limits, people, settings
from gentie.kernel.ids import AccountId, CommentRef
from gentie.storage.schema import Id

_ENGINES: Any = {"sqlite": sqlite, "postgresql": postgresql}


def _upsert(table: sa.Table, *changed: str) -> dict[str, Any]:
    """Insert, or change `changed` where the key is there. Built at import, for each engine."""
    made = {}
    for name, engine in _ENGINES.items():
        adding = engine.insert(table)  # built here: once for each table, at import
        values = {column: adding.excluded[column] for column in changed}
        made[name] = adding.on_conflict_do_update(index_elements=table.primary_key, set_=values)
    return made


_KEEP = _upsert(people, "keep", "since")
_COUNT = (
    sa.select(sa.func.count())
    .select_from(people)
    .where(people.c.account_id == sa.bindparam("account"))
)
_LET_BACK = people.delete().where(
    people.c.account_id == sa.bindparam("b_account"), people.c.person == sa.bindparam("b_person")
)
_SET_REPLIES = _upsert(settings, "replies")
_PROTECT = _upsert(settings, "protected_until")
_LIMIT = _upsert(limits, "replies")
_UNLIMIT = limits.delete().where(
    limits.c.thread_id == sa.bindparam("b_thread", type_=Id),
    limits.c.comment_id == sa.bindparam("b_comment", type_=Id),
)
_ADD_EVIDENCE = evidence.insert()
_DROP_EVIDENCE = evidence.delete().where(
    evidence.c.account_id == sa.bindparam("b_account"),
    evidence.c.id == sa.bindparam("b_id", type_=Id),
)
_FORGET = evidence.delete().where(  # scatter: the clock asks everywhere, once an hour
    evidence.c.at < sa.bindparam("before"),
    evidence.c.account_id.not_in(sa.bindparam("held", expanding=True, type_=sa.Text)),
)
_OF_ACCOUNT: Any = [
    table.delete().where(table.c.account_id == sa.bindparam("b_account"))
    for table in (people, settings, evidence)
]


def keep_away(
    tx: sa.Connection, account: AccountId, person: AccountId, keep: Keep, *, now: datetime
) -> None:
    """Raises TooManyPeople."""
    if (tx.scalar(_COUNT, {"account": account}) or 0) >= MOST_PEOPLE:
        raise TooManyPeople(most=MOST_PEOPLE)
    row = {"account_id": account, "person": person, "keep": keep.value, "since": now}
    tx.execute(_KEEP[tx.dialect.name], row)


def let_back(tx: sa.Connection, account: AccountId, person: AccountId) -> bool:
    """False: they were not kept away."""
    return tx.execute(_LET_BACK, {"b_account": account, "b_person": person}).rowcount == 1


def set_replies(tx: sa.Connection, account: AccountId, replies: Replies) -> None:
    row = {"account_id": account, "replies": replies.value, "protected_until": None}
    tx.execute(_SET_REPLIES[tx.dialect.name], row)


def set_protection(tx: sa.Connection, account: AccountId, until: datetime | None) -> None:
    row = {"account_id": account, "replies": Replies.EVERYONE.value, "protected_until": until}
    tx.execute(_PROTECT[tx.dialect.name], row)


def set_limit(tx: sa.Connection, comment: CommentRef, replies: Replies | None) -> None:
    """None: what holds for all of the author's comments holds for this one."""
    if replies is None:
        tx.execute(_UNLIMIT, {"b_thread": comment.thread, "b_comment": comment.comment})
        return
    key = {"thread_id": comment.thread, "comment_id": comment.comment}
    tx.execute(_LIMIT[tx.dialect.name], {**key, "replies": replies.value})


def save(tx: sa.Connection, account: AccountId, saved: Evidence, body: bytes) -> None:
    row = {"account_id": account, "id": saved.id, "at": saved.at, "items": saved.items}
    tx.execute(_ADD_EVIDENCE, {**row, "sha256": saved.sha256, "body": body})


def drop(tx: sa.Connection, account: AccountId, evidence_id: str) -> bool:
    """False: the person has saved none of that name."""
    return tx.execute(_DROP_EVIDENCE, {"b_account": account, "b_id": evidence_id}).rowcount == 1


def forget_account(tx: sa.Connection, account: AccountId) -> int:
    """Drop all that somebody set or saved. Returns how many rows."""
    return sum(tx.execute(one, {"b_account": account}).rowcount for one in _OF_ACCOUNT)


def forget(tx: sa.Connection, *, before: datetime, held: Sequence[str] = ()) -> int:
    """Drop what was saved before then, but not of held accounts. Returns how many bundles."""
    return tx.execute(_FORGET, {"before": before, "held": list(held)}).rowcount
