"""Choose what one gets mail about, and in which language."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.model import Credentials
from gentie.actions.identity.ask_for_mail import Wishes
from gentie.actions.knowing import require_known
from gentie.kernel.actor import Actor
from gentie.mail import store
from gentie.mail.model import NoContact


def choose_mail(
    tx: sa.Connection,
    wishes: Wishes,
    *,
    proven: Credentials | None = None,
    acting: Actor,
    now: datetime,
) -> None:
    """`proven`: what the password was found to fit. Needed to make the address a way in.

    Raises:
        MayNot, NoContact, WrongCredentials: nothing was changed.
    """
    acting.require("account:self")
    contact = store.find_contact(tx, acting.account)
    if contact is None:
        raise NoContact
    if wishes.sign_in and not contact.sign_in:
        require_known(tx, proven, acting=acting)
    store.change_contact(
        tx,
        acting.account,
        lang=wishes.lang,
        replies=wishes.replies,
        decisions=wishes.decisions,
        sign_in=wishes.sign_in,
    )
