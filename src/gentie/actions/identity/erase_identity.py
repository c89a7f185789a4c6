"""Have what says who one is destroyed."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.privacy import queries as privacy
from gentie.storage.outbox import send_on_commit
from gentie.vault import store
from gentie.vault.model import ERASE_TOPIC


@fulfils("2017-5.2b", "2022-4.2a")
def erase_identity(tx: sa.Connection, *, acting: Actor, now: datetime) -> bool:
    """Write down the intent and end the verification. False: nothing is known of this person.

    The keys lie in another database and are destroyed by the message that this sends; what was
    written down is done again until it is confirmed. Other accounts of the same person are to be
    verified anew as well: there is nobody left in the vault whom they could rest on. While a legal
    hold stands, the keys wait for its end.

    Raises:
        NoSuchAccount: there is none any more.
    """
    acting.require("account:self")
    verification = accounts.get_poster(tx, acting.account).verification
    if verification is None:
        return False
    accounts.revoke_person(tx, verification.person, why="identity erased", now=now)
    store.intend_erasure(tx, verification.person, acting.account, now=now)
    if acting.account not in privacy.held_accounts(tx, now=now):
        send_on_commit(tx, ERASE_TOPIC, {"person": verification.person}, due=now)
    return True
