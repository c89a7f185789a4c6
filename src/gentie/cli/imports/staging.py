"""What was read, in a file of its own until all of it is here: a database beside the instance's.

Parents may come after their answers and pages after their comments, so nothing is brought in
before everything has been read. The file lies in the data folder, is readable by its owner
alone, and goes when the import is done; after a crash the next start goes on from it.
"""

import hashlib
import os
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from gentie.cli.imports import staging_sql as sql
from gentie.cli.imports.model import (
    Contact,
    Ignored,
    Markup,
    OldComment,
    OldThread,
    Record,
    Standing,
    Unreadable,
)
from gentie.cli.imports.settling import NONE, settle
from gentie.cli.imports.urls import UrlMap, map_page
from gentie.comments.archive.names.persons import person_digest
from gentie.danmaku.model import Wanted

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE: Final = 1000
_LONGEST: Final = 400
"""Characters of an id or a name; what is longer is cut, which keeps it apart all the same."""
_wanted: Final = msgspec.json.Decoder(Wanted)


class Staged(msgspec.Struct, frozen=True, kw_only=True):
    """A comment that is to be brought in, after what it answers."""

    place: int
    """Where it stands in the order of the import."""
    id: str
    parent: str
    """What it answers, of those that come in. Not in the file: as the file said."""
    author: str
    person: str
    """Keyed digest. Empty: nothing but the name is known."""
    at: datetime
    text: str
    markup: Markup
    pending: bool
    votes: int | None
    contact: bytes | None
    """JSON of a `Contact`."""
    over: Wanted | None
    site: str
    key: str
    title: str
    url: str
    also: tuple[str, ...]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Where an old page goes, for the preview."""

    old: str
    key: str
    url: str
    also: tuple[str, ...]
    title: str
    comments: int


class Staging:
    """One file that is being brought in. Belongs to the thread that made it."""

    def __init__(self, path: Path | None, *, key: bytes) -> None:
        """`key` makes the digests of persons. No path: in memory."""
        self._path, self._key = path, key
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _drop_half(path)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(":memory:" if path is None else path, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._pages: dict[str, int] = {}

    @property
    def is_settled(self) -> bool:
        """Whether everything has been read, also by a process that has died since."""
        return bool(self._db.execute("PRAGMA user_version").fetchone()[0])

    def fill(self, records: Iterable[Record], *, pending: bool = False) -> None:
        """Keep all records.

        `pending`: also keep the texts of what waited for a decision there.
        """
        self._make()
        self._db.execute("BEGIN")
        rows: list[tuple[object, ...]] = []
        for record in records:
            if isinstance(record, OldComment):
                row = self._row(record, pending=pending)
                if row is not None:
                    rows.append(row)
            elif isinstance(record, OldThread):
                self._page(record)
            else:
                self._note(record)
            if len(rows) >= _AT_ONCE:
                self._add(rows)
        self._add(rows)
        self._db.execute("COMMIT")

    def settle(self, rules: UrlMap) -> None:
        """Find each page's key, each comment's parent, and the order of all."""
        self._db.execute("BEGIN")
        self._map(rules)
        self._leave_out()
        self._arrange()
        self._db.execute(sql.LINES)
        self._db.execute("INSERT INTO progress VALUES (0)")
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA user_version = 1")

    def rest(self, *, most: int) -> Iterator[list[Staged]]:
        """What has not been brought in yet, in order, `most` at a time."""
        after = self.done
        while rows := self._db.execute(sql.NEXT, (after, most)).fetchall():
            yield [_staged(row) for row in rows]
            after = rows[-1]["o"]

    @property
    def done(self) -> int:
        return int(self._db.execute("SELECT o FROM progress").fetchone()[0])

    def note_done(self, place: int) -> None:
        """Everything up to `place` stands in the instance."""
        self._db.execute("UPDATE progress SET o = ?", (place,))

    @property
    def wanted(self) -> int:
        """How many comments are to be brought in."""
        return int(self._db.execute("SELECT count(*) FROM line").fetchone()[0])

    @property
    def page_count(self) -> int:
        """How many threads they come to."""
        return int(self._db.execute(sql.PLACES).fetchone()[0])

    def counts(self, kind: str) -> dict[str, int]:
        rows = self._db.execute(
            "SELECT what, count FROM note WHERE kind = ? ORDER BY what", (kind,)
        )
        return {row["what"]: row["count"] for row in rows}

    def skipped(self) -> dict[str, int]:
        """How many are left out, by reason."""
        rows = self._db.execute(
            "SELECT why, count(*) AS n FROM comment WHERE why != '' GROUP BY why"
        )
        found = {row["why"]: row["n"] for row in rows}
        return dict(sorted({**found, **self.counts("skipped")}.items()))

    def sites(self) -> dict[str, int]:
        """Comments by old site, where the file names some."""
        rows = self._db.execute(sql.SITES)
        return {row["site"]: row["n"] for row in rows if row["site"]}

    def site_names(self) -> set[str]:
        """Of the old sites from which something comes in. Empty: the file names none."""
        return {row["site"] for row in self._db.execute("SELECT DISTINCT site FROM page")}

    def pages(self) -> Iterator[Page]:
        """Where each page goes, in the order of the keys."""
        for row in self._db.execute(sql.PAGES):
            yield Page(
                old=row["url"],
                key=row["key"],
                url=row["to_url"],
                also=tuple(msgspec.json.decode(row["to_also"])),
                title=row["title"],
                comments=row["comments"],
            )

    def close(self) -> None:
        self._db.close()

    def forget(self) -> None:
        """Close, and leave nothing behind."""
        self.close()
        if self._path is not None:
            with suppress(FileNotFoundError):
                self._path.unlink()

    def _make(self) -> None:
        self._db.executescript(sql.TABLES)

    def _page(self, page: OldThread) -> int:
        row = (
            _sound(page.handle),
            _sound(page.site),
            _sound(page.url),
            msgspec.json.encode([_sound(one) for one in page.also if one]).decode(),
            _sound(page.title),
            _number(page.at),
            page.hidden,
        )
        return int(self._db.execute(sql.ADD_PAGE, row).fetchone()[0])

    def _page_of(self, comment: OldComment) -> int:
        handle = _sound(comment.thread)
        known = self._pages.get(handle)
        if known is None:
            if len(self._pages) > 50 * _AT_ONCE:
                self._pages.clear()
            known = self._page(OldThread(handle=handle, site=comment.site))
            self._pages[handle] = known
        return known

    def _row(self, one: OldComment, *, pending: bool) -> tuple[object, ...] | None:
        if not one.id:
            self._count("skipped", "no id")
            return None
        why = _why_not(one, pending=pending)
        return (
            self._page_of(one),
            _sound(one.site),
            _short(one.id),
            _short(one.parent),
            "" if why else _short(one.author),
            person_digest(self._key, one.site, one.person) if one.person and not why else "",
            _number(one.created_at),
            "" if why else _sound(one.text),
            one.markup.value,
            int(one.standing is Standing.PENDING),
            why,
            one.votes,
            None if why else _contact(one.contact),
            None if one.over is None else msgspec.json.encode(one.over),
        )

    def _add(self, rows: list[tuple[object, ...]]) -> None:
        before = self._db.total_changes
        self._db.executemany(sql.ADD, rows)
        repeated = len(rows) - (self._db.total_changes - before)
        if repeated:
            repeated -= self._keep_apart(rows)
        if repeated:
            self._count("skipped", "repeated in the file", repeated)
        rows.clear()

    def _keep_apart(self, rows: list[tuple[object, ...]]) -> int:
        """Comments under the id of another one, as joined exports have them, get one of their own.

        It is made of what they say, so that the same file gives it again. Answers stay with the
        first. Returns how many there were.
        """
        before = self._db.total_changes
        for row in rows:
            page, site, id_, at, text = row[0], row[1], row[2], row[6], row[7]
            first = tuple(self._db.execute(sql.SAID, (id_, site)).fetchone())
            if first != (page, at, text):
                told = hashlib.sha256(f"{at}\n{text}".encode()).hexdigest()[:12]
                self._db.execute(sql.ADD, (*row[:2], _short(f"{id_}~{told}"), *row[3:]))
        return self._db.total_changes - before

    def _note(self, record: Ignored | Unreadable) -> None:
        if isinstance(record, Ignored):
            self._count("ignored", record.what)
        else:
            self._count("skipped", f"unreadable: {record.why}")

    def _count(self, kind: str, what: str, count: int = 1) -> None:
        self._db.execute(sql.COUNT, (kind, what, count, count))

    def _map(self, rules: UrlMap) -> None:
        """Pages that come to one key are one place."""
        places: dict[str, int] = {}
        for row in self._db.execute("SELECT n, handle, url, also, site FROM page").fetchall():
            also = tuple(msgspec.json.decode(row["also"]))
            to = map_page(row["url"] or row["handle"], also, rules)
            place = places.setdefault(f"{row['site']}\n{to.key}", len(places))
            values = (to.key, to.url, msgspec.json.encode(to.also).decode(), place, row["n"])
            self._db.execute(
                "UPDATE page SET key = ?, to_url = ?, to_also = ?, place = ? WHERE n = ?", values
            )

    def _leave_out(self) -> None:
        """What is known only now that all has been read."""
        for statement in sql.LEAVE_OUT:
            self._db.execute(statement)

    def _arrange(self) -> None:
        """Rows are numbered from 1 without holes: nothing is ever deleted from the table."""
        parents, kept, lost = array("q"), array("b"), 0
        for parent, stays, same in self._db.execute(sql.PARENTS):
            lost += bool(parent is not None and not same)
            parents.append(parent - 1 if parent is not None and same else NONE)
            kept.append(stays)
        above, depth, passed = settle(parents, kept)
        found = (
            (None if up == NONE else up + 1, down, number)
            for number, (up, down) in enumerate(zip(above, depth, strict=True), 1)
        )
        self._db.executemany("UPDATE comment SET above = ?, depth = ? WHERE n = ?", found)
        self._db.execute(sql.NO_PARENT)
        if passed:
            self._count("passed", "", passed)
        if lost:
            self._count("elsewhere", "", lost)


def _drop_half(path: Path) -> None:
    """Delete what a process left that died while it read: there was no journal."""
    if not path.exists():
        return
    with closing(sqlite3.connect(path)) as db:
        try:
            whole = db.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError:
            whole = 0
    if not whole:
        path.unlink()


def _why_not(one: OldComment, *, pending: bool) -> str:
    if one.why_not:
        return one.why_not
    if one.standing is not Standing.PUBLIC and not (pending and one.standing is Standing.PENDING):
        return one.standing.value
    return "" if one.text.strip() else "empty"


def _contact(contact: Contact | None) -> bytes | None:
    return None if contact is None or contact == Contact() else msgspec.json.encode(contact)


def _sound(text: str) -> str:
    """Without half characters, which no database takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _short(text: str) -> str:
    text = _sound(text)
    return text if len(text) <= _LONGEST else hashlib.sha256(text.encode()).hexdigest()


def _number(at: datetime | None) -> int | None:
    """Microseconds."""
    return None if at is None else (at - _FIRST) // timedelta(microseconds=1)


def _staged(row: Any) -> Staged:
    return Staged(
        place=row["o"],
        id=row["id"],
        parent=row["above"] or row["parent"],
        author=row["author"],
        person=row["person"],
        at=_FIRST + timedelta(microseconds=row["at"]),
        text=row["text"],
        markup=Markup(row["markup"]),
        pending=bool(row["pending"]),
        votes=row["votes"],
        contact=row["contact"],
        over=_wanted.decode(row["placing"]) if row["placing"] else None,
        site=row["named"],
        key=row["key"],
        title=row["title"],
        url=row["to_url"],
        also=tuple(msgspec.json.decode(row["to_also"])),
    )
