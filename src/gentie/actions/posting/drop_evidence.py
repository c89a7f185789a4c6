"""Delete a saved bundle."""

from datetime import datetime

import sqlalchemy as sa

from gentie.boundaries import store
from gentie.boundaries.model import NoSuchEvidence
from gentie.boundaries.rules import require_evidence_id
from gentie.kernel.actor import Actor


def drop_evidence(tx: sa.Connection, evidence: str, *, acting: Actor, now: datetime) -> None:
    """Reports that it went with keep their own copy. Raises MayNot, NoSuchEvidence."""
    acting.require("account:self")
    if not store.drop(tx, acting.account, require_evidence_id(evidence)):
        raise NoSuchEvidence
