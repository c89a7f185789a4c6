"""Put a site that was exported into an empty instance, as it was."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.identity.settling_names import NAME_SETTLED
from gentie.actions.moderation.decide_item import TAKE_EFFECT
from gentie.actions.moderation.remove_comment import LAPSE
from gentie.actions.operations.moving_log import MovingLog
from gentie.actions.place import site_changed
from gentie.kernel.actor import Actor
from gentie.kernel.chance import digest_of, new_secret
from gentie.kernel.ids import CommentRef, SiteId
from gentie.moving import store
from gentie.moving.file import BadFile
from gentie.moving.records.authors import ArchiveName
from gentie.moving.records.format import Movable, Record
from gentie.moving.records.log import EarlierLog, Header, Leaf
from gentie.moving.records.sites import SiteRecord
from gentie.moving.records.threads import CommentRecord, ThreadRecord
from gentie.moving.rows import rows_of
from gentie.review.model import ItemState
from gentie.storage.outbox import send_on_commit

_NAMED = 3
"""Tables that a refusal names."""
_BAD = (ValueError, OverflowError, msgspec.MsgspecError)


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    site: SiteId
    token: str
    """The site's new token, shown only now."""
    threads: int
    comments: int
    leaves: int


class NotEmpty(Exception):
    """Something is in the instance already. Nothing was changed."""


def restore_site(
    tx: sa.Connection,
    read: Callable[[], Iterable[Record]],
    *,
    vkey: str,
    acting: Actor,
    now: datetime,
) -> Restored:
    """Put back everything that the file holds, and see that the log agrees with it.

    Under the key that signed the log there, the log goes on as what it was. Under another key it
    goes on under another name, and its next leaf says so (docs/decisions/0011).

    Args:
        tx: the open transaction: all of it or nothing.
        read: the records from the first to the last; read once for each try.
        vkey: the key that this instance signs with.
        acting: who may restore.
        now: the moment.

    Raises:
        MayNot, NotEmpty, BadFile: nothing was changed.
    """
    acting.require("site:restore")
    if filled := store.filled_tables(tx):
        raise NotEmpty(", ".join(filled[:_NAMED]) + (", ..." if filled[_NAMED:] else ""))
    with _faults_of_file():
        return _Restoring(tx, vkey=vkey, acting=acting, now=now).restore(read())


@contextmanager
def _faults_of_file() -> Iterator[None]:
    """What the database or a decoder does not take is the file's fault."""
    try:
        yield
    except (sa.exc.IntegrityError, sa.exc.DataError) as error:
        raise BadFile(f"the file contradicts itself: {error.orig}") from error
    except sa.exc.StatementError as error:
        if isinstance(error.orig, _BAD):
            raise BadFile(f"a value cannot be: {error.orig}") from error
        raise
    except _BAD as error:
        raise BadFile(f"a value cannot be: {error}") from error


class _Restoring:
    """One site on its way in."""

    def __init__(self, tx: sa.Connection, *, vkey: str, acting: Actor, now: datetime) -> None:
        self._tx, self._vkey, self._acting, self._now = tx, vkey, acting, now
        self._rows = store.Inserting(tx)
        self._log: MovingLog | None = None
        self._site = SiteId("")
        self._thread: ThreadRecord | None = None
        self._sites, self._threads, self._comments = 0, 0, 0

    def restore(self, records: Iterable[Record]) -> Restored:
        for record in records:
            self._take(record)
        if self._log is None or self._sites != 1:
            raise BadFile("it holds no site, or more than one")
        self._rows.finish()
        leaves = self._log.finish(vkey=self._vkey, acting=self._acting, now=self._now)
        store.count_public(self._tx, now=self._now)
        token = new_secret()
        store.set_token(self._tx, self._site, digest_of(token))
        return Restored(
            site=self._site,
            token=token,
            threads=self._threads,
            comments=self._comments,
            leaves=leaves,
        )

    def _take(self, record: Record) -> None:
        match record:
            case Header():
                self._site, self._log = record.site, MovingLog(self._tx, record.log)
            case EarlierLog() | Leaf() if self._log is not None:
                self._log.take(record)
            case SiteRecord():
                self._take_site(record)
            case ThreadRecord():
                self._threads, self._thread = self._threads + 1, record
                self._insert(record)
            case CommentRecord():
                self._take_comment(record)
            case ArchiveName():
                self._take_name(record)
            case _:
                self._insert(record)  # type: ignore[arg-type] # the reader has checked the order

    def _insert(self, record: Movable) -> None:
        for row in rows_of(record, self._site):
            self._rows.add(row)

    def _take_site(self, record: SiteRecord) -> None:
        if record.id != self._site:
            raise BadFile(f"the header names {self._site!r}, but the site is {record.id!r}")
        self._sites += 1
        self._insert(record)
        for switch in record.switches:
            if switch.lifted_at is None and switch.until > self._now:
                site_changed(self._tx, self._site, due=switch.until)

    def _take_comment(self, record: CommentRecord) -> None:
        if self._thread is None or record.thread != self._thread.id:
            raise BadFile(f"the comment {record.ref} stands under another thread than its own")
        if record.ref != str(CommentRef(record.thread, record.id)):
            raise BadFile(f"the comment {record.ref} is not the one it is called")
        self._comments += 1
        self._insert(record)
        self._wait_again(record)

    def _take_name(self, record: ArchiveName) -> None:
        """The comments under it may not all have followed yet."""
        self._insert(record)
        if record.account or record.erased_at:
            send_on_commit(self._tx, NAME_SETTLED, {"author": record.author}, due=self._now)

    def _wait_again(self, record: CommentRecord) -> None:
        """What waited for its time there, waits for it here."""
        for review in record.reviews or ():
            if review.state is ItemState.REFUSING and review.planned is not None:
                due = review.planned.effect_at
                send_on_commit(self._tx, TAKE_EFFECT, {"item": review.id}, due=due)
        for kept in record.decisions:
            due_at = kept.record.confirm_before
            if due_at is not None and kept.reversed_by is None:
                send_on_commit(self._tx, LAPSE, {"decision": kept.record.id}, due=due_at)
