"""WordPress eXtended RSS, 1.0 to 1.2: posts and pages with their comments."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from gentie.cli.imports.fields import moment
from gentie.cli.imports.model import (
    BadExport,
    Contact,
    Markup,
    OldComment,
    OldThread,
    Reading,
    Record,
    Standing,
)
from gentie.cli.imports.opening import ExportFile
from gentie.cli.imports.xml_records import Closed, Element, records_in

_SPACE: Final = re.compile(r"\Ahttps?://wordpress\.org/export/1\.\d{1,2}/?\Z")
_STANDING: Final = {
    "1": Standing.PUBLIC,
    "approve": Standing.PUBLIC,
    "approved": Standing.PUBLIC,
    "0": Standing.PENDING,
    "hold": Standing.PENDING,
    "spam": Standing.SPAM,
    "trash": Standing.TRASH,
    "post-trashed": Standing.TRASH,
}
_COMMENTS: Final = frozenset({"", "comment", "review"})
"""Types that a person wrote for the public. Notes on orders are none."""
_PUBLIC: Final = frozenset({"publish", "inherit", ""})
_NAMES_SITE: Final = ("wp:base_site_url", "wp:base_blog_url")
"""The blog's own address comes second: many blogs may share a site."""
_ZONES: Final = timedelta(hours=14)


def read_wxr(file: ExportFile, reading: Reading) -> Iterator[Record]:
    """Raises BadExport."""
    blog = _Blog(reading)
    with file.open() as opened:
        for told in records_in(
            opened,
            records=frozenset({"wp:comment"}),
            around=frozenset({"channel", "item"}),
            prefix=_prefix,
        ):
            yield from blog.told(told)
    if not blog.is_one:
        raise BadExport("this is XML, but not an export of WordPress (WXR 1.0 to 1.2)")


class _Blog:
    """What is known so far, while the file goes by."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._site, self._items = "", 0
        self._item: dict[str, str] = {}
        self._ahead: timedelta | None = None
        """How far the blog's local time is ahead of UTC, as its own times tell."""
        self.is_one = False

    def told(self, told: Element | Closed) -> Iterator[Record]:
        if isinstance(told, Closed):
            if told.name == "item":
                yield self._page()
                self._item, self._items = {}, self._items + 1
        elif told.name == "wp:comment":
            yield self._comment(told)
        else:
            self._note(told.name, told.text)

    @property
    def _handle(self) -> str:
        return f"item {self._items}"

    def _note(self, name: str, words: str) -> None:
        self.is_one = self.is_one or name.startswith("wp:")
        if name in _NAMES_SITE and words:
            self._site = words.rstrip("/")
        self._item[name] = words
        if name in ("wp:post_date", "wp:post_date_gmt"):
            self._compare(self._item.get("wp:post_date"), self._item.get("wp:post_date_gmt"))

    def _page(self) -> OldThread:
        item = self._item
        public = item.get("wp:status", "") in _PUBLIC and not item.get("wp:post_password")
        number = item.get("wp:post_id", "")
        link = item.get("link") or item.get("guid") or (f"post-{number}" if number else "")
        return OldThread(
            handle=self._handle,
            site=self._site,
            url=link,
            title=item.get("title", ""),
            at=moment(item.get("pubDate"), UTC) or moment(item.get("wp:post_date_gmt"), UTC),
            hidden="" if public else "page not public",
        )

    def _comment(self, comment: Element) -> OldComment:
        said = {one.name.removeprefix("wp:"): one.text for one in comment.parts}
        self._compare(said.get("comment_date"), said.get("comment_date_gmt"))
        kind = said.get("comment_type", "").strip()
        parent, user = said.get("comment_parent", ""), said.get("comment_user_id", "")
        mail = said.get("comment_author_email", "")
        standing = _STANDING.get(said.get("comment_approved", ""))
        return OldComment(
            id=said.get("comment_id", ""),
            thread=self._handle,
            parent="" if parent == "0" else parent,
            author=said.get("comment_author", ""),
            person=_person(user, mail),
            created_at=self._time(said),
            text=said.get("comment_content", ""),
            markup=Markup.HTML,
            standing=standing or Standing.PENDING,
            why_not=_why_not(kind, known=standing is not None),
            contact=self._contact(said) if self._reading.contact else None,
        )

    def _contact(self, said: dict[str, str]) -> Contact:
        return Contact(
            email=said.get("comment_author_email", ""),
            website=said.get("comment_author_url", ""),
            address=said.get("comment_author_IP", ""),
        )

    def _compare(self, local: str | None, gmt: str | None) -> None:
        there, utc = moment(local, UTC), moment(gmt, UTC)
        if there and utc and abs(there - utc) <= _ZONES:
            self._ahead = there - utc

    def _time(self, said: dict[str, str]) -> datetime | None:
        """In UTC: as the export says, else from the blog's local time."""
        gmt = moment(said.get("comment_date_gmt"), UTC)
        if gmt is not None:
            return gmt
        if self._reading.zone or self._ahead is None:
            return moment(said.get("comment_date"), self._reading.local)
        local = moment(said.get("comment_date"), UTC)
        return None if local is None else local - self._ahead


def _why_not(kind: str, *, known: bool) -> str:
    if kind not in _COMMENTS:
        return kind[:40]
    return "" if known else "not approved"


def _person(user: str, mail: str) -> str:
    if user and user != "0":
        return f"user:{user}"
    return f"mail:{mail.lower()}" if mail else ""


def _prefix(space: str) -> str:
    return "wp" if _SPACE.match(space) else "other"
