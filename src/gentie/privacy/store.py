"""The SQL of privacy that writes or locks."""

from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.kernel.chance import new_id
from gentie.kernel.ids import AccountId
from gentie.privacy.model import (
    Closure,
    Deleted,
    Hold,
    NoSuchHold,
    NoSuchRequest,
    RightsRequest,
    Rules,
)
from gentie.privacy.rows import deleted_of, hold_of, request_of
from gentie.privacy.tables import (
    closures,
    deletions,
    holds,
    processing_rules,
    requests,
    rules_seen,
)

_PUBLISH = {
    "sqlite": sqlite.insert(processing_rules)
    .on_conflict_do_nothing()
    .returning(processing_rules.c.number),
    "postgresql": postgresql.insert(processing_rules)
    .on_conflict_do_nothing()
    .returning(processing_rules.c.number),
}
_SEE = {
    "sqlite": sqlite.insert(rules_seen).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(rules_seen).on_conflict_do_nothing(),
}
_CLOSE = {
    "sqlite": sqlite.insert(closures).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(closures).on_conflict_do_nothing(),
}
_CLEARED = (
    closures.update()
    .where(closures.c.account_id == sa.bindparam("b_account"))
    .values(cleared_at=sa.bindparam("now"))
)
_ASK = requests.insert()
_REQUEST = sa.select(requests).where(requests.c.number == sa.bindparam("number")).with_for_update()
_ANSWER = (
    requests.update()
    .where(requests.c.number == sa.bindparam("b_number"))
    .values(
        state=sa.bindparam("b_state"),
        answer=sa.bindparam("b_answer"),
        answered_at=sa.bindparam("now"),
        answered_by=sa.bindparam("who"),
        answered_role=sa.bindparam("role"),
    )
)
_HOLD = holds.insert()
_FIND_HOLD = sa.select(holds).where(holds.c.number == sa.bindparam("number")).with_for_update()
_END_HOLD = (
    holds.update()
    .where(holds.c.number == sa.bindparam("b_number"), holds.c.ended_at.is_(None))
    .values(ended_at=sa.bindparam("now"))
)
_EXPIRE_HOLDS = (
    holds.update()
    .where(holds.c.until <= sa.bindparam("now"), holds.c.ended_at.is_(None))
    .values(ended_at=holds.c.until)
)
_PROVE = deletions.insert()
_ONE_PROVER = sa.text("SELECT pg_advisory_xact_lock(4774539)")
_PROVEN = sa.select(deletions.c.data, deletions.c.rows, deletions.c.upto, deletions.c.at).where(
    deletions.c.upto >= sa.bindparam("since")
)
_NOT_HELD = sa.bindparam("held", expanding=True, type_=sa.Text)
_FORGET_REQUESTS = requests.delete().where(
    requests.c.answered_at < sa.bindparam("before"), requests.c.account.not_in(_NOT_HELD)
)
_FORGET_HOLDS = holds.delete().where(
    holds.c.ended_at < sa.bindparam("before"), holds.c.account.not_in(_NOT_HELD)
)
_FORGET_SEEN = rules_seen.delete().where(
    rules_seen.c.account_id.in_(sa.bindparam("accounts", expanding=True))
)
_FORGET_CLOSURES = closures.delete().where(
    closures.c.account_id.in_(sa.bindparam("accounts", expanding=True))
)


def publish(tx: sa.Connection, rules: Rules) -> bool:
    """False: another process has published this number."""
    row = {
        "number": rules.number,
        "in_force_from": rules.in_force_from,
        "lines": msgspec.json.encode(rules.lines),
    }
    return tx.scalar(_PUBLISH[tx.dialect.name], row) is not None


def see(tx: sa.Connection, account: AccountId, number: int, *, now: datetime) -> None:
    tx.execute(_SEE[tx.dialect.name], {"account_id": account, "number": number, "at": now})


def close(tx: sa.Connection, account: AccountId, closure: Closure) -> None:
    row = {"closed_at": closure.closed_at, "comments": closure.comments.value, "cleared_at": None}
    tx.execute(_CLOSE[tx.dialect.name], row | {"account_id": account})


def clear(tx: sa.Connection, account: AccountId, *, now: datetime) -> None:
    """Note that what is kept until the closing has been deleted."""
    tx.execute(_CLEARED, {"b_account": account, "now": now})


def ask(tx: sa.Connection, asked: RightsRequest) -> None:
    row = msgspec.structs.asdict(asked)
    tx.execute(_ASK, row | {"kind": asked.kind.value, "state": asked.state.value})


def get_request(tx: sa.Connection, number: str) -> RightsRequest:
    """Load and lock. Raises NoSuchRequest."""
    row = tx.execute(_REQUEST, {"number": number}).one_or_none()
    if row is None:
        raise NoSuchRequest
    return request_of(row)


def answer(tx: sa.Connection, asked: RightsRequest) -> None:
    """Store state, answer and who gave it."""
    facts = {"b_number": asked.number, "b_state": asked.state.value, "b_answer": asked.answer}
    who = {"now": asked.answered_at, "who": asked.answered_by, "role": asked.answered_role}
    tx.execute(_ANSWER, facts | who)


def hold(tx: sa.Connection, hold: Hold) -> None:
    tx.execute(_HOLD, msgspec.structs.asdict(hold))


def get_hold(tx: sa.Connection, number: str) -> Hold:
    """Load and lock. Raises NoSuchHold: there is none, or it has ended."""
    row = tx.execute(_FIND_HOLD, {"number": number}).one_or_none()
    if row is None or row.ended_at is not None:
        raise NoSuchHold
    return hold_of(row)


def end_hold(tx: sa.Connection, number: str, *, now: datetime) -> None:
    tx.execute(_END_HOLD, {"b_number": number, "now": now})


def expire_holds(tx: sa.Connection, *, now: datetime) -> int:
    """Note the end of those whose day has come. Returns how many."""
    return tx.execute(_EXPIRE_HOLDS, {"now": now}).rowcount


def prove(tx: sa.Connection, deleted: Deleted, *, salt: bytes, commitment: str, leaf: str) -> None:
    row = msgspec.structs.asdict(deleted) | {"id": new_id(), "salt": salt}
    tx.execute(_PROVE, row | {"commitment": commitment, "leaf": leaf})


def proven_since(tx: sa.Connection, since: datetime) -> list[Deleted]:
    """Proofs of what was deleted from then on; nobody else adds to them meanwhile."""
    if tx.dialect.name == "postgresql":
        tx.execute(_ONE_PROVER)
    return [deleted_of(row) for row in tx.execute(_PROVEN, {"since": since})]


def forget_requests(tx: sa.Connection, *, before: datetime, held: list[str]) -> int:
    """Drop those answered before then, but for held accounts. Returns how many."""
    return tx.execute(_FORGET_REQUESTS, {"before": before, "held": held}).rowcount


def forget_holds(tx: sa.Connection, *, before: datetime, held: list[str]) -> int:
    """Drop those that ended before then. Returns how many."""
    return tx.execute(_FORGET_HOLDS, {"before": before, "held": held}).rowcount


def forget_closed(tx: sa.Connection, accounts: list[str]) -> dict[str, int]:
    """Drop what is kept to show when these were closed. Returns how many rows by table."""
    facts = {"accounts": accounts}
    return {
        "rules_seen": tx.execute(_FORGET_SEEN, facts).rowcount,
        "account_closure": tx.execute(_FORGET_CLOSURES, facts).rowcount,
    }
