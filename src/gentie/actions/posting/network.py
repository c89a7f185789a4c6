"""Where something was posted from: sealed by the door, sent on to the vault by the act."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.place import Place
from gentie.catalogue import fulfils
from gentie.kernel.ids import CommentRef
from gentie.storage.outbox import send_on_commit
from gentie.vault.model import NETWORK_TOPIC, SealedRecord


class SealedOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """Address, port and time, closed before anything of it was stored."""

    reference: str
    """What the seal is bound to."""
    blob: bytes


@fulfils("2017-5.2b")
def send_origin(
    tx: sa.Connection, origin: SealedOrigin | None, place: Place, ref: CommentRef, *, now: datetime
) -> None:
    """Have the vault keep it as long as the regime says. None: the service keeps no such thing."""
    if origin is None:
        return
    record = SealedRecord.posted(
        origin.blob,
        reference=origin.reference,
        subject=str(ref),
        at=now,
        keep_days=place.regime.windows.network_log_days,
    )
    send_on_commit(tx, NETWORK_TOPIC, record.to_message(), due=now)
