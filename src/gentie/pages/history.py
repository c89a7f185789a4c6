"""What a comment said before its author changed it, for everybody."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.comments import queries
from gentie.comments.model import State
from gentie.decisions.model import Measure
from gentie.decisions.queries import decisions_on
from gentie.kernel.ids import CommentRef, NoSuchComment

_FOR = frozenset({Measure.PUBLISH, Measure.RESTORE})


class RevisionView(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    body: msgspec.Raw
    html: str
    text: str
    published_at: datetime


class History(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    revisions: tuple[RevisionView, ...]
    """Oldest first; the last is what stands there now."""


def load_history(tx: sa.Connection, ref: CommentRef) -> History:
    """Every text that was public and against which no decision stands.

    What was taken down, refused or called back stays down, whatever its author wrote later.

    Raises:
        NoSuchComment: it is not public.
    """
    if queries.get(tx, ref).state is not State.PUBLISHED:
        raise NoSuchComment
    against = _against(tx, ref)
    shown = tuple(one for one in queries.past_of(tx, ref) if one.number not in against)
    return History(
        id=str(ref),
        revisions=tuple(
            RevisionView(
                number=one.number,
                body=msgspec.Raw(one.nodes),
                html=one.html,
                text=one.plain,
                published_at=one.published_at,
            )
            for one in shown
        ),
    )


def _against(tx: sa.Connection, ref: CommentRef) -> set[int]:
    """Revisions whose last decision is not one for them. Imports have none of their own."""
    last = {
        one.decision.target.revision: one.decision.measure
        for one in decisions_on(tx, ref.thread, ref.comment)
    }
    return {number for number, measure in last.items() if measure not in _FOR}
