"""Give an address for mail. A letter asks it first; nothing else is sent before it has answered."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts.model import Credentials
from gentie.actions.knowing import require_known
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.mail import queries, store
from gentie.mail.model import AddressRefuses, Contact, ContactState, LetterKind


class SealedAddress(msgspec.Struct, frozen=True, kw_only=True):
    """An address as the door hands it over: nobody behind the door can read it."""

    sealed: bytes
    hint: str
    mark: str


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    lang: str
    replies: bool
    decisions: bool
    sign_in: bool = False


@fulfils("2017-5.2b")
def ask_for_mail(
    tx: sa.Connection,
    address: SealedAddress,
    wishes: Wishes,
    *,
    proven: Credentials | None = None,
    acting: Actor,
    now: datetime,
) -> Contact:
    """Keep an address in the place of an earlier one, and have it asked.

    `proven`: what the password was found to fit. Needed where the address is to be a way in.

    Raises:
        MayNot, AddressRefuses, WrongCredentials: nothing was changed.
    """
    acting.require("account:self")
    if wishes.sign_in:
        require_known(tx, proven, acting=acting)
    if queries.refuses(tx, address.mark):
        raise AddressRefuses
    account = acting.account
    contact = Contact(
        account=account,
        sealed=address.sealed,
        hint=address.hint,
        mark=address.mark,
        lang=wishes.lang,
        replies=wishes.replies,
        decisions=wishes.decisions,
        sign_in=wishes.sign_in,
        state=ContactState.ASKED,
        asked_at=now,
        confirmed_at=None,
    )
    store.drop_contact(tx, account)
    store.put_contact(tx, contact)
    store.add_letter(tx, account, LetterKind.CONFIRM, thread=None, due=now, now=now)
    return contact
