"""WordPress eXtended RSS, 1.0 to 1.2: posts and pages with their comments."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from gentie.cli.imports.html_text import markdown_of
from gentie.cli.imports.model import BadExport, Export, OldComment, OldPage, in_order

_SPACE: Final = re.compile(r"\{https?://wordpress\.org/export/1\.[0-2]/\}")
_REASONS: Final = {
    "0": "pending",
    "hold": "pending",
    "spam": "spam",
    "trash": "trash",
    "post-trashed": "trash",
}
_PUBLIC: Final = frozenset({"publish", "inherit", ""})
_LATEST: Final = 2069
_IN_CHANNEL: Final = 2
"""Elements that are open around a child of rss/channel."""
_NAMES_SITE: Final = ("base_site_url", "base_blog_url")
"""The blog's own address comes second: many blogs may share a site."""


def read_wxr(file: IO[bytes]) -> Export:
    """Read a whole file, item by item; of each only the comments are kept.

    Raises:
        BadExport: it is broken, hostile, or not WXR.
    """
    site: list[str] = []
    try:
        pages = tuple(page for page in _pages(file, site) if page.read)
    except DefusedXmlException as error:
        raise BadExport("the file declares a document type or entities; WXR needs none") from error
    except ParseError as error:
        line, column = error.position
        raise BadExport(f"the XML is broken at line {line}, column {column}") from error
    if not site:
        raise BadExport("this is XML, but not an export of WordPress (WXR 1.0 to 1.2)")
    return Export(source=f"wxr:{site[0]}", pages=pages)


def _pages(file: IO[bytes], site: list[str]) -> Iterator[OldPage]:
    """Puts the address of the blog into `site`, once it has been read."""
    open_elements: list[Element] = []
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            open_elements.append(element)
            continue
        open_elements.pop()
        if len(open_elements) != _IN_CHANNEL:
            continue
        if _wp(element) in _NAMES_SITE and _words(element):
            site[:] = [_words(element).rstrip("/")]
        elif element.tag == "item":
            yield _page(element)
            open_elements[-1].clear()


def _page(item: Element) -> OldPage:
    fields = {_wp(one): _words(one) for one in item if _wp(one)}
    plain = {one.tag: _words(one) for one in item if "}" not in one.tag}
    found = [_fields(one) for one in item if _wp(one) == "comment"]
    public = fields.get("status", "") in _PUBLIC and not fields.get("post_password")
    offset = _offset(fields, found)
    kept, skipped = [], Counter[str]()
    for one in found:
        at = _time(one, offset) or _published(plain)
        reason = "page not public" if not public else _reason(one, at)
        if reason or at is None:
            skipped[reason or "no date"] += 1
        else:
            kept.append(_comment(one, at))
    through = {one["comment_id"]: _parent(one) for one in found}
    link = plain.get("link") or plain.get("guid") or f"post-{fields.get('post_id', '')}"
    return OldPage(
        key=link,
        title=plain.get("title", ""),
        url=link,
        read=len(found),
        comments=tuple(in_order(kept, through)),
        skipped=dict(skipped),
    )


def _fields(comment: Element) -> dict[str, str]:
    return {"comment_id": ""} | {_wp(one): _words(one) for one in comment if _wp(one)}


def _reason(fields: dict[str, str], at: datetime | None) -> str:
    """Why a comment is not imported. Empty: it is."""
    kind = fields.get("comment_type", "")
    approved = fields.get("comment_approved", "")
    if kind not in ("", "comment"):
        return kind
    if approved != "1":
        return _REASONS.get(approved, "not approved")
    if not fields["comment_id"]:
        return "no id"
    if at is None:
        return "no date"
    return "" if fields.get("comment_content", "").strip() else "empty"


def _comment(fields: dict[str, str], at: datetime) -> OldComment:
    return OldComment(
        id=fields["comment_id"],
        parent=_parent(fields),
        author=fields.get("comment_author", ""),
        created_at=at,
        text=markdown_of(fields.get("comment_content", "")),
    )


def _parent(fields: dict[str, str]) -> str:
    parent = fields.get("comment_parent", "")
    return "" if parent == "0" else parent


def _time(fields: dict[str, str], offset: timedelta) -> datetime | None:
    """In UTC: as the export says, else from the site's local time."""
    gmt = _moment(fields.get("comment_date_gmt", ""))
    if gmt is not None:
        return gmt
    local = _moment(fields.get("comment_date", ""))
    return None if local is None else local - offset


def _offset(post: dict[str, str], comments: list[dict[str, str]]) -> timedelta:
    """How far the site's local time is ahead of UTC, as far as its own times tell."""
    pairs = [(post.get("post_date", ""), post.get("post_date_gmt", ""))]
    pairs += [(one.get("comment_date", ""), one.get("comment_date_gmt", "")) for one in comments]
    for local, gmt in ((_moment(local), _moment(gmt)) for local, gmt in pairs):
        if local is not None and gmt is not None and abs(local - gmt) <= timedelta(hours=14):
            return local - gmt
    return timedelta()


def _moment(text: str) -> datetime | None:
    """None: zeros, which WordPress writes for what it does not know, or nonsense."""
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if moment.year <= _LATEST else None


def _published(plain: dict[str, str]) -> datetime | None:
    """When the page appeared: the best that is known of a comment without any date."""
    try:
        return parsedate_to_datetime(plain.get("pubDate", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _wp(element: Element) -> str:
    """The name in WordPress's own namespace. Empty: another one's."""
    name, found = _SPACE.subn("", element.tag, count=1)
    return name if found else ""


def _words(element: Element) -> str:
    return (element.text or "").strip()
