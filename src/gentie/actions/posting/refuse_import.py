"""Refuse an imported batch: nothing of it becomes public."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie import ledger
from gentie.actions.posting.batches import IMPORT_DECIDED, carry_out, require_person
from gentie.catalogue.regimes import get_regime
from gentie.comments.archive import store as archive
from gentie.comments.model import ArchiveBatch, BatchDecided, BatchNeedsReason, BatchRefusal
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_salt
from gentie.kernel.clock import hour_of
from gentie.sites import queries as sites
from gentie.storage.outbox import send_on_commit


def refuse_import(
    tx: sa.Connection,
    batch_id: str,
    *,
    reason: str,
    most: int = 200,
    acting: Actor,
    now: datetime,
) -> int:
    """Decide once, in the log, and refuse up to `most`. Returns how many are left: a job goes on.

    What screening found something in leaves the queue too. What a person has decided on by itself
    before stays as it is. The same export brings none of it back.

    Raises:
        MayNot, NoSuchBatch, BatchDecided, BatchNeedsReason: nothing was changed.
    """
    batch = archive.get_batch(tx, batch_id)
    acting.require("archive:approve", site=batch.site)
    require_person(tx, batch, acting=acting)
    if batch.decided:
        raise BatchDecided
    if not reason.strip():
        raise BatchNeedsReason
    _refuse(tx, batch, reason=reason.strip(), acting=acting, now=now)
    refused = msgspec.structs.replace(batch, refused_at=now)
    return carry_out(tx, refused, most=most, now=now)


def _refuse(
    tx: sa.Connection, batch: ArchiveBatch, *, reason: str, acting: Actor, now: datetime
) -> None:
    refusal = BatchRefusal(
        batch=batch.id,
        site=batch.site,
        source=batch.source,
        items=archive.count_left(tx, batch),
        reason=reason,
        by=acting.id,
        by_role=acting.role,
        at=now,
    )
    salt = new_salt()
    leaf = ledger.Leaf(
        kind="decision",
        hour=hour_of(now),
        site=batch.site,
        measure="refuse-import",
        policy=get_regime(sites.get_site(tx, batch.site).regime).policy,
        source="archive",
        role=acting.role,
        record=ledger.commitment(refusal, salt),
    )
    archive.refuse_batch(tx, refusal, salt=salt, leaf=ledger.append(tx, leaf, now=now))
    send_on_commit(tx, IMPORT_DECIDED, {"batch": batch.id}, due=now)
