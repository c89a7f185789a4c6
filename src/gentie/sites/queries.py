"""Reading sites, threads and switches."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.ids import LeafId, SiteId, ThreadId
from gentie.sites.model import NoSuchSite, NoSuchThread, Site, Switch, Thread
from gentie.sites.rows import site_of, switch_of, thread_of
from gentie.sites.tables import sites, switches, thread_keys, threads
from gentie.storage.prepared import Prepared
from gentie.storage.schema import Id

_SITE = Prepared(sa.select(sites).where(sites.c.id == sa.bindparam("site")))
_SITES = sa.select(sites).order_by(sites.c.id)
_BY_KEY = Prepared(
    sa.select(threads)
    .join(thread_keys, thread_keys.c.thread_id == threads.c.thread_id)
    .where(thread_keys.c.site_id == sa.bindparam("site"), thread_keys.c.key == sa.bindparam("key"))
)
_BY_KEYS = sa.select(thread_keys.c.key, thread_keys.c.thread_id).where(
    thread_keys.c.site_id == sa.bindparam("site"),
    thread_keys.c.key.in_(sa.bindparam("keys", expanding=True)),
)
_BY_IDS = sa.select(threads).where(
    threads.c.thread_id.in_(sa.bindparam("threads", expanding=True, type_=Id))
)
_THREAD = Prepared(sa.select(threads).where(threads.c.thread_id == sa.bindparam("thread")))
_SWITCHES = Prepared(
    sa.select(switches).where(
        switches.c.site_id == sa.bindparam("site"),
        switches.c.until > sa.bindparam("now"),
        switches.c.lifted_at.is_(None),
    )
)
_SWITCH_LEAVES = sa.select(switches.c.id, switches.c.leaf).where(
    switches.c.site_id == sa.bindparam("site"),
    switches.c.until > sa.bindparam("now"),
    switches.c.lifted_at.is_(None),
)
_THREADS_OF = (  # scatter: a console's list of one site's threads
    sa.select(threads)
    .where(threads.c.site_id == sa.bindparam("site"))
    .order_by(threads.c.thread_id)
)


_BY_TOKEN = sa.select(sites).where(sites.c.token == sa.bindparam("token"))


def find_site(tx: sa.Connection, site: SiteId) -> Site | None:
    row = _SITE.first(tx, {"site": site})
    return None if row is None else site_of(row)


def find_by_token(tx: sa.Connection, token: str) -> Site | None:
    """The site whose server holds the token with this digest."""
    row = tx.execute(_BY_TOKEN, {"token": token}).one_or_none() if token else None
    return None if row is None else site_of(row)


def get_site(tx: sa.Connection, site: SiteId) -> Site:
    """Raises NoSuchSite."""
    found = find_site(tx, site)
    if found is None:
        raise NoSuchSite(site=site)
    return found


def all_sites(tx: sa.Connection) -> list[Site]:
    return [site_of(row) for row in tx.execute(_SITES)]


def find_thread(tx: sa.Connection, site: SiteId, key: str) -> Thread | None:
    row = _BY_KEY.first(tx, {"site": site, "key": key})
    return None if row is None else thread_of(row)


def threads_by_key(tx: sa.Connection, site: SiteId, keys: Sequence[str]) -> dict[str, ThreadId]:
    """Many at once. A key that is not in use is left out."""
    rows = tx.execute(_BY_KEYS, {"site": site, "keys": list(keys)})
    return {row.key: ThreadId(row.thread_id) for row in rows}


def threads_by_id(tx: sa.Connection, ids: Collection[ThreadId]) -> dict[ThreadId, Thread]:
    rows = tx.execute(_BY_IDS, {"threads": sorted(ids)})
    return {found.id: found for found in map(thread_of, rows)}


def get_thread(tx: sa.Connection, thread: ThreadId) -> Thread:
    """Raises NoSuchThread."""
    row = _THREAD.first(tx, {"thread": thread})
    if row is None:
        raise NoSuchThread
    return thread_of(row)


def threads_of(tx: sa.Connection, site: SiteId) -> list[Thread]:
    """All threads of a site, oldest first."""
    return [thread_of(row) for row in tx.execute(_THREADS_OF, {"site": site})]


def switches_of(
    tx: sa.Connection, site: SiteId, thread: ThreadId | None, *, now: datetime
) -> list[Switch]:
    """The switches that stand for a thread: its own and its site's. None: the site's only."""
    rows = _SWITCHES.all(tx, {"site": site, "now": now})
    found = [switch_of(row) for row in rows if row.thread is None or row.thread == thread]
    return [switch for switch in found if switch.active(now)]


def all_switches_of(tx: sa.Connection, site: SiteId, *, now: datetime) -> list[Switch]:
    """Every switch that stands on a site or on one of its threads."""
    found = [switch_of(row) for row in _SWITCHES.all(tx, {"site": site, "now": now})]
    return [switch for switch in found if switch.active(now)]


def leaves_of_switches(tx: sa.Connection, site: SiteId, *, now: datetime) -> dict[str, LeafId]:
    """The leaf by which each standing switch was logged, by the switch's id."""
    rows = tx.execute(_SWITCH_LEAVES, {"site": site, "now": now})
    return {row.id: LeafId(row.leaf) for row in rows}
