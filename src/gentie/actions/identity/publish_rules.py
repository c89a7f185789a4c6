"""Publish the processing rules, where the inventory says something new."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.privacy import queries, store
from gentie.privacy.inventory import lines_of, load_inventory
from gentie.privacy.model import Rules


@fulfils("2017-5.2b", "2017-5.2c", "2022-4.2b")
def publish_rules(tx: sa.Connection, *, acting: Actor, now: datetime) -> Rules | None:
    """Make a new version if what is kept has changed. None: it has not.

    Done at every start, also by several processes at once.
    """
    acting.require("agreement:publish")
    newest, lines = queries.find_newest(tx), lines_of(load_inventory())
    if newest is not None and newest.lines == lines:
        return None
    number = newest.number + 1 if newest else 1
    rules = Rules(number=number, in_force_from=now, lines=lines)
    return rules if store.publish(tx, rules) else None
