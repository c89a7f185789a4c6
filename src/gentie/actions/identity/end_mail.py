"""Take one's address back."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.model import Purpose
from gentie.actions.identity.withdraw_consent import withdraw_consent
from gentie.kernel.actor import Actor
from gentie.mail import store


def end_mail(tx: sa.Connection, *, acting: Actor, now: datetime) -> None:
    """Forget the address and drop what waits for it. Without one, nothing changes."""
    acting.require("account:self")
    if store.find_contact(tx, acting.account) is None:
        return
    withdraw_consent(tx, Purpose.MAIL, acting=acting, now=now)
