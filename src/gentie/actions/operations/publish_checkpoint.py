"""Show a signed checkpoint of the public log."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.ledger import store


def publish_checkpoint(tx: sa.Connection, note: str, *, acting: Actor, now: datetime) -> None:
    """Show a checkpoint whose mark is on disk (`ledger.keeping.Signer.sign`).

    Raises:
        MayNot: nothing was changed.
        BadNote: not a checkpoint; nothing was changed.
    """
    acting.require("log:sequence")
    store.publish(tx, note, now=now)
