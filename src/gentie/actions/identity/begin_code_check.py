"""Have a one-time code sent."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import rules, store
from gentie.accounts.codes import store as codes
from gentie.accounts.codes.model import SentCode
from gentie.accounts.model import AccountClosed, AccountState, Purpose
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor


@fulfils("2017-5.1a", "2022-4.1a", "2022f-4.1")
def begin_code_check(
    tx: sa.Connection, ticket: str, kept: SentCode, *, acting: Actor, now: datetime
) -> None:
    """Keep marks of target, code and session. The code itself leaves after the commit.

    How often, was counted before (`count_attempt`): by target, account, address and site.

    Raises:
        MayNot: codes are for the account that asks.
        ConsentRequired: what is checked and kept was not agreed to.
        AccountClosed: a closed account has nothing to verify for.
    """
    acting.require("identity:verify")
    poster = store.get_poster(tx, acting.account)
    if poster.state is AccountState.CLOSED:
        raise AccountClosed
    given = store.consents_of(tx, acting.account).get(Purpose.IDENTITY_CHECK)
    rules.require_consent(given, Purpose.IDENTITY_CHECK)
    codes.add_code(tx, ticket, kept)
