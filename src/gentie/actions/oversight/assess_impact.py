"""Assess what keeping data for a purpose does to people."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.registering import register
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_number
from gentie.privacy.impact import rules, store
from gentie.privacy.impact.model import Impact, Result
from gentie.privacy.inventory import load_inventory


class Assessed(msgspec.Struct, frozen=True, kw_only=True):
    """What the one who assesses says."""

    purpose: str
    need: str
    risk: str
    measures: str
    result: Result
    review_at: datetime


@fulfils("2017-5.2a", "2022-4.2a")
def assess_impact(tx: sa.Connection, said: Assessed, *, acting: Actor, now: datetime) -> Impact:
    """Enter it in the register. It holds until its review, or until something else is kept.

    Raises:
        MayNot, ImpactUnfit: nothing was changed.
    """
    acting.require("impact:assess")
    inventory = load_inventory()
    known = said.purpose in inventory.purposes
    impact = Impact(
        number=new_number("A"),
        kept=rules.kept_for(inventory, said.purpose) if known else "",
        at=now,
        by=acting.id,
        role=acting.role,
        **msgspec.structs.asdict(said),
    )
    rules.require_fit(impact, purposes=inventory.purposes)
    store.add(tx, impact, **msgspec.structs.asdict(register(tx, impact, now=now)))
    return impact
