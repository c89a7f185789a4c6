"""End a switch before its time."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.operations.switching import log_switch
from gentie.actions.place import site_changed
from gentie.kernel.actor import Actor
from gentie.sites import store


def lift_switch(tx: sa.Connection, switch_id: str, *, acting: Actor, now: datetime) -> None:
    """End a switch before its time.

    Raises:
        MayNot, NoSuchSwitch: nothing was changed.
    """
    switch, salt = store.take_switch(tx, switch_id)
    acting.require("thread:switch", site=switch.site)
    if switch.thread is None:
        acting.require("site:switch", site=switch.site)
    store.lift_switch(tx, switch_id, now=now)
    log_switch(tx, switch, "off", salt=salt, acting=acting, now=now)
    site_changed(tx, switch.site, due=now)
