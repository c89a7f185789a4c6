"""Set out for a service that looks at documents."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import rules, store
from gentie.accounts.documents import store as checks
from gentie.accounts.documents.model import TERM, Check
from gentie.accounts.model import AccountClosed, AccountState, Purpose
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor


@fulfils("2017-5.1a", "2022-4.1a", "2022f-4.1")
def begin_document_check(
    tx: sa.Connection,
    provider: str,
    *,
    reference: str,
    back_to: str,
    acting: Actor,
    now: datetime,
) -> None:
    """Record that a check of this account is under way. Of `reference` its digest is kept.

    Raises:
        MayNot, ConsentRequired, AccountClosed: nothing was begun.
    """
    acting.require("identity:verify")
    if store.get_poster(tx, acting.account).state is AccountState.CLOSED:
        raise AccountClosed
    given = store.consents_of(tx, acting.account).get(Purpose.IDENTITY_CHECK)
    rules.require_consent(given, Purpose.IDENTITY_CHECK)
    check = Check(
        account=acting.account,
        provider=provider,
        back_to=back_to,
        expires_at=now + TERM,
        answered_at=None,
    )
    checks.add_check(tx, reference, check)
