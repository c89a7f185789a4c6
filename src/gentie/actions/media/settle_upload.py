"""Keep what the scrubber made of an upload, or why it made nothing of it."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.media.weighing import weighed
from gentie.kernel.actor import Actor
from gentie.media import store
from gentie.media.model import Attachment, State
from gentie.screening.pipeline import CompiledRules


def settle_upload(
    tx: sa.Connection,
    settled: Attachment,
    *,
    lease: str,
    rules: CompiledRules,
    acting: Actor,
    now: datetime,
) -> bool:
    """Store state, measures, forms and verdict. False: the lease was lost; nothing was changed.

    What its owner wrote meanwhile is screened as well. A file that is not taken is a gate's no: no
    decision, no leaf; its owner reads the reason where they uploaded it.

    Raises:
        MayNot.
    """
    acting.require("job:run")
    if not store.renew(tx, settled.id, lease=lease, now=now):
        return False
    found = store.find(tx, settled.id)
    if found is not None and settled.state is not State.REFUSED:
        settled = msgspec.structs.replace(settled, alt=found.alt, transcript=found.transcript)
        settled = weighed(settled, rules)
    store.settle(tx, settled)
    return True
