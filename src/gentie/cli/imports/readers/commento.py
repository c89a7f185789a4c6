"""Commento: one JSON object with all comments, and with those who wrote them after that."""

from collections.abc import Iterator
from typing import Any, Final

from gentie.cli.imports.fields import identity, moment, number, truth, words
from gentie.cli.imports.json_pull import Pull, one_by_one
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
from gentie.cli.imports.seen import Seen

_STANDING: Final = {
    "": Standing.PUBLIC,
    "approved": Standing.PUBLIC,
    "unapproved": Standing.PENDING,
    "flagged": Standing.PENDING,
}
_MOST_PEOPLE: Final = 200_000
People = dict[str, dict[str, Any]]


def read_commento(file: ExportFile, reading: Reading) -> Iterator[Record]:
    """Raises BadExport."""
    people, seen, fits = _people(file), Seen(), False
    with file.open() as opened:
        pull = Pull(opened)
        for name in _members(pull):
            if name == "comments" and pull.kind() == "[":
                fits = True
                for one in one_by_one(pull):
                    yield from _read(one, people, reading, seen)
    if not fits:
        raise BadExport("this is JSON, but no export of Commento: it has no list of comments")


def _people(file: ExportFile) -> People:
    """Names and contacts by `commenterHex`. Anonymous comments have none."""
    found: People = {}
    with file.open() as opened:
        pull = Pull(opened)
        for name in _members(pull):
            if name == "commenters" and pull.kind() == "[":
                for one in one_by_one(pull):
                    if one and len(found) < _MOST_PEOPLE:
                        kept = {key: words(one.get(key)) for key in ("name", "email", "link")}
                        found[identity(one.get("commenterHex"))] = kept
    return found


def _members(pull: Pull) -> Iterator[str]:
    if pull.kind() != "{":
        raise BadExport("this is no export of Commento: that is one JSON object")
    yield from pull.members()


def _read(
    one: dict[str, Any] | None, people: People, reading: Reading, seen: Seen
) -> Iterator[Record]:
    if one is None:
        yield Unreadable(why="no comment")
        return
    site, path = words(one.get("domain")), words(one.get("url") or one.get("path"))
    handle = f"{site}\n{path}"
    if seen.first(handle, path):
        yield OldThread(handle=handle, site=site, url=path)
    yield _comment(one, people, reading, handle, site)


def _comment(
    one: dict[str, Any], people: People, reading: Reading, handle: str, site: str
) -> OldComment:
    who = _who(one)
    person = people.get(who, {})
    source, parent = words(one.get("markdown")), identity(one.get("parentHex"))
    return OldComment(
        id=identity(one.get("commentHex")),
        thread=handle,
        site=site,
        parent="" if parent == "root" else parent,
        author=person.get("name", ""),
        person=f"user:{who}" if who else "",
        created_at=moment(one.get("creationDate"), reading.local),
        text=source or words(one.get("html")),
        markup=Markup.MARKDOWN if source else Markup.HTML,
        standing=_standing(one),
        votes=number(one.get("score")),
        contact=_contact(person) if reading.contact else None,
    )


def _who(one: dict[str, Any]) -> str:
    """Empty: without an account, which some versions write as zeros."""
    who = identity(one.get("commenterHex"))
    return "" if who == "anonymous" or not who.strip("0") else who


def _standing(one: dict[str, Any]) -> Standing:
    if truth(one.get("deleted")):
        return Standing.TRASH
    return _STANDING.get(words(one.get("state")).lower(), Standing.PENDING)


def _contact(person: dict[str, Any]) -> Contact:
    return Contact(email=person.get("email", ""), website=person.get("link", ""))
