"""Know a verified person again, in the vault, without knowing who it is."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.vault import store
from gentie.vault.model import Fingerprint


@fulfils("2017-5.2b")
def remember_person(
    tx: sa.Connection,
    fingerprint: Fingerprint,
    *,
    older: Sequence[Fingerprint] = (),
    known_as: str = "",
    acting: Actor,
    now: datetime,
) -> str:
    """Return the opaque key of the person with this fingerprint. `tx` is the vault's.

    `older` and `known_as` as `vault.store.person_for` has them. Written before the account's own
    record and repeatable: what a crash leaves without an account is swept up (`sweep_persons`).
    """
    acting.require("identity:verify")
    return store.person_for(tx, fingerprint, older=older, known_as=known_as, now=now)
