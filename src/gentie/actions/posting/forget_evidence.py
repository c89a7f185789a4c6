"""Delete saved bundles whose time is over."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.proving import prove
from gentie.boundaries import store
from gentie.boundaries.model import EVIDENCE_KEPT
from gentie.kernel.actor import Actor
from gentie.privacy.queries import held_accounts


def forget_evidence(tx: sa.Connection, *, acting: Actor, now: datetime) -> int:
    """Returns how many bundles. Not of who is under a legal hold. Raises MayNot."""
    acting.require("job:run")
    before, held = now - EVIDENCE_KEPT, held_accounts(tx, now=now)
    gone = store.forget(tx, before=before, held=held)
    return prove(tx, "evidence", gone, upto=before, now=now)
