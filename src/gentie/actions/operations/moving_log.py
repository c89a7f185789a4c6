"""The public log that comes along with a site: put back, and compared with what it commits to.

A part of `restore_site`. docs/decisions/0011 says why the tree goes on instead of being laid aside.
"""

from datetime import datetime
from typing import Final

import msgspec
import sqlalchemy as sa

from gentie import ledger
from gentie.actions.operations.note_new_epoch import note_new_epoch
from gentie.comments.model import Subject, Tombstone
from gentie.decisions.model import Decider, Decision
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentId, CommentRef, ThreadId
from gentie.ledger import queries
from gentie.ledger import store as log
from gentie.ledger.note import BadNote, Checkpoint, open_checkpoint
from gentie.ledger.tree import root_of
from gentie.moving import store
from gentie.moving.file import BadFile
from gentie.moving.records.log import EarlierLog, Leaf, LogHead

AT_ONCE: Final = 500
"""Leaves that are put into the tree together."""

_leaf = msgspec.json.Decoder(ledger.Leaf)
_decision = msgspec.json.Decoder(Decision)
_tombstone = msgspec.json.Decoder(Tombstone)


class MovingLog:
    """Takes lines about the log as they come."""

    def __init__(self, tx: sa.Connection, head: LogHead) -> None:
        """Raises BadFile: the checkpoint is not signed by the key that stands beside it."""
        self._tx, self._head = tx, head
        self._signed = _checkpoint(head)
        self._waiting: list[log.Entry] = []
        self._placed, self._count = 0, 0

    def take(self, record: EarlierLog | Leaf) -> None:
        if isinstance(record, EarlierLog):
            _require_signed(record.checkpoint, record.key)
            log.keep_earlier(self._tx, _earlier(record))
            return
        self._require_next(record)
        body = record.entry.encode()
        at = record.at or _leaf.decode(body).hour
        entry = log.Entry(id=record.id, body=body, at=at, index=record.index)
        self._waiting.append(entry)
        self._count += 1
        if len(self._waiting) == AT_ONCE:
            self._bring()

    def finish(self, *, vkey: str, acting: Actor, now: datetime) -> int:
        """Compare the tree with what was signed, then go on from it. Returns how many leaves.

        Raises:
            BadFile: it is another tree, or what it commits to is not what the file holds.
        """
        self._bring()
        if self._signed is not None:
            self._require_tree(self._signed)
            self._go_on(self._signed, vkey=vkey, acting=acting, now=now)
        self._require_decisions()
        self._require_tombstones()
        return self._count

    def _bring(self) -> None:
        log.bring(self._tx, self._waiting)
        self._waiting = []

    def _require_next(self, record: Leaf) -> None:
        if record.index is None:
            return
        if record.index != self._placed or self._count != self._placed:
            raise BadFile(f"leaf {self._placed} of the log is missing")
        self._placed += 1

    def _require_tree(self, signed: Checkpoint) -> None:
        same_size = self._placed == signed.size
        if not same_size or root_of(queries.tiles_of(self._tx), signed.size) != signed.root:
            raise BadFile("the leaves are not those that the log's checkpoint covers")

    def _go_on(self, signed: Checkpoint, *, vkey: str, acting: Actor, now: datetime) -> None:
        """With the key that signed it, as if nothing had happened; else under the present name."""
        head = self._head
        if vkey == head.key:
            log.publish(self._tx, head.checkpoint, now=now)
            return
        kept = queries.Earlier(origin=head.origin, vkey=head.key, note=head.checkpoint, at=now)
        log.keep_earlier(self._tx, kept)
        note_new_epoch(self._tx, last=signed, acting=acting, now=now)

    def _require_decisions(self) -> None:
        """Each is the one that its leaf commits to."""
        for row in store.decided(self._tx):
            decision = _decision.decode(row.record)
            opened = ledger.commitment(decision, row.salt)
            decider = ledger.commitment(Decider(actor=row.decided_by), row.decider_key)
            if decider != decision.decider:
                raise BadFile(f"the decision {row.id} was made by somebody else")
            if row.body is None or not opened == row.commitment == _leaf.decode(row.body).record:
                raise BadFile(f"the decision {row.id} is not the one that the log commits to")

    def _require_tombstones(self) -> None:
        for row in store.tombstones(self._tx):
            ref = str(CommentRef(ThreadId(row.thread_id), CommentId(row.id)))
            tombstone = _tombstone.decode(row.tombstone)
            subject = Subject(comment=ref, revision=tombstone.revision)
            opened = ledger.commitment(subject, bytes.fromhex(tombstone.nonce))
            body = store.leaf_body(self._tx, tombstone.leaf)
            if body is None or _leaf.decode(body).subject != opened:
                raise BadFile(f"the removal of {ref} is not the one that the log commits to")


def _checkpoint(head: LogHead) -> Checkpoint | None:
    """None: nothing was signed yet."""
    signed = _require_signed(head.checkpoint, head.key) if head.checkpoint else None
    said = (signed.origin, signed.size) if signed else ("", 0)
    if said != (head.origin, head.size):
        raise BadFile("the header does not say what the log's checkpoint says")
    return signed


def _require_signed(note: str, key: str) -> Checkpoint:
    try:
        return open_checkpoint(note, key)
    except BadNote as error:
        raise BadFile(f"the log's checkpoint: {error}") from error


def _earlier(record: EarlierLog) -> queries.Earlier:
    return queries.Earlier(
        origin=record.origin, vkey=record.key, note=record.checkpoint, at=record.at
    )
