"""Reading the register of leaks."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.ids import AccountId
from gentie.privacy.leaks.model import History, Step, ToldOf
from gentie.privacy.leaks.rows import history_of
from gentie.privacy.tables import leak_persons, leaks

_ALL = sa.select(leaks.c.number).order_by(leaks.c.recorded_at.desc(), leaks.c.number)
_MINE = (
    sa.select(leak_persons.c.leak, leak_persons.c.told_at)
    .where(
        leak_persons.c.account_id == sa.bindparam("account"), leak_persons.c.told_at.is_not(None)
    )
    .order_by(leak_persons.c.told_at.desc())
)


def all_leaks(tx: sa.Connection) -> list[History]:
    """The whole register, newest first."""
    return [history_of(tx, number) for number in tx.scalars(_ALL).all()]


def told_of(tx: sa.Connection, account: AccountId) -> list[ToldOf]:
    """What a person was told of, newest first."""
    rows = tx.execute(_MINE, {"account": account}).all()
    return [_told(history_of(tx, row.leak), row.told_at) for row in rows]


def _told(history: History, at: datetime) -> ToldOf:
    said = [one.words for one in history.entries if one.step is Step.TELLING]
    return ToldOf(leak=history.leak, words="\n".join(said), told_at=at)
