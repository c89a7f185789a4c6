"""Artrans, as Artalk reads it: one JSON array of objects whose values are all strings."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec
import sqlalchemy as sa

from gentie.kernel.ids import SiteId
from gentie.moving.plain import PlainComment, PlainThread, plain_threads
from gentie.sites.queries import get_site

_ROOT: Final = "0"


class Artran(msgspec.Struct, frozen=True, kw_only=True):
    """One comment. What Artalk would like to know of people (address, e-mail) stays empty."""

    id: str
    rid: str
    content: str
    ua: str = ""
    ip: str = ""
    created_at: str
    updated_at: str
    is_collapsed: str = "false"
    is_pending: str
    is_pinned: str = "false"
    vote_up: str
    vote_down: str = "0"
    nick: str
    email: str = ""
    link: str = ""
    badge_name: str = ""
    badge_color: str = ""
    page_key: str
    page_title: str
    page_admin_only: str = "false"
    site_name: str
    site_urls: str


def pieces_of(tx: sa.Connection, site: SiteId) -> Iterator[tuple[bytes, str]]:
    """The file in pieces, each with the kind of thing that it is.

    Raises:
        NoSuchSite: before the first piece.
    """
    here = get_site(tx, site)
    before = b"[\n"
    for thread, comments in plain_threads(tx, site):
        for comment in comments:
            one = _artran(thread, comment, name=here.name, urls=",".join(here.origins))
            yield before + msgspec.json.encode(one), "comment"
            before = b",\n"
    yield (b"\n]\n" if before == b",\n" else b"[]\n"), ""


def _artran(thread: PlainThread, comment: PlainComment, *, name: str, urls: str) -> Artran:
    return Artran(
        id=str(comment.number),
        rid=str(comment.parent) if comment.parent else _ROOT,
        content=comment.text,
        created_at=_moment(comment.created_at),
        updated_at=_moment(comment.changed_at),
        is_pending="true" if comment.waits else "false",
        vote_up=str(comment.votes),
        nick=comment.author,
        page_key=thread.url or thread.key,
        page_title=thread.title,
        site_name=name,
        site_urls=urls,
    )


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S +0000")
