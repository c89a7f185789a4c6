"""Waline: the JSON of its admin page, a CSV of its table, or what LeanCloud gave out."""

from collections.abc import Iterator
from typing import Any, Final

from gentie.cli.imports.fields import first, identity, moment, number, truth, words
from gentie.cli.imports.guessing import markup_of
from gentie.cli.imports.model import (
    BadExport,
    Contact,
    Ignored,
    OldComment,
    Reading,
    Record,
    Standing,
    Unreadable,
)
from gentie.cli.imports.opening import ExportFile
from gentie.cli.imports.rows import is_json, rows_in, table_in

_STANDING: Final = {
    "": Standing.PUBLIC,
    "approved": Standing.PUBLIC,
    "waiting": Standing.PENDING,
    "spam": Standing.SPAM,
    "deleted": Standing.TRASH,
}
_OURS: Final = frozenset({"comment", "insertedAt", "nick"})
_MOST_PEOPLE: Final = 200_000


def read_waline(file: ExportFile, reading: Reading) -> Iterator[Record]:
    """Raises BadExport."""
    if is_json(file.head(1024)):
        names = _names(file)
        with file.open() as opened:
            yield from _read(rows_in(opened, "Comment", "comment", "results"), names, reading)
    else:
        with file.open() as opened:
            yield from _read(table_in(opened, _OURS), {}, reading)


def _read(
    rows: Iterator[dict[str, Any] | None], names: dict[str, str], reading: Reading
) -> Iterator[Record]:
    read, fits = 0, False
    for row in rows:
        read += 1
        fits = fits or (row is not None and bool(_OURS & row.keys()))
        if row is None:
            yield Unreadable(why="no record")
            continue
        yield _comment(row, names, reading)
        if truth(row.get("sticky")):
            yield Ignored(what="pinned")
    if read and not fits:
        raise BadExport("this holds no comments of Waline: its records have no `comment`")


def _names(file: ExportFile) -> dict[str, str]:
    """What people who had an account were called. Of the rest nothing is looked at."""
    names: dict[str, str] = {}
    with file.open() as opened:
        for row in rows_in(opened, "Users"):
            if row and "display_name" in row and len(names) < _MOST_PEOPLE:
                names[identity(first(row, "objectId", "id", "_id"))] = words(row["display_name"])
    return names


def _comment(row: dict[str, Any], names: dict[str, str], reading: Reading) -> OldComment:
    user, mail = identity(row.get("user_id")), words(row.get("mail"))
    text = words(row.get("comment"))
    return OldComment(
        id=identity(first(row, "objectId", "id", "_id")),
        thread=words(row.get("url")),
        parent=identity(row.get("pid")) or identity(row.get("rid")),
        author=words(row.get("nick")) or names.get(user, ""),
        person=f"user:{user}" if user else f"mail:{mail.lower()}" if mail else "",
        created_at=moment(first(row, "insertedAt", "createdAt"), reading.local),
        text=text,
        markup=markup_of(text),
        standing=_standing(row),
        votes=number(row.get("like")),
        contact=_contact(row, mail) if reading.contact else None,
    )


def _standing(row: dict[str, Any]) -> Standing:
    """Valine, from which many came, only knew what was spam."""
    if truth(row.get("isSpam")):
        return Standing.SPAM
    return _STANDING.get(words(row.get("status")).lower(), Standing.PENDING)


def _contact(row: dict[str, Any], mail: str) -> Contact:
    return Contact(email=mail, website=words(row.get("link")), address=words(row.get("ip")))
