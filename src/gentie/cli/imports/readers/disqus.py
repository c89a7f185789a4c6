"""Disqus: one XML file of threads and posts, which name each other by number."""

from collections.abc import Iterator
from datetime import UTC
from typing import Final

from gentie.cli.imports.fields import moment, truth
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
)
from gentie.cli.imports.opening import ExportFile
from gentie.cli.imports.xml_records import Element, records_in

_RECORDS: Final = frozenset({"thread", "post", "category"})


def read_disqus(file: ExportFile, reading: Reading) -> Iterator[Record]:
    """Raises BadExport."""
    found = False
    with file.open() as opened:
        for told in records_in(
            opened, records=_RECORDS, around=frozenset({"disqus"}), prefix=_prefix
        ):
            if isinstance(told, Element) and told.name == "thread":
                found = True
                yield from _thread(told)
            elif isinstance(told, Element) and told.name == "post":
                found = True
                yield _post(told, reading)
            else:
                found = found or told.name in ("category", "disqus")
    if not found:
        raise BadExport("this is XML, but not an export of Disqus")


def _thread(thread: Element) -> Iterator[Record]:
    slug = thread.get("id")
    yield OldThread(
        handle=_id(thread),
        site=thread.get("forum"),
        url=thread.get("link") or slug,
        also=(slug,) if slug else (),
        title=thread.get("title"),
        at=moment(thread.get("createdAt"), UTC),
        hidden="page deleted" if truth(thread.get("isDeleted")) else "",
    )
    if truth(thread.get("isClosed")):
        yield Ignored(what="thread closed there")


def _post(post: Element, reading: Reading) -> OldComment:
    author = post.find("author") or Element("author", {})
    thread, parent = post.find("thread"), post.find("parent")
    return OldComment(
        id=_id(post),
        thread=_id(thread) if thread else "",
        parent=_id(parent) if parent else "",
        author=author.get("name") or author.get("username"),
        person=_person(author),
        created_at=moment(post.get("createdAt"), UTC),
        text=post.get("message"),
        markup=Markup.HTML,
        standing=_standing(post),
        contact=_contact(author, post) if reading.contact else None,
    )


def _standing(post: Element) -> Standing:
    if truth(post.get("isSpam")):
        return Standing.SPAM
    if truth(post.get("isDeleted")):
        return Standing.TRASH
    approved = post.get("isApproved")
    return Standing.PENDING if approved and not truth(approved) else Standing.PUBLIC


def _person(author: Element) -> str:
    if author.get("username") and not truth(author.get("isAnonymous")):
        return f"user:{author.get('username')}"
    mail = author.get("email")
    return f"mail:{mail.lower()}" if mail else ""


def _contact(author: Element, post: Element) -> Contact:
    return Contact(
        email=author.get("email"), website=author.get("link"), address=post.get("ipAddress")
    )


def _id(element: Element) -> str:
    return element.attributes.get("dsq:id", "").strip()


def _prefix(space: str) -> str:
    if space.rstrip("/").endswith("disqus.com/disqus-internals"):
        return "dsq"
    return "" if space.rstrip("/").endswith("disqus.com") else "other"
