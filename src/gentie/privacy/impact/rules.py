"""What an assessment needs, and how long it holds. Pure."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import msgspec

from gentie.privacy.impact.model import Impact, ImpactUnfit, Result, Standing
from gentie.privacy.model import Inventory

LONGEST: Final = timedelta(days=366)
"""To the next look."""
_LONGEST_TEXT: Final = 4000


def kept_for(inventory: Inventory, purpose: str) -> str:
    """Digest of what is kept for a purpose, where and how long."""
    kept = [
        (one.where, one.table, sorted(one.fields), one.retention)
        for one in inventory.records
        if one.purpose == purpose
    ]
    said = inventory.purposes[purpose]
    return hashlib.sha256(msgspec.json.encode([said.basis, sorted(kept)])).hexdigest()


def require_fit(impact: Impact, *, purposes: Collection[str]) -> None:
    """Raises ImpactUnfit: with the field that is wrong."""
    if impact.purpose not in purposes:
        raise ImpactUnfit(field="purpose")
    for name in ("need", "risk", "measures"):
        if not 0 < len(getattr(impact, name).strip()) <= _LONGEST_TEXT:
            raise ImpactUnfit(field=name)
    if not impact.at < impact.review_at <= impact.at + LONGEST:
        raise ImpactUnfit(field="review_at")


def standing_of(newest: Impact | None, *, kept: str, now: datetime) -> Standing:
    """`kept` as the inventory says it now."""
    if newest is None:
        return Standing.MISSING
    if newest.result is Result.NOT:
        return Standing.NOT_ACCEPTABLE
    if newest.kept != kept:
        return Standing.STALE
    return Standing.VALID if now < newest.review_at else Standing.OVER
