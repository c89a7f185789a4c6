"""Accept the service agreement that is in force."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import queries, store
from gentie.accounts.model import Acceptance, AgreementChanged
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor


@fulfils("2017-6.1a", "2017-6.2a", "2022-2.1")
def accept_agreement(
    tx: sa.Connection, regime: str, *, number: int, acting: Actor, now: datetime
) -> Acceptance:
    """Record that this account accepts version `number`, which it was shown.

    Raises:
        NoAgreement: there is none under this regime.
        AgreementChanged: another version is in force by now; it has to be read first.
    """
    acting.require("account:self")
    in_force = queries.agreement_in_force(tx, regime, now)
    if in_force.number != number:
        raise AgreementChanged(regime=regime, version=in_force.number)
    acceptance = Acceptance(regime=regime, number=number, at=now)
    store.add_acceptance(tx, acting.account, acceptance)
    return acceptance
