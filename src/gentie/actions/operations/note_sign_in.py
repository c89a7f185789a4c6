"""Somebody has asked for a way in by letter: whose address it is, is looked up now."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.mail import rules, store
from gentie.mail.model import Contact, LetterKind, SignInLink


def note_sign_in(
    tx: sa.Connection, body: Mapping[str, str], *, acting: Actor, now: datetime
) -> None:
    """Write a letter to each account that chose this for the address. Twice the same does nothing.

    `body` is what `ask_sign_in_link` has left.

    Raises:
        MayNot.
    """
    acting.require("job:run")
    for contact in store.contacts_at(tx, body["mark"]):
        if rules.wants(contact, LetterKind.SIGN_IN, now=now):
            _write(tx, contact, body, now=now)


def _write(tx: sa.Connection, contact: Contact, body: Mapping[str, str], *, now: datetime) -> None:
    kind, account = LetterKind.SIGN_IN, contact.account
    letter = store.add_letter(tx, account, kind, thread=None, due=now, now=now)
    if not store.add_item(tx, account, kind, body["once"], letter=letter):
        store.drop_letter(tx, account, letter)
        return
    link = SignInLink(
        account=account,
        letter=letter,
        browser=body["browser"],
        back_to=body["back_to"],
        expires_at=datetime.fromisoformat(body["at"]) + rules.LINK_TERM,
        used_at=None,
    )
    store.add_link(tx, link)
