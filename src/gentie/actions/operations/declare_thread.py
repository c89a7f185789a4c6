"""Say what a thread is, by the site's own server."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.operations.classing import log_class
from gentie.actions.place import make_place, page_changed
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.ids import SiteId
from gentie.sites import store
from gentie.sites.model import Declaration, Thread


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
        log_class(tx, declared, reason="", acting=acting, now=now)
    page_changed(tx, declared, urgent=True, now=now)
    return declared
