"""Record what an issuer said of the person behind an account."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import rules, store
from gentie.accounts.minors import queries as minors
from gentie.accounts.minors import store as keep_minors
from gentie.accounts.minors.model import AgeBand
from gentie.accounts.model import (
    AccountClosed,
    AccountState,
    Attested,
    NotAdmitted,
    NotVerified,
    Purpose,
    Verification,
)
from gentie.actions.identity.asked_for import accounts_allowed
from gentie.boundaries import queries as boundaries
from gentie.boundaries import store as keep_boundaries
from gentie.boundaries.model import Replies
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId
from gentie.standing import queries as standing
from gentie.standing.rules import require_not_barred
from gentie.vault import queries as vault


@fulfils("2017-5.1a", "2017-9.1d", "2022-4.1a", "2022-4.2b", "2022-8.d")
def complete_verification(
    tx: sa.Connection,
    attested: Attested,
    *,
    provider: str,
    person: str,
    barred: bool = False,
    acting: Actor,
    now: datetime,
) -> Verification:
    """Record the result. `person` comes from `remember_person`; nothing readable is kept.

    `barred` is whether the vault holds a mark of this person: they may not come back yet. Who had
    their identity destroyed here may verify again, and is somebody new.

    Raises:
        NotVerified: an account belongs to one person; somebody else came back for it.
        NotAdmitted: barred, or this person has as many accounts as the regimes allow. Which of
            them is nobody's business, so both are looked up each time.
        ConsentRequired: withdrawn meanwhile.
        AccountClosed: closed meanwhile.
        Barred: this person may not register again for a time, under whichever account.
    """
    acting.require("identity:verify")
    poster = store.get_poster(tx, acting.account)
    if poster.state is AccountState.CLOSED:
        raise AccountClosed
    require_not_barred(standing.bars_of(tx, person), now=now)
    given = store.consents_of(tx, acting.account).get(Purpose.IDENTITY_CHECK)
    rules.require_consent(given, Purpose.IDENTITY_CHECK)
    before = poster.verification.person if poster.verification else person
    if before != person and not vault.was_erased(tx, before):
        raise NotVerified(reason="another-person")
    allowed, others = accounts_allowed(tx), store.count_others(tx, acting.account, person, now=now)
    if barred or (allowed is not None and others >= allowed):
        raise NotAdmitted
    _note_age(tx, acting.account, attested.age, now=now)
    store.add_verification(tx, acting.account, attested, provider=provider, person=person, now=now)
    return Verification(
        framework=attested.framework,
        level=attested.level,
        method=attested.method,
        verified_at=attested.verified_at,
        valid_until=attested.valid_until,
        person=person,
    )


def _note_age(tx: sa.Connection, account: AccountId, age: str, *, now: datetime) -> None:
    """Replies reach minors from people they know only, until they choose otherwise."""
    if not age:
        return
    first = minors.find_band(tx, account) is None
    keep_minors.set_age(tx, account, AgeBand(age), now=now)
    untouched = boundaries.setting_of(tx, account).replies is Replies.EVERYONE
    if first and untouched and age != AgeBand.ADULT:
        keep_boundaries.set_replies(tx, account, Replies.KNOWN)
