"""How a switch is logged when it goes on or off: the part that its acts share."""

from datetime import datetime

import sqlalchemy as sa

from gentie import ledger
from gentie.kernel.actor import Actor
from gentie.kernel.clock import hour_of
from gentie.kernel.ids import LeafId
from gentie.sites.model import Switch


def log_switch(
    tx: sa.Connection, switch: Switch, state: str, *, salt: bytes, acting: Actor, now: datetime
) -> LeafId:
    """Commit to a switch in the public log. `state` is on or off."""
    scope = "thread" if switch.thread else "site"
    leaf = ledger.Leaf(
        kind="switch",
        hour=hour_of(now),
        site=switch.site,
        measure=f"{switch.kind.value}:{scope}:{state}",
        role=acting.role,
        record=ledger.commitment(switch, salt),
    )
    return ledger.append(tx, leaf, now=now)
