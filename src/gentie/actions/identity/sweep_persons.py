"""Tidy up persons in the vault whom no account came to rest on."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.vault import store
from gentie.vault.model import Gone


def sweep_persons(
    tx: sa.Connection,
    unconfirmed: Collection[str],
    *,
    known: Collection[str],
    acting: Actor,
    now: datetime,
) -> int:
    """Confirm the persons that accounts rest on and drop the others. Returns how many went.

    `unconfirmed` comes from `vault.queries.unconfirmed_persons`, `known` from
    `accounts.queries.known_persons` asked after it: what is between vault and account for
    longer than an hour was left there by a crash.
    """
    acting.require("vault:keep")
    store.confirm_persons(tx, sorted(known), now=now)
    gone = store.forget_persons(tx, sorted(set(unconfirmed) - set(known)))
    store.enter_gone(tx, Gone(data="person", rows=gone, at=now))
    return gone
