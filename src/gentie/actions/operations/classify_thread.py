"""Set a thread's class and mode, by the chief editor with a reason."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.operations.classing import log_class
from gentie.actions.place import page_changed, place_of
from gentie.kernel.actor import Actor
from gentie.kernel.ids import ThreadId
from gentie.sites import store
from gentie.sites.model import Declaration, Mode, Thread, ThreadClass
from gentie.sites.rules import require_reason


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
    log_class(tx, classified, reason=reason, acting=acting, now=now)
    page_changed(tx, classified, urgent=True, now=now)
    return classified
