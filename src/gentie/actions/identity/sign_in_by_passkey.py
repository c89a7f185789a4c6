"""Open a session for a commenter whose device has signed."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.accounts.model import NewSession, SessionKind
from gentie.accounts.passkeys import rules, store
from gentie.accounts.passkeys.model import PasskeyWrong, Shown
from gentie.actions.entering import enter
from gentie.kernel.actor import Actor


def sign_in_by_passkey(
    tx: sa.Connection, shown: Shown, *, kind: SessionKind, acting: Actor, now: datetime
) -> NewSession:
    """Open a session; of a closed account one in which nothing can be said any more.

    `shown` was checked outside of this transaction; that the passkey is still there, that its
    challenge is unused and that its counter grows is looked at here.

    Raises:
        MayNot, PasskeyWrong: nobody was signed in.
    """
    acting.require("account:open")
    account, credential = shown.passkey.account, shown.passkey.credential
    poster = accounts.get_poster(tx, account)
    kept = store.counts_of(tx, account).get(credential)
    if kept is None or not store.use_challenge(tx, shown.challenge, "", now=now):
        raise PasskeyWrong
    rules.require_newer(kept, shown.sign_count)
    store.use_passkey(tx, account, credential, count=shown.sign_count, now=now)
    return enter(tx, poster, kind, now=now)
