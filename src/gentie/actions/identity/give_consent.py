"""Consent to one purpose."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import CONSENT_VERSION, Consent, Purpose
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor


@fulfils("2017-5.2b", "2017-5.2d", "2022-4.2c")
def give_consent(tx: sa.Connection, purpose: Purpose, *, acting: Actor, now: datetime) -> Consent:
    """Record a yes to the present wording of one purpose, apart from all others."""
    acting.require("account:self")
    consent = Consent(purpose=purpose, version=CONSENT_VERSION[purpose], given=True, at=now)
    store.add_consent(tx, acting.account, consent)
    return consent
