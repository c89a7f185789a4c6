"""Keep somebody's data from being deleted, for a reason, on a legal basis, until a day."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_number
from gentie.kernel.ids import AccountId
from gentie.privacy import rules, store
from gentie.privacy.model import Hold


class HoldWanted(msgspec.Struct, frozen=True, kw_only=True):
    account: AccountId
    why: str
    basis: str
    until: datetime
    bar_until: datetime | None = None


@fulfils("2017-8.c", "2022-7.c")
def hold_data(tx: sa.Connection, wanted: HoldWanted, *, acting: Actor, now: datetime) -> Hold:
    """Set it. Until its end nothing of this person is deleted by clock, closing or wish.

    Raises:
        MayNot, NoSuchAccount, HoldUnfit: nothing was changed.
    """
    acting.require("deletion:hold")
    accounts.get_poster(tx, wanted.account)
    hold = Hold(
        number=new_number("H"),
        account=wanted.account,
        why=wanted.why.strip(),
        basis=wanted.basis.strip(),
        by=acting.id,
        by_role=acting.role,
        since=now,
        until=wanted.until,
        bar_until=wanted.bar_until,
        ended_at=None,
    )
    rules.require_fit(hold)
    store.hold(tx, hold)
    return hold
