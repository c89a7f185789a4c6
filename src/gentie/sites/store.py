"""The SQL of sites that writes or locks."""

from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from gentie.kernel.chance import new_id
from gentie.kernel.ids import ActorId, LeafId, SiteId, ThreadId
from gentie.sites import rules
from gentie.sites.model import (
    ClassChange,
    Declaration,
    Mode,
    NoSuchSite,
    NoSuchSwitch,
    Site,
    SiteExists,
    Switch,
    Thread,
    ThreadClass,
)
from gentie.sites.rows import site_of, switch_of
from gentie.sites.tables import (
    class_changes,
    site_regimes,
    sites,
    switches,
    thread_keys,
    threads,
)
from gentie.storage.schema import Id

_ADD_SITE = sites.insert()
_SET_REGIME = (
    sites.update().where(sites.c.id == sa.bindparam("b_site")).values(regime=sa.bindparam("to"))
)
_LOCK_SITE = sa.select(sites).where(sites.c.id == sa.bindparam("site")).with_for_update()
_THIS_SITE = sites.update().where(sites.c.id == sa.bindparam("b_site"))
_SET_ORIGINS = _THIS_SITE.values(origins=sa.bindparam("to", type_=sa.JSON))
_SET_TOKEN = _THIS_SITE.values(token=sa.bindparam("to"))
_ADD_REGIME = site_regimes.insert()
_CLAIM_KEY = {
    "sqlite": sqlite.insert(thread_keys)
    .on_conflict_do_nothing()
    .returning(thread_keys.c.thread_id),
    "postgresql": postgresql.insert(thread_keys)
    .on_conflict_do_nothing()
    .returning(thread_keys.c.thread_id),
}
_POINT_KEYS = (
    thread_keys.update()
    .where(
        thread_keys.c.site_id == sa.bindparam("b_site"),
        thread_keys.c.thread_id == sa.bindparam("b_gone", type_=Id),
    )
    .values(thread_id=sa.bindparam("b_stays", type_=Id))
)
_FORGET_THREAD = threads.delete().where(threads.c.thread_id == sa.bindparam("b_gone", type_=Id))
_ADD_THREAD = threads.insert()
_DECLARE = threads.update().where(threads.c.thread_id == sa.bindparam("b_thread"))
_LOCK = (
    sa.select(threads.c.thread_id)
    .where(threads.c.thread_id == sa.bindparam("thread"))
    .with_for_update()
)
_NOTE_CLASS = class_changes.insert()
_ADD_SWITCH = switches.insert()
_GET_SWITCH = (
    sa.select(switches)
    .where(switches.c.id == sa.bindparam("switch"), switches.c.lifted_at.is_(None))
    .with_for_update()
)
_LIFT = (
    switches.update()
    .where(switches.c.id == sa.bindparam("b_id"))
    .values(lifted_at=sa.bindparam("at"))
)


def add_site(tx: sa.Connection, site: Site, *, now: datetime) -> None:
    """Raises SiteExists."""
    row = {**msgspec.structs.asdict(site), "origins": list(site.origins), "created_at": now}
    try:
        with tx.begin_nested():
            tx.execute(_ADD_SITE, row)
    except IntegrityError as error:
        raise SiteExists(site=site.id) from error


def lock_site(tx: sa.Connection, site: SiteId) -> Site:
    """Load and lock, so that two changes of a list do not lose one another.

    Raises:
        NoSuchSite: there is none with this id.
    """
    row = tx.execute(_LOCK_SITE, {"site": site}).one_or_none()
    if row is None:
        raise NoSuchSite(site=site)
    return site_of(row)


def set_origins(tx: sa.Connection, site: SiteId, origins: tuple[str, ...]) -> None:
    tx.execute(_SET_ORIGINS, {"b_site": site, "to": list(origins)})


def set_token(tx: sa.Connection, site: SiteId, digest: str) -> None:
    tx.execute(_SET_TOKEN, {"b_site": site, "to": digest})


