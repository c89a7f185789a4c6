"""Open an account whose only way in is a passkey."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.accounts.model import NewSession, SessionKind
from gentie.accounts.names import clean_name, name_key
from gentie.accounts.passkeys import store
from gentie.accounts.passkeys.model import Made, Passkey, PasskeyWrong
from gentie.actions.entering import enter
from gentie.actions.identity.begin_passkey_sign_up import NEW
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId


@fulfils("2017-5.1b", "2022-4.1b")
def sign_up_by_passkey(
    tx: sa.Connection,
    name: str,
    made: Made,
    *,
    account: AccountId,
    label: str,
    acting: Actor,
    now: datetime,
) -> NewSession:
    """Open the account that the device was asked for, with its passkey, and a session for it.

    Raises:
        MayNot, BadName, NameTaken, PasskeyWrong: nothing was opened.
    """
    acting.require("account:open")
    name = clean_name(name)
    if not store.use_challenge(tx, made.challenge, NEW + account, now=now):
        raise PasskeyWrong
    accounts.take_name(tx, name_key(name), account, now=now)
    accounts.add_account(tx, account, name=name, now=now)
    passkey = Passkey(
        account=account,
        credential=made.credential,
        public_key=made.public_key,
        sign_count=made.sign_count,
        label=label,
        added_at=now,
        used_at=None,
    )
    store.add_passkey(tx, passkey)
    return enter(tx, accounts.get_poster(tx, account), SessionKind.COOKIE, now=now)
