"""Record what an issuer said of the person behind an account."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import rules, store
from gentie.accounts.model import (
    AccountClosed,
    AccountState,
    Attested,
    NotVerified,
    Purpose,
    Verification,
)
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor


@fulfils("2017-5.1a", "2022-4.1a", "2022-4.2b")
def complete_verification(
    tx: sa.Connection,
    attested: Attested,
    *,
    provider: str,
    person: str,
    acting: Actor,
    now: datetime,
) -> Verification:
    """Record the result. `person` comes from `remember_person`; nothing readable is kept.

    Raises:
        NotVerified: an account belongs to one person; somebody else came back for it.
        ConsentRequired: withdrawn meanwhile.
        AccountClosed: closed meanwhile.
    """
    acting.require("identity:verify")
    poster = store.get_poster(tx, acting.account)
    if poster.state is AccountState.CLOSED:
        raise AccountClosed
    given = store.consents_of(tx, acting.account).get(Purpose.IDENTITY_CHECK)
    rules.require_consent(given, Purpose.IDENTITY_CHECK)
    if poster.verification is not None and poster.verification.person != person:
        raise NotVerified(reason="another-person")
    store.add_verification(tx, acting.account, attested, provider=provider, person=person, now=now)
    return Verification(
        framework=attested.framework,
        level=attested.level,
        method=attested.method,
        verified_at=attested.verified_at,
        valid_until=attested.valid_until,
        person=person,
    )
