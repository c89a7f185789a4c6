"""Let comments follow what was decided on the name they were imported under."""

from datetime import datetime
from typing import Final

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.actions.place import count_public, page_changed
from gentie.comments import rules, store
from gentie.comments.archive.names import store as names
from gentie.comments.model import ArchiveAuthor, Author, Comment, Event, RevisionState, State
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId, CommentRef
from gentie.review import store as review
from gentie.review.model import ItemState
from gentie.screening.model import Outcome, Verdict
from gentie.sites.queries import get_thread

BATCH: Final = 100
NOBODY: Final = Author(id=AccountId("archive:erased"), name="", avatar="", badges=("archive",))
_ENDS: Final = frozenset({State.HELD, State.PUBLISHED})
"""What is withdrawn by an erasure. The rest is not public any more, and only loses its words."""
_NO_WORDS: Final = msgspec.json.encode(
    Verdict(outcome=Outcome.PASS, findings=(), rule="erased", failed=())
)


def follow_archive_name(
    tx: sa.Connection, author: AccountId, *, acting: Actor, now: datetime
) -> bool:
    """Hand over or erase up to a batch. Returns whether there may be more: call again.

    Running it again does no harm.

    Raises:
        MayNot, NoSuchArchiveAuthor: nothing was changed.
    """
    acting.require("job:run")
    found = names.get_author(tx, author)
    if found.is_open:
        return False
    refs = names.written_by(tx, author, most=BATCH)
    threads = {ref.thread for ref in refs}
    if found.erased_at is not None:
        for ref in refs:
            _erase(tx, ref, now=now)
        names.hand_over(tx, refs, NOBODY)
    else:
        names.hand_over(tx, refs, _owner(tx, found))
    for thread in sorted(threads):
        page_changed(tx, get_thread(tx, thread), urgent=found.erased_at is not None, now=now)
    return len(refs) == BATCH


def _owner(tx: sa.Connection, found: ArchiveAuthor) -> Author:
    poster = accounts.get_poster(tx, AccountId(str(found.account)))
    return Author(
        id=AccountId(str(found.account)),
        name=poster.name,
        avatar=poster.avatar,
        badges=poster.badges,
    )


def _erase(tx: sa.Connection, ref: CommentRef, *, now: datetime) -> None:
    """As if its author had withdrawn it, and nothing of the words is left."""
    comment = store.get(tx, ref)
    if comment.state in _ENDS:
        _withdraw(tx, comment, now=now)
    names.blank(tx, comment, verdict=_NO_WORDS)


def _withdraw(tx: sa.Connection, comment: Comment, *, now: datetime) -> None:
    state = rules.after(comment.state, Event.WITHDRAW)
    store.set_revision_state(tx, comment, comment.latest, RevisionState.WITHDRAWN)
    store.hide(tx, comment, state, decision=comment.decision, now=now)
    item = review.find_waiting_on(tx, comment.ref)
    if item is not None:
        review.close(tx, item, ItemState.WITHDRAWN, role="author", measure="erase", now=now)
    if comment.state is State.PUBLISHED:
        count_public(tx, comment, -1, now=now)
