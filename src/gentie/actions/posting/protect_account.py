"""Protect oneself during an attack, with one touch."""

import hashlib
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.boundaries import store
from gentie.boundaries.model import Bundle, Evidence
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_id


class Protected(msgspec.Struct, frozen=True, kw_only=True):
    until: datetime
    evidence: Evidence


def protect_account(
    tx: sa.Connection, bundle: Bundle, *, term: timedelta, acting: Actor, now: datetime
) -> Protected:
    """Keep strangers away for `term` from now, and save what they wrote until now.

    `bundle` is read before, outside of this transaction: it is a copy of what is public.

    Raises:
        MayNot: nothing was changed.
    """
    acting.require("boundary:set")
    until, body = now + term, msgspec.json.encode(bundle)
    store.set_protection(tx, acting.account, until)
    saved = Evidence(
        id=new_id(), at=now, items=len(bundle.items), sha256=hashlib.sha256(body).hexdigest()
    )
    store.save(tx, acting.account, saved, body)
    return Protected(until=until, evidence=saved)
