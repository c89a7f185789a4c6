"""Delete saved bundles whose time is over."""

from datetime import datetime

import sqlalchemy as sa

from gentie.boundaries import store
from gentie.boundaries.model import EVIDENCE_KEPT
from gentie.kernel.actor import Actor


def forget_evidence(tx: sa.Connection, *, acting: Actor, now: datetime) -> int:
    """Returns how many bundles. Raises MayNot."""
    acting.require("job:run")
    return store.forget(tx, before=now - EVIDENCE_KEPT)
