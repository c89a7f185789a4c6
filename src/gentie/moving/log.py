"""The public log on its way out: every leaf that is signed, and those of the site that wait.

The tree is one for the whole instance, so it moves as a whole: only then do its proofs still hold.
Of leaves about other sites nothing moves but what the world can read under /log/ anyway.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from gentie.kernel.ids import SiteId
from gentie.ledger.note import BadNote, open_checkpoint, read_checkpoint
from gentie.ledger.queries import earlier_logs, find_note
from gentie.ledger.tables import leaves
from gentie.moving.records.format import FORMAT
from gentie.moving.records.log import EarlierLog, Header, Leaf, LogHead

AT_ONCE: Final = 500

_PLACED = (
    sa.select(leaves)
    .where(leaves.c.idx < sa.bindparam("size", type_=sa.BigInteger))
    .order_by(leaves.c.idx)
)
_WAITING = (
    sa.select(leaves)
    .where(
        sa.or_(leaves.c.idx.is_(None), leaves.c.idx >= sa.bindparam("size", type_=sa.BigInteger))
    )
    .order_by(leaves.c.id)
)


class _About(msgspec.Struct, frozen=True):
    """What of a leaf says whether it moves."""

    kind: str
    site: str = ""


_NOTHING = LogHead(origin="", key="", size=0, checkpoint="")
_about = msgspec.json.Decoder(_About)


def header_of(tx: sa.Connection, site: SiteId, *, vkey: str) -> Header:
    """The first line. `vkey` is the key that the instance signs with now.

    Right after a move, nothing was signed here yet: the head is the one that came along.
    """
    note, earlier = find_note(tx), _earlier(tx)
    if note is not None:
        key = _key_of(note, [vkey, *(one.key for one in earlier)])
    elif earlier:
        key, note = earlier[-1].key, earlier[-1].checkpoint
    else:
        return Header(format=FORMAT, site=site, log=_NOTHING)
    at = read_checkpoint(note)
    head = LogHead(origin=at.origin, key=key, size=at.size, checkpoint=note)
    return Header(format=FORMAT, site=site, log=head)


def log_of(tx: sa.Connection, site: SiteId, head: LogHead) -> Iterator[EarlierLog | Leaf]:
    """Names of before, leaves in order, then those of the site that wait."""
    yield from (one for one in _earlier(tx) if one.origin != head.origin)
    streamed = {"yield_per": AT_ONCE}
    for row in tx.execute(_PLACED, {"size": head.size}, execution_options=streamed):
        yield _leaf(row, row.idx, known=_about.decode(row.body).site in ("", site))
    for row in tx.execute(_WAITING, {"size": head.size}, execution_options=streamed):
        about = _about.decode(row.body)
        if about.site in ("", site) and about.kind != "checkpoint_note":
            yield _leaf(row, None, known=True)


def _leaf(row: Any, index: int | None, *, known: bool) -> Leaf:
    return Leaf(
        index=index,
        entry=row.body.decode(),
        id=row.id if known else None,
        at=row.at if known else None,
    )


def _earlier(tx: sa.Connection) -> list[EarlierLog]:
    return [
        EarlierLog(origin=one.origin, key=one.vkey, checkpoint=one.note, at=one.at)
        for one in earlier_logs(tx)
    ]


def _key_of(note: str, keys: list[str]) -> str:
    """The first of these keys that has signed the note.

    Raises:
        BadNote: none of them has: the key of the log was exchanged by hand.
    """
    for key in keys:
        try:
            open_checkpoint(note, key)
        except BadNote:
            continue
        return key
    raise BadNote("the last checkpoint is signed by a key that this instance does not know")