def set_regime(
    tx: sa.Connection, site: SiteId, regime: str, policy: str, *, by: ActorId, now: datetime
) -> None:
    """Put a site under a regime from now on, and keep the date. Old rows keep their stamp."""
    tx.execute(_SET_REGIME, {"b_site": site, "to": regime})
    row = {"site_id": site, "since": now, "regime": regime, "policy": policy, "by": by}
    tx.execute(_ADD_REGIME, row)


def make_thread(tx: sa.Connection, site: SiteId, key: str, *, now: datetime) -> bool:
    """Make a thread in the strictest class. False: somebody else was first."""
    thread = new_id()
    row = {"site_id": site, "key": key, "thread_id": thread}
    if tx.execute(_CLAIM_KEY[tx.dialect.name], row).first() is None:
        return False
    fields = {
        "title": "",
        "url": "",
        "kind": ThreadClass.NEWS.value,
        "mode": Mode.PRE.value,
        "owner": "",
        "declared": False,
        "created_at": now,
    }
    tx.execute(_ADD_THREAD, row | fields)
    return True


def add_key(tx: sa.Connection, thread: Thread, key: str) -> bool:
    """Let another key reach a thread. False: it is no key, or stands for a thread already."""
    if not rules.is_thread_key(key):
        return False
    row = {"site_id": thread.site, "key": key, "thread_id": thread.id}
    return tx.execute(_CLAIM_KEY[tx.dialect.name], row).first() is not None


def point_keys(tx: sa.Connection, gone: Thread, stays: Thread) -> None:
    """Let every key of an emptied thread reach another, and forget the emptied one."""
    tx.execute(_POINT_KEYS, {"b_site": gone.site, "b_gone": gone.id, "b_stays": stays.id})
    tx.execute(_FORGET_THREAD, {"b_gone": gone.id})


def declare(tx: sa.Connection, thread: Thread, declaration: Declaration) -> None:
    row = {
        "b_thread": thread.id,
        "title": declaration.title,
        "url": declaration.url,
        "kind": declaration.kind.value,
        "mode": declaration.mode.value,
        "owner": declaration.owner,
        "declared": True,
    }
    tx.execute(_DECLARE, row)


def note_class(tx: sa.Connection, change: ClassChange, *, salt: bytes, leaf: LeafId) -> None:
    """Keep who made a thread what it is, and why."""
    row = {
        "thread_id": change.thread,
        "id": new_id(),
        "kind": change.kind.value,
        "mode": change.mode.value,
        "reason": change.reason,
        "by": change.by,
        "by_role": change.by_role,
        "at": change.at,
        "salt": salt,
        "leaf": leaf,
    }
    tx.execute(_NOTE_CLASS, row)


def lock_thread(tx: sa.Connection, thread: ThreadId) -> None:
    """Let one act at a time change what a thread counts."""
    tx.execute(_LOCK, {"thread": thread})


def add_switch(tx: sa.Connection, switch: Switch, *, salt: bytes, leaf: LeafId) -> None:
    row = {
        "id": switch.id,
        "site_id": switch.site,
        "thread": switch.thread,
        "kind": switch.kind.value,
        "reason": switch.reason,
        "by_role": switch.by_role,
        "by": switch.by,
        "since": switch.since,
        "until": switch.until,
        "salt": salt,
        "leaf": leaf,
    }
    tx.execute(_ADD_SWITCH, row)


def take_switch(tx: sa.Connection, switch: str) -> tuple[Switch, bytes]:
    """Load and lock a switch that has not been lifted, with its salt. Raises NoSuchSwitch."""
    row = tx.execute(_GET_SWITCH, {"switch": switch}).one_or_none()
    if row is None:
        raise NoSuchSwitch
    return switch_of(row), row.salt


def lift_switch(tx: sa.Connection, switch: str, *, now: datetime) -> None:
    tx.execute(_LIFT, {"b_id": switch, "at": now})
