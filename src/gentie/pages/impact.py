"""Purposes with their impact assessments, as the console shows them."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.catalogue.regimes import Text
from gentie.privacy.impact import rules
from gentie.privacy.impact.model import Impact, Standing
from gentie.privacy.impact.queries import newest_by_purpose
from gentie.privacy.inventory import load_inventory


class ShownPurpose(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: Text
    kept: tuple[Text, ...]
    """What is kept for it."""
    why: tuple[str, ...]
    """Why it needs an assessment. Empty: it needs none."""
    newest: Impact | None
    standing: Standing


def load_purposes(tx: sa.Connection, *, now: datetime) -> list[ShownPurpose]:
    """Those that need one first, in the order of the inventory."""
    inventory, newest = load_inventory(), newest_by_purpose(tx)
    found = [
        ShownPurpose(
            id=name,
            title=Text(zh=purpose.zh, en=purpose.en),
            kept=tuple(one.what for one in inventory.records if one.purpose == name),
            why=purpose.assess,
            newest=newest.get(name),
            standing=rules.standing_of(
                newest.get(name), kept=rules.kept_for(inventory, name), now=now
            ),
        )
        for name, purpose in inventory.purposes.items()
    ]
    return sorted(found, key=lambda one: not one.why)
