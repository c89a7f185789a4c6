"""Take one's address back."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.accounts.model import CONSENT_VERSION, Consent, Purpose
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.mail import store


@fulfils("2017-5.2b")
def end_mail(tx: sa.Connection, *, acting: Actor, now: datetime) -> None:
    """Forget the address and drop what waits for it. Without one, nothing changes."""
    acting.require("account:self")
    if store.find_contact(tx, acting.account) is None:
        return
    store.drop_contact(tx, acting.account)
    version = CONSENT_VERSION[Purpose.MAIL]
    said = Consent(purpose=Purpose.MAIL, version=version, given=False, at=now)
    accounts.add_consent(tx, acting.account, said)
