"""Artrans, in which Artalk and its converters write: a JSON array of flat records, all strings."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from gentie.cli.imports.fields import identity, moment, number, truth, words
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
from gentie.cli.imports.rows import rows_in
from gentie.cli.imports.seen import Seen

_IGNORED = (("is_pinned", "pinned"), ("is_collapsed", "collapsed"))


def read_artrans(file: ExportFile, reading: Reading) -> Iterator[Record]:
    """Raises BadExport."""
    seen, fits, read = Seen(), False, 0
    with file.open() as opened:
        for row in rows_in(opened, "comments"):
            read += 1
            fits = fits or (row is not None and bool({"page_key", "content"} & row.keys()))
            if row is None:
                yield Unreadable(why="no record")
            else:
                yield from _records(row, reading, seen)
    if read and not fits:
        raise BadExport("this is JSON, but no Artrans: its records have no page_key")


def _records(row: dict[str, Any], reading: Reading, seen: Seen) -> Iterator[Record]:
    site, key = words(row.get("site_name")), words(row.get("page_key"))
    handle = f"{site}\n{key}"
    title = words(row.get("page_title"))
    if seen.first(handle, title):
        yield OldThread(handle=handle, site=site, url=key, also=_address(row, key), title=title)
    yield _comment(row, handle, site, reading)
    for name, what in _IGNORED:
        if truth(row.get(name)):
            yield Ignored(what=what)


def _address(row: dict[str, Any], key: str) -> tuple[str, ...]:
    """The whole address, where the key is a path and the site says where it lies."""
    base = words(row.get("site_urls")).split(",")[0].strip()
    try:
        whole = base and not urlsplit(key).netloc and urlsplit(base).netloc
    except ValueError:
        return ()
    return (urljoin(base.rstrip("/") + "/", key.lstrip("/")),) if whole else ()


def _comment(row: dict[str, Any], handle: str, site: str, reading: Reading) -> OldComment:
    mail = words(row.get("email"))
    return OldComment(
        id=identity(row.get("id")),
        thread=handle,
        site=site,
        parent=identity(row.get("rid")),
        author=words(row.get("nick")),
        person=f"mail:{mail.lower()}" if mail else "",
        created_at=moment(row.get("created_at"), reading.local),
        text=words(row.get("content")),
        markup=Markup.MARKDOWN,
        standing=Standing.PENDING if truth(row.get("is_pending")) else Standing.PUBLIC,
        votes=number(row.get("vote_up")),
        contact=_contact(row, mail) if reading.contact else None,
    )


def _contact(row: dict[str, Any], mail: str) -> Contact:
    return Contact(email=mail, website=words(row.get("link")), address=words(row.get("ip")))
