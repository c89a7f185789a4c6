"""Consent, as a guardian, to a child taking part."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.accounts.minors import queries, rules, store
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId


@fulfils("2017-5.2b")
def answer_for_child(tx: sa.Connection, code: str, *, acting: Actor, now: datetime) -> AccountId:
    """Keep the consent of who acts, for the child whose link it is. Returns the child's account.

    Raises:
        GuardianLinkInvalid: used or too old.
        GuardianUnfit: who acts is no adult as far as a check has said, or the child themselves.
    """
    acting.require("identity:verify")
    child = store.take_link(tx, code, now=now)
    rules.require_fit(
        queries.find_band(tx, acting.account),
        accounts.get_poster(tx, acting.account).verification,
        child=accounts.get_poster(tx, child).verification,
        now=now,
    )
    store.consent(tx, child, acting.account, now=now)
    return child
