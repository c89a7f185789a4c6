"""remark42: a line about the backup, then one comment for each line. Packed by itself."""

from collections.abc import Iterator
from typing import Any, Final

from gentie.cli.imports.fields import identity, moment, number, truth, words
from gentie.cli.imports.json_pull import Pull, any_of
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
from gentie.cli.imports.seen import Seen

_VERSION: Final = 1


def read_remark42(file: ExportFile, reading: Reading) -> Iterator[Record]:
    """Raises BadExport."""
    seen, fits, read = Seen(), False, 0
    with file.open() as opened:
        pull = Pull(opened)
        for _ in pull.documents():
            said = _object(pull)
            read += 1
            if "version" in said and "id" not in said:
                _require_version(said["version"])
                fits = True
            elif "locator" in said:
                fits = True
                yield from _records(said, reading, seen)
            else:
                yield Unreadable(why="no comment")
    if not fits:
        raise BadExport("this is JSON, but no backup of remark42")


def _object(pull: Pull) -> dict[str, Any]:
    """The next line, without the lists of users and pages, which may be long."""
    said: dict[str, Any] = {}
    if pull.kind() != "{":
        pull.skip()
        return said
    for name in pull.members():
        if pull.kind() != "[":
            said[name] = any_of(pull)
    return said


def _require_version(version: Any) -> None:
    if number(version) != _VERSION:
        raise BadExport(f"backups of remark42 of version {words(version)!r} are not known here")


def _records(said: dict[str, Any], reading: Reading, seen: Seen) -> Iterator[Record]:
    locator = said["locator"] if isinstance(said["locator"], dict) else {}
    site, url, title = (
        words(locator.get("site")),
        words(locator.get("url")),
        words(said.get("title")),
    )
    handle = f"{site}\n{url}"
    if seen.first(handle, title):
        yield OldThread(handle=handle, site=site, url=url, title=title)
    yield _comment(said, handle, site, reading)
    if truth(said.get("pin")):
        yield Ignored(what="pinned")


def _comment(said: dict[str, Any], handle: str, site: str, reading: Reading) -> OldComment:
    user = said["user"] if isinstance(said.get("user"), dict) else {}
    source = words(said.get("orig"))
    who = identity(user.get("id"))
    return OldComment(
        id=identity(said.get("id")),
        thread=handle,
        site=site,
        parent=identity(said.get("pid")),
        author=words(user.get("name")),
        person=f"user:{who}" if who else "",
        created_at=moment(said.get("time"), reading.local),
        text=source or words(said.get("text")),
        markup=Markup.MARKDOWN if source else Markup.HTML,
        standing=Standing.TRASH if truth(said.get("delete")) else Standing.PUBLIC,
        votes=number(said.get("score")),
        contact=Contact(email=words(user.get("email"))) if reading.contact else None,
    )
