"""Publish how many identities were opened in a month."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from gentie import ledger
from gentie.accounts import queries as accounts
from gentie.kernel.actor import Actor
from gentie.kernel.clock import hour_of
from gentie.vault import rules, store


def report_disclosures(tx: sa.Connection, *, book: str, acting: Actor, now: datetime) -> bool:
    """Append last month's count to the public log. False: it stands there, or nobody was known.

    A leaf at the moment of a look would tip somebody off; a small number would name people. So
    the month is over first, and fewer than five are "fewer than five". `book` is the digest of
    the last line of the vault's book: the leaf holds the book to what it was.
    """
    acting.require("job:run")
    upto = hour_of(now).replace(day=1, hour=0)
    since = (upto - timedelta(days=1)).replace(day=1)
    count = store.opened_between(tx, since, upto)
    leaf = ledger.Leaf(
        kind="disclosure",
        hour=hour_of(now),
        site="",
        measure=f"opened-in-{since:%Y-%m}",
        class_id=rules.published_count(count),
        role="service",
        record=book,
    )
    if store.is_reported(tx, f"{since:%Y-%m}") or not accounts.any_verified(tx, before=upto):
        return False
    number = ledger.append(tx, leaf, now=now)
    return store.report_month(tx, f"{since:%Y-%m}", count, leaf=number)
