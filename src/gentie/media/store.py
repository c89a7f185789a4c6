"""The SQL of media that writes or locks."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.kernel.ids import AccountId, CommentRef
from gentie.media.model import LEASE, Attachment, State
from gentie.media.rows import attachment_of
from gentie.media.tables import attachments, objects
from gentie.storage.schema import Id

_ONE = attachments.c.id == sa.bindparam("b_id")
_ADD = attachments.insert()
_GET = sa.select(attachments).where(_ONE).with_for_update()
_MANY = (
    sa.select(attachments)
    .where(attachments.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(attachments.c.id)
    .with_for_update()
)
_NEXT = (
    sa.select(attachments)
    .where(
        attachments.c.state == State.CHECKING.value,
        sa.or_(
            attachments.c.lease_until.is_(None), attachments.c.lease_until < sa.bindparam("now")
        ),
    )
    .order_by(attachments.c.created_at, attachments.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_LEASE = (
    attachments.update()
    .where(_ONE)
    .values(
        lease=sa.bindparam("b_lease"), lease_until=sa.bindparam("until"), tries=sa.bindparam("n")
    )
)
_RENEW = (
    attachments.update()
    .where(_ONE, attachments.c.lease == sa.bindparam("b_lease"))
    .values(lease_until=sa.bindparam("until"))
)
_ARRIVED = (
    attachments.update()
    .where(_ONE, attachments.c.state == State.RECEIVING.value)
    .values(state=State.CHECKING.value, size=sa.bindparam("b_size"), sha256=sa.bindparam("digest"))
)
_SETTLED = (
    attachments.update()
    .where(_ONE)
    .values(
        state=sa.bindparam("to"),
        kind=sa.bindparam("what"),
        text=sa.bindparam("words"),
        facts=sa.bindparam("measured"),
        variants=sa.bindparam("made"),
        verdict=sa.bindparam("found"),
        reason=sa.bindparam("why"),
        lease=None,
        lease_until=None,
    )
)
_DESCRIBED = (
    attachments.update()
    .where(_ONE)
    .values(
        alt=sa.bindparam("says"),
        transcript=sa.bindparam("spoken"),
        state=sa.bindparam("to"),
        verdict=sa.bindparam("found"),
    )
)
_ATTACH = (
    attachments.update()
    .where(_ONE)
    .values(thread=sa.bindparam("b_thread", type_=Id), comment=sa.bindparam("b_comment", type_=Id))
)
_DROP = attachments.delete().where(attachments.c.id.in_(sa.bindparam("ids", expanding=True)))
_ADD_OBJECT = objects.insert()
_DROP_OBJECTS = objects.delete().where(
    objects.c.attachment.in_(sa.bindparam("ids", expanding=True))
)


def add(tx: sa.Connection, attachment: Attachment) -> None:
    """Keep an upload that begins."""
    row = msgspec.structs.asdict(attachment) | {
        "state": attachment.state.value,
        "kind": attachment.kind and attachment.kind.value,
        "facts": msgspec.json.encode(attachment.facts),
        "variants": msgspec.json.encode(attachment.variants),
        "thread": attachment.comment and attachment.comment.thread,
        "comment": attachment.comment and attachment.comment.comment,
    }
    tx.execute(_ADD, row)
    _add_objects(tx, attachment)


def find(tx: sa.Connection, attachment: str) -> Attachment | None:
    """Load and lock."""
    row = tx.execute(_GET, {"b_id": attachment}).one_or_none()
    return None if row is None else attachment_of(row)


def find_many(tx: sa.Connection, ids: Collection[str]) -> list[Attachment]:
    """Load and lock, always in one order. What is not there is left out."""
    return [attachment_of(row) for row in tx.execute(_MANY, {"ids": sorted(set(ids))})]


def arrived(tx: sa.Connection, attachment: str, *, size: int, sha256: str) -> bool:
    """All bytes are there: it waits for the scrubber. False: it did so before."""
    facts = {"b_id": attachment, "b_size": size, "digest": sha256}
    return tx.execute(_ARRIVED, facts).rowcount == 1


def take(tx: sa.Connection, *, lease: str, now: datetime) -> Attachment | None:
    """Lease the upload that has waited longest and count the try. None: none waits."""
    row = tx.execute(_NEXT, {"now": now}).one_or_none()
    if row is None:
        return None
    taken = msgspec.structs.replace(attachment_of(row), tries=row.tries + 1)
    facts = {"b_id": taken.id, "b_lease": lease, "until": now + LEASE, "n": taken.tries}
    tx.execute(_LEASE, facts)
    return taken


def renew(tx: sa.Connection, attachment: str, *, lease: str, now: datetime) -> bool:
    """False: somebody else has it by now."""
    facts = {"b_id": attachment, "b_lease": lease, "until": now + LEASE}
    return tx.execute(_RENEW, facts).rowcount == 1


def settle(tx: sa.Connection, settled: Attachment) -> None:
    """Store what the scrubber and screening found, and end the lease."""
    facts = {
        "b_id": settled.id,
        "to": settled.state.value,
        "what": settled.kind and settled.kind.value,
        "words": settled.text,
        "measured": msgspec.json.encode(settled.facts),
        "made": msgspec.json.encode(settled.variants),
        "found": settled.verdict,
        "why": settled.reason,
    }
    tx.execute(_SETTLED, facts)
    _add_objects(tx, settled)


def describe(tx: sa.Connection, described: Attachment) -> None:
    """Store alt text and transcript, with what screening says to them."""
    facts = {"b_id": described.id, "says": described.alt, "spoken": described.transcript}
    more = {"to": described.state.value, "found": described.verdict}
    tx.execute(_DESCRIBED, {**facts, **more})


def attach(tx: sa.Connection, ids: Sequence[str], comment: CommentRef) -> None:
    for one in ids:
        where = {"b_thread": comment.thread, "b_comment": comment.comment}
        tx.execute(_ATTACH, {"b_id": one, **where})


def drop(tx: sa.Connection, ids: Collection[str]) -> int:
    """Forget attachments; their bytes are swept once nobody needs them. Returns how many."""
    if not ids:
        return 0
    facts = {"ids": sorted(ids)}
    tx.execute(_DROP_OBJECTS, facts)
    return tx.execute(_DROP, facts).rowcount


def _add_objects(tx: sa.Connection, attachment: Attachment) -> None:
    rows = [
        {"attachment": attachment.id, "name": one.name, "sha256": one.sha256}
        for one in attachment.variants
    ]
    if rows:
        tx.execute(_ADD_OBJECT, rows)


_UNSENT = sa.select(attachments.c.id).where(
    attachments.c.comment.is_(None),
    attachments.c.created_at < sa.bindparam("before"),
    attachments.c.account.not_in(sa.bindparam("held", expanding=True, type_=sa.Text)),
)
_OWN_UNSENT = sa.select(attachments.c.id).where(
    attachments.c.comment.is_(None), attachments.c.account == sa.bindparam("account")
)
_OF_COMMENTS = sa.select(attachments.c.id).where(
    attachments.c.thread == sa.bindparam("thread", type_=Id),
    attachments.c.comment == sa.bindparam("comment", type_=Id),
)


def forget_unsent(tx: sa.Connection, *, before: datetime, held: Collection[str]) -> int:
    """Forget what no contribution took along in time, but of held accounts. Returns how many."""
    facts = {"before": before, "held": sorted(held)}
    return drop(tx, list(tx.scalars(_UNSENT, facts)))


def forget_account(tx: sa.Connection, account: AccountId) -> int:
    """Forget what somebody uploaded and did not post. Returns how many."""
    return drop(tx, list(tx.scalars(_OWN_UNSENT, {"account": account})))


def forget_of(tx: sa.Connection, comments: Collection[CommentRef]) -> int:
    """Forget what these contributions had taken along. Returns how many."""
    found = list[str]()
    for one in comments:
        found += tx.scalars(_OF_COMMENTS, {"thread": one.thread, "comment": one.comment})
    return drop(tx, found)
