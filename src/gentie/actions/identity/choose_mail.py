"""Choose what one gets mail about, and in which language."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.identity.ask_for_mail import Wishes
from gentie.kernel.actor import Actor
from gentie.mail import store
from gentie.mail.model import NoContact


def choose_mail(tx: sa.Connection, wishes: Wishes, *, acting: Actor, now: datetime) -> None:
    """Raises MayNot, NoContact: nothing was changed."""
    acting.require("account:self")
    if store.find_contact(tx, acting.account) is None:
        raise NoContact
    store.change_contact(
        tx,
        acting.account,
        lang=wishes.lang,
        replies=wishes.replies,
        decisions=wishes.decisions,
    )
