"""Say what a thread is: by the site's server, or by the chief editor with a reason."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie import ledger
from gentie.actions.place import make_place, page_changed, place_of
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_salt
from gentie.kernel.clock import hour_of
from gentie.kernel.ids import SiteId, ThreadId
from gentie.sites import store
from gentie.sites.model import ClassChange, Declaration, Mode, Thread, ThreadClass
from gentie.sites.rules import require_reason


@fulfils("2017-5.3")
def declare_thread(
    tx: sa.Connection,
    site: SiteId,
    key: str,
    declaration: Declaration,
    *,
    acting: Actor,
    now: datetime,
) -> Thread:
    """Declare a thread's title, address, class, mode and owner. The embedding tag never does.

    Raises:
        MayNot, NoSuchSite, BadThreadKey: nothing was changed.
    """
    acting.require("thread:declare", site=site)
    thread = make_place(tx, site, key, now=now).thread
    store.declare(tx, thread, declaration)
    declared = make_place(tx, site, key, now=now).thread
    if (thread.kind, thread.mode) != (declared.kind, declared.mode) or not thread.declared:
        _log(tx, declared, reason="", acting=acting, now=now)
    page_changed(tx, declared, urgent=True, now=now)
    return declared


def classify_thread(
    tx: sa.Connection,
    thread: ThreadId,
    *,
    kind: ThreadClass,
    mode: Mode,
    reason: str,
    acting: Actor,
    now: datetime,
) -> Thread:
    """Set a thread's class and mode against what the site declared.

    Raises:
        MayNot, NoSuchThread, SwitchNeedsTerm: nothing was changed.
    """
    found = place_of(tx, thread, now=now).thread
    acting.require("thread:switch", site=found.site)
    require_reason(reason)
    wanted = Declaration(title=found.title, url=found.url, kind=kind, mode=mode, owner=found.owner)
    store.declare(tx, found, wanted)
    classified = msgspec.structs.replace(found, kind=kind, mode=mode, declared=True)
    _log(tx, classified, reason=reason, acting=acting, now=now)
    page_changed(tx, classified, urgent=True, now=now)
    return classified


def _log(tx: sa.Connection, thread: Thread, *, reason: str, acting: Actor, now: datetime) -> None:
    change = ClassChange(
        thread=thread.id,
        kind=thread.kind,
        mode=thread.mode,
        reason=reason.strip(),
        by=acting.id,
        by_role=acting.role or acting.kind.value,
        at=now,
    )
    salt = new_salt()
    leaf = ledger.Leaf(
        kind="switch",
        hour=hour_of(now),
        site=thread.site,
        measure=f"class:{thread.kind.value}/{thread.mode.value}",
        role=change.by_role,
        record=ledger.commitment(change, salt),
    )
    store.note_class(tx, change, salt=salt, leaf=ledger.append(tx, leaf, now=now))
