"""Set out for an identity provider."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import rules, store
from gentie.accounts.model import ATTEMPT_TERM, AccountClosed, AccountState, Attempt, Purpose
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor


@fulfils("2017-5.1a", "2017-5.2b", "2022-4.1a")
def begin_verification(
    tx: sa.Connection, provider: str, *, ticket: str, back_to: str, acting: Actor, now: datetime
) -> Attempt:
    """Record that this account is on its way to `provider`.

    `ticket` stays in the person's browser. State, nonce and verifier of the exchange are made
    from it (`accounts.tickets`); only its digest is stored, so the table gives nothing away.

    Raises:
        ConsentRequired: what is checked and kept was not agreed to.
        AccountClosed: a closed account has nothing to verify for.
    """
    acting.require("identity:verify")
    poster = store.get_poster(tx, acting.account)
    if poster.state is AccountState.CLOSED:
        raise AccountClosed
    given = store.consents_of(tx, acting.account).get(Purpose.IDENTITY_CHECK)
    rules.require_consent(given, Purpose.IDENTITY_CHECK)
    attempt = Attempt(
        account=acting.account,
        provider=provider,
        back_to=back_to,
        expires_at=now + ATTEMPT_TERM,
        used_at=None,
    )
    store.add_attempt(tx, ticket, attempt)
    return attempt
