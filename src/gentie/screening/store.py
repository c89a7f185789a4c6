"""The SQL of screening: rates that are counted, rule sets that are drafted and approved."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from gentie.kernel.ids import LeafId
from gentie.screening.events import RulesApproved
from gentie.screening.model import DraftTaken, NoSuchRules, RuleSetVersion, State
from gentie.screening.rows import version_of
from gentie.screening.rules import BUILT_IN
from gentie.screening.tables import rates, rule_sets
from gentie.storage.prepared import Prepared

_NOW = sa.bindparam("now", type_=sa.BigInteger)
_STEP = sa.bindparam("step", type_=sa.BigInteger)
_MOST = sa.bindparam("most", type_=sa.BigInteger)
_FULL_OF = sa.select(rates.c.full_ms).where(rates.c.key == sa.bindparam("key"))
_FORGET_RATES = rates.delete().where(rates.c.full_ms <= _NOW)

_OPEN = (
    sa.select(rule_sets.c.version)
    .where(rule_sets.c.state.in_([State.DRAFT.value, State.LIVE.value]))
    .order_by(rule_sets.c.version)
    .with_for_update()
)
_GET = sa.select(rule_sets).where(rule_sets.c.version == sa.bindparam("version"))
_NEWEST = sa.select(sa.func.max(rule_sets.c.version))
_ADD = rule_sets.insert()
_RETIRE = (
    rule_sets.update()
    .where(rule_sets.c.state == State.LIVE.value)
    .values(state=State.RETIRED.value)
)
_APPROVE = (
    rule_sets.update()
    .where(rule_sets.c.version == sa.bindparam("b_version"))
    .values(
        state=State.LIVE.value,
        approved_by=sa.bindparam("by"),
        approved_at=sa.bindparam("at"),
        record=sa.bindparam("full"),
        salt=sa.bindparam("with_salt"),
        leaf=sa.bindparam("in_leaf"),
    )
)


def _count(insert: sqlite.Insert | postgresql.Insert) -> sa.Executable:
    begun = sa.case((rates.c.full_ms > _NOW, rates.c.full_ms), else_=_NOW)
    row = insert.values(key=sa.bindparam("key"), full_ms=_NOW + _STEP)
    counted = row.on_conflict_do_update(
        index_elements=[rates.c.key],
        set_={"full_ms": begun + _STEP},
        where=begun + _STEP <= _MOST,
    )
    return counted.returning(rates.c.full_ms)


_COUNT = Prepared(
    {
        "sqlite": _count(sqlite.insert(rates)),
        "postgresql": _count(postgresql.insert(rates)),
    }
)


def count_try(
    tx: sa.Connection, key: str, *, step: timedelta, window: timedelta, now: datetime
) -> timedelta | None:
    """Let one more try take `step` of `window`. None: it did; else the time until it would."""
    now_ms, step_ms, window_ms = _ms(now.timestamp()), _ms(step), _ms(window)
    row = {"key": key, "now": now_ms, "step": step_ms, "most": now_ms + window_ms}
    if _COUNT.first(tx, row) is not None:
        return None
    full_ms: int = tx.execute(_FULL_OF, {"key": key}).scalar_one()
    return timedelta(milliseconds=full_ms + step_ms - now_ms - window_ms)


def forget_idle_rates(tx: sa.Connection, *, now: datetime) -> int:
    """Drop rates that nobody uses at the moment. Returns how many."""
    return tx.execute(_FORGET_RATES, {"now": _ms(now.timestamp())}).rowcount


def next_version(tx: sa.Connection) -> int:
    """The number of the next draft. Two who draft at once get the same: the later is refused."""
    return max(tx.scalar(_NEWEST) or 0, BUILT_IN.version) + 1


def add_draft(tx: sa.Connection, draft: RuleSetVersion) -> None:
    """Raises DraftTaken: somebody else has just taken this number; nothing was changed."""
    row = {
        "version": draft.version,
        "state": draft.state.value,
        "author": draft.author,
        "drafted_at": draft.drafted_at,
        "body": msgspec.json.encode(draft.rules),
    }
    try:
        tx.execute(_ADD, row)
    except IntegrityError as error:
        raise DraftTaken(version=draft.version) from error


def get_rules(tx: sa.Connection, version: int) -> RuleSetVersion:
    """Load one version and lock all that could go live, so that no two do at once.

    Raises:
        NoSuchRules: there is none with this number.
    """
    tx.execute(_OPEN).all()
    row = tx.execute(_GET, {"version": version}).one_or_none()
    if row is None:
        raise NoSuchRules(version=version)
    return version_of(row)


def put_live(
    tx: sa.Connection, live: RuleSetVersion, *, record: RulesApproved, salt: bytes, leaf: LeafId
) -> None:
    """Retire what is live and put `live` in its place."""
    tx.execute(_RETIRE)
    row = {
        "b_version": live.version,
        "by": live.approved_by,
        "at": live.approved_at,
        "full": msgspec.json.encode(record, order="sorted"),
        "with_salt": salt,
        "in_leaf": leaf,
    }
    tx.execute(_APPROVE, row)


def _ms(time: float | timedelta) -> int:
    seconds = time.total_seconds() if isinstance(time, timedelta) else time
    return int(seconds * 1000)
