"""Take back a consent, as easily as it was given."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import CONSENT_VERSION, Consent, Purpose
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.mail import store as mail


@fulfils("2017-5.2b", "2017-5.2d", "2022-4.2c")
def withdraw_consent(
    tx: sa.Connection, purpose: Purpose, *, acting: Actor, now: datetime
) -> Consent:
    """Record the withdrawal and end what rested on the consent.

    A verification no longer counts from now on; what was posted before stays.
    """
    acting.require("account:self")
    consent = Consent(purpose=purpose, version=CONSENT_VERSION[purpose], given=False, at=now)
    store.add_consent(tx, acting.account, consent)
    if purpose is Purpose.IDENTITY_CHECK:
        store.revoke_verifications(tx, acting.account, why="consent withdrawn", now=now)
    if purpose is Purpose.MAIL:
        mail.drop_contact(tx, acting.account)
    return consent
