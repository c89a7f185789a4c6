"""Close one's own account."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import queries, store
from gentie.accounts.model import CLOSED_NAME, AccountClosed, AccountState, PosterFacts
from gentie.actions.closing import clear
from gentie.actions.identity.change_name import AUTHOR_CHANGED
from gentie.actions.identity.erase_identity import erase_identity
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.mail import store as mail
from gentie.privacy import queries as privacy
from gentie.privacy import store as closures
from gentie.privacy.model import Closure, Comments
from gentie.storage.outbox import send_on_commit

LEFT = "account.left"
"""Somebody wants what they wrote to go with them."""


@fulfils("2017-5.2b")
def close_account(
    tx: sa.Connection, *, comments: Comments = Comments.STAY, acting: Actor, now: datetime
) -> int:
    """Close the account and end all its sessions at once. Returns how many were open.

    What was kept for as long as there is an account is deleted with it, mail stops, and what
    identifies the person is destroyed, unless another account rests on the same person. Comments
    stay under the name of a closed account, or are withdrawn by a job. While a legal hold stands,
    the deletions wait for its end.

    Raises:
        NoSuchAccount: there is none any more.
        AccountClosed: its person has closed it before.
    """
    acting.require("account:self")
    poster = store.get_poster(tx, acting.account)
    if privacy.find_closure(tx, acting.account) is not None:
        raise AccountClosed
    closures.close(tx, acting.account, Closure(closed_at=now, comments=comments, cleared_at=None))
    mail.drop_contact(tx, acting.account)
    _let_go(tx, poster, acting=acting, now=now)
    store.set_name(tx, acting.account, CLOSED_NAME)
    store.set_state(tx, acting.account, AccountState.CLOSED)
    topic = LEFT if comments is Comments.GO else AUTHOR_CHANGED
    send_on_commit(tx, topic, {"account": acting.account}, due=now)
    if acting.account not in privacy.held_accounts(tx, now=now):
        clear(tx, acting.account, now=now)
    return store.end_sessions_of(tx, acting.id, now=now)


def _let_go(tx: sa.Connection, poster: PosterFacts, *, acting: Actor, now: datetime) -> None:
    """Destroy the identity, or end the tie to it where other accounts of the person live on."""
    if poster.verification is None:
        return
    if queries.others_of(tx, poster.verification.person, poster.account):
        store.revoke_verifications(tx, poster.account, why="account closed", now=now)
        return
    erase_identity(tx, acting=acting, now=now)
