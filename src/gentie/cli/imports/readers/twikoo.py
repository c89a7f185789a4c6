"""Twikoo: its comments as a JSON array, lines of mongoexport, its own db.json, or CSV."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from gentie.cli.imports.fields import first, identity, moment, truth, words
from gentie.cli.imports.model import (
    BadExport,
    Contact,
    Ignored,
    Markup,
    OldComment,
    OldThread,
    Reading,
    Record,
    Standing,
    Unreadable,
)
from gentie.cli.imports.opening import ExportFile
from gentie.cli.imports.rows import is_json, rows_in, table_in
from gentie.cli.imports.seen import Seen

_ARRAYS: Final = ("comment", "comments", "data")
_OURS: Final = frozenset({"comment", "mailMd5", "isSpam"})


def read_twikoo(file: ExportFile, reading: Reading) -> Iterator[Record]:
    """Raises BadExport."""
    as_json = is_json(file.head(1024))
    seen, read, fits = Seen(), 0, False
    with file.open() as opened:
        for row in rows_in(opened, *_ARRAYS) if as_json else table_in(opened, _OURS):
            read += 1
            fits = fits or (row is not None and "comment" in row)
            if row is None:
                yield Unreadable(why="no record")
            else:
                yield from _records(row, seen, reading)
    if read and not fits:
        raise BadExport("this is JSON, but holds no comments of Twikoo")


def _records(row: dict[str, Any], seen: Seen, reading: Reading) -> Iterator[Record]:
    url, whole = words(row.get("url")), words(row.get("href"))
    if whole and seen.first(url, whole):
        yield OldThread(handle=url, url=url, also=(whole,))
    yield _comment(row, reading)
    if truth(row.get("top")):
        yield Ignored(what="pinned")


def _comment(row: dict[str, Any], reading: Reading) -> OldComment:
    mail, user = words(row.get("mail")), words(row.get("uid"))
    return OldComment(
        id=identity(first(row, "_id", "id")),
        thread=words(row.get("url")),
        parent=identity(row.get("pid")) or identity(row.get("rid")),
        author=words(row.get("nick")),
        person=f"mail:{mail.lower()}" if mail else f"user:{user}" if user else "",
        created_at=moment(first(row, "created", "createdAt"), reading.local),
        text=words(row.get("comment")),
        markup=Markup.HTML,
        standing=Standing.SPAM if truth(row.get("isSpam")) else Standing.PUBLIC,
        votes=_votes(first(row, "ups", "like")),
        contact=_contact(row, mail) if reading.contact else None,
    )


def _votes(value: Any) -> int | None:
    """How many voted: the list of them, also when it was written as a string."""
    if isinstance(value, str):
        try:
            value = msgspec.json.decode(value)
        except msgspec.DecodeError:
            return None
    return len(value) if isinstance(value, list) else None


def _contact(row: dict[str, Any], mail: str) -> Contact:
    return Contact(email=mail, website=words(row.get("link")), address=words(row.get("ip")))
