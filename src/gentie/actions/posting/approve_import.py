"""Publish an imported batch by one decision."""

from datetime import datetime

import sqlalchemy as sa

from gentie import ledger
from gentie.actions.place import page_changed
from gentie.catalogue.regimes import get_regime
from gentie.comments import rules, store
from gentie.comments.archive import store as archive
from gentie.comments.model import ArchiveBatch, BatchApproval, Event, State
from gentie.kernel.actor import Actor, Kind, MayNot
from gentie.kernel.chance import new_salt
from gentie.kernel.clock import hour_of
from gentie.kernel.ids import ThreadId
from gentie.sites import queries as sites


def approve_import(
    tx: sa.Connection, batch_id: str, *, most: int = 200, acting: Actor, now: datetime
) -> int:
    """Decide once, in the log, and publish up to `most`. Returns how many are left: call again.

    Where the regime knows a duty of real names, a person of the staff decides; elsewhere
    whoever runs the service may. What screening found something in waits for its own decision.

    Raises:
        MayNot, NoSuchBatch: nothing was changed.
    """
    batch = archive.get_batch(tx, batch_id)
    acting.require("archive:approve", site=batch.site)
    if _needs_person(tx, batch) and acting.kind is not Kind.STAFF:
        raise MayNot(scope="archive:approve")
    if batch.approved_at is None:
        _approve(tx, batch, acting=acting, now=now)
    _publish(tx, batch, most=most, now=now)
    return archive.count_waiting(tx, batch)


def _needs_person(tx: sa.Connection, batch: ArchiveBatch) -> bool:
    return get_regime(sites.get_site(tx, batch.site).regime).identity.required


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


def _publish(tx: sa.Connection, batch: ArchiveBatch, *, most: int, now: datetime) -> None:
    threads: set[ThreadId] = set()
    for ref in archive.take_waiting(tx, batch, most=most):
        comment = store.get(tx, ref)
        if comment.state is not State.HELD:
            continue
        rules.after(comment.state, Event.PUBLISH)
        revision = store.get_revision(tx, comment, comment.latest)
        store.show(tx, comment, revision, decision=None, now=comment.created_at)
        store.count_published(tx, comment, 1, now=now)
        threads.add(ref.thread)
    for thread in sorted(threads):
        page_changed(tx, sites.get_thread(tx, thread), urgent=False, now=now)
