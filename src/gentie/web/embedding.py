"""Whose pages an origin has: our own, or those of the site that a request is about."""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import urlsplit

import sqlalchemy as sa

from gentie.kernel.ids import CommentRef, NoSuchComment, SiteId
from gentie.sites import queries
from gentie.sites.model import NoSuchThread, Site
from gentie.sites.rules import serves_origin
from gentie.storage.db import Database

Serves = Callable[[str, str], Awaitable[bool]]
"""Whether pages of an origin may change what is at a path. Given are path and origin."""

_PATH = re.compile(
    r"/api/v1/(?:sites/(?P<site>[a-z0-9-]+)/|comments/(?P<comment>[A-Za-z0-9_-]+)(?:/|\Z))"
)
SESSION = "/api/v1/session"
_ANY_SITE = frozenset(
    {
        "/api/v1/reports",
        SESSION,
        f"{SESSION}/exchange",
        f"{SESSION}/introduce",
        f"{SESSION}/renew",
        f"{SESSION}/end",
        "/dplayer/v3/",
    }
)
"""What it is about stands in the body or in the token, and each act looks at the origin itself."""


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_host(origin: str, host: str) -> bool:
    """Whether a page of `origin` asks the host that it came from. `null` is nobody's."""
    return bool(host) and urlsplit(origin).netloc == host


def embedding_in(db: Database) -> Serves:
    """Ask the sites themselves, so that a site opened now is served now."""

    async def serves(path: str, origin: str) -> bool:
        return await db.read(partial(may_embed, path=path, origin=origin))

    return serves


def may_embed(tx: sa.Connection, path: str, origin: str) -> bool:
    """Whether the site that a path is about lists `origin`. What is about no site: no."""
    if path in _ANY_SITE:
        return any(serves_origin(site, origin) for site in queries.all_sites(tx))
    site = site_at(tx, path)
    return site is not None and serves_origin(site, origin)


def site_at(tx: sa.Connection, path: str) -> Site | None:
    """The site that a path of the comment API is about. None: none, or none of ours."""
    found = _PATH.match(path)
    if found is None:
        return None
    if found["site"]:
        return queries.find_site(tx, SiteId(found["site"]))
    try:
        thread = queries.get_thread(tx, CommentRef.parse(found["comment"]).thread)
    except (NoSuchComment, NoSuchThread):
        return None
    return queries.find_site(tx, thread.site)
