"""Publish an imported batch by one decision."""

from datetime import datetime

import sqlalchemy as sa

from gentie import ledger
from gentie.actions.posting.batches import IMPORT_DECIDED, carry_out, require_person
from gentie.catalogue.regimes import get_regime
from gentie.comments.archive import store as archive
from gentie.comments.model import ArchiveBatch, BatchApproval, BatchDecided
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_salt
from gentie.kernel.clock import hour_of
from gentie.sites import queries as sites
from gentie.storage.outbox import send_on_commit


def approve_import(
    tx: sa.Connection, batch_id: str, *, most: int = 200, acting: Actor, now: datetime
) -> int:
    """Decide once, in the log, and publish up to `most`. Returns how many are left.

    A job goes on with those; who calls again is faster. What screening found something in waits
    for its own decision.

    Raises:
        MayNot, NoSuchBatch, BatchDecided: nothing was changed.
    """
    batch = archive.get_batch(tx, batch_id)
    acting.require("archive:approve", site=batch.site)
    require_person(tx, batch, acting=acting)
    if batch.refused_at is not None:
        raise BatchDecided
    if batch.approved_at is None:
        _approve(tx, batch, acting=acting, now=now)
    return carry_out(tx, batch, most=most, now=now)


def _approve(tx: sa.Connection, batch: ArchiveBatch, *, acting: Actor, now: datetime) -> None:
    approval = BatchApproval(
        batch=batch.id,
        site=batch.site,
        source=batch.source,
        items=archive.count_waiting(tx, batch),
        by=acting.id,
        by_role=acting.role,
        at=now,
    )
    salt = new_salt()
    leaf = ledger.Leaf(
        kind="published",
        hour=hour_of(now),
        site=batch.site,
        measure="import",
        policy=get_regime(sites.get_site(tx, batch.site).regime).policy,
        source="archive",
        role=acting.role,
        record=ledger.commitment(approval, salt),
    )
    archive.approve_batch(tx, approval, salt=salt, leaf=ledger.append(tx, leaf, now=now))
    send_on_commit(tx, IMPORT_DECIDED, {"batch": batch.id}, due=now)
