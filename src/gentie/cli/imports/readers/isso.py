"""Isso: its SQLite database, or the plain JSON that its own importer takes."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import quote

from gentie.cli.imports.fields import moment, number, words
from gentie.cli.imports.json_pull import Pull, any_of, one_of
from gentie.cli.imports.model import (
    BadExport,
    Contact,
    Markup,
    OldComment,
    OldThread,
    Reading,
    Record,
    Standing,
    Unreadable,
)
from gentie.cli.imports.opening import ExportFile

MAGIC: Final = b"SQLite format 3\0"
_STANDING: Final = {1: Standing.PUBLIC, 2: Standing.PENDING, 4: Standing.TRASH}
_NEEDED: Final = {
    "threads": frozenset({"id", "uri"}),
    "comments": frozenset({"id", "tid", "parent", "created", "mode", "text", "author"}),
}


def read_isso(file: ExportFile, reading: Reading) -> Iterator[Record]:
    """Raises BadExport."""
    with file.unpacked() as opened:
        is_database = opened.read(len(MAGIC)) == MAGIC
    if is_database:
        yield from _read_database(file, reading)
    else:
        yield from _read_json(file, reading)


def _read_database(file: ExportFile, reading: Reading) -> Iterator[Record]:
    try:
        with _database(file) as path, closing(_opened(path)) as db:
            _require_isso(db)
            site = _site(db)
            for row in db.execute("SELECT * FROM threads"):
                url = words(row["uri"])
                title = words(dict(row).get("title"))
                yield OldThread(handle=words(row["id"]), site=site, url=url, title=title)
            for row in db.execute("SELECT * FROM comments"):
                yield _comment(dict(row), reading)
    except sqlite3.Error as error:
        raise BadExport(f"the database is broken: {error}") from error


@contextmanager
def _database(file: ExportFile) -> Iterator[Path]:
    """The database as a file of its own, where it came packed."""
    with file.path.open("rb") as raw:
        packed = raw.read(len(MAGIC)) != MAGIC
    if not packed:
        yield file.path
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "comments.db"
        with file.unpacked() as opened, path.open("wb") as whole:
            copyfileobj(opened, whole)
        yield path


def _opened(path: Path) -> sqlite3.Connection:
    """Read only; where Isso does not run, also without making files beside it."""
    running = path.with_name(path.name + "-wal").exists()
    how = "mode=ro" if running else "mode=ro&immutable=1"
    db = sqlite3.connect(f"file:{quote(str(path.absolute()))}?{how}", uri=True)
    db.execute("PRAGMA trusted_schema = OFF")
    db.row_factory = sqlite3.Row
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return db


def _require_isso(db: sqlite3.Connection) -> None:
    """Tables that are tables, with the columns that are read."""
    tables = {
        row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type='table'")
    }
    for table, needed in _NEEDED.items():
        columns = {
            row["name"] for row in db.execute("SELECT name FROM pragma_table_info(?)", (table,))
        }
        if table not in tables or not needed <= columns:
            raise BadExport("this is an SQLite database, but not one of Isso")


def _site(db: sqlite3.Connection) -> str:
    """Isso names no site. Its own secret does, and a digest of that tells nothing."""
    try:
        row = db.execute("SELECT value FROM preferences WHERE key = 'session-key'").fetchone()
    except sqlite3.OperationalError:
        return ""
    return hashlib.sha256(f"isso|{row['value']}".encode()).hexdigest()[:12] if row else ""


def _comment(row: dict[str, Any], reading: Reading) -> OldComment:
    mail = words(row.get("email"))
    return OldComment(
        id=words(row["id"]),
        thread=words(row["tid"]),
        parent=words(row["parent"]),
        author=words(row["author"]),
        person=f"mail:{mail.lower()}" if mail else "",
        created_at=moment(row["created"], reading.local),
        text=words(row["text"]),
        markup=Markup.MARKDOWN,
        standing=_STANDING.get(number(row["mode"]) or 0, Standing.PENDING),
        votes=number(row.get("likes")),
        contact=_contact(row) if reading.contact else None,
    )


def _contact(row: dict[str, Any]) -> Contact:
    return Contact(
        email=words(row.get("email")),
        website=words(row.get("website")),
        address=words(row.get("remote_addr")),
    )


def _read_json(file: ExportFile, reading: Reading) -> Iterator[Record]:
    with file.open() as opened:
        pull = Pull(opened)
        if pull.kind() != "[":
            raise BadExport("this is neither a database of Isso nor a JSON array of its pages")
        for count, _ in enumerate(pull.items()):
            if pull.kind() == "{":
                yield from _page(pull, f"page {count}", reading)
            else:
                yield Unreadable(why="no page")


def _page(pull: Pull, handle: str, reading: Reading) -> Iterator[Record]:
    """A page of any length; its comments count from 0 on each."""
    said: dict[str, str] = {}
    for name in pull.members():
        if name == "comments" and pull.kind() == "[":
            for _ in pull.items():
                one = one_of(pull)
                if one is None:
                    yield Unreadable(why="no comment")
                else:
                    yield _json_comment(one, said.get("id", handle), handle, reading)
        elif name in ("id", "title") and pull.kind() not in ("{", "["):
            said[name] = words(any_of(pull))
    yield OldThread(handle=handle, url=said.get("id", ""), title=said.get("title", ""))


def _json_comment(one: dict[str, Any], page: str, handle: str, reading: Reading) -> OldComment:
    row = {"mode": 1, "parent": None, "author": "", "text": "", "created": None} | one
    made = _comment({**row, "tid": handle, "id": words(one.get("id"))}, reading)
    parent = f"{page}#{made.parent}" if made.parent else ""
    values = {name: getattr(made, name) for name in OldComment.__struct_fields__}
    return OldComment(**{**values, "id": f"{page}#{made.id}" if made.id else "", "parent": parent})
