"""How a name of the archive gets its owner, or none: the part that its acts share."""

from datetime import datetime

import sqlalchemy as sa

from gentie import ledger
from gentie.catalogue.regimes import get_regime
from gentie.comments.archive.names import store as names
from gentie.comments.model import ArchiveAuthor, NameClaim, NameClaimed
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_salt
from gentie.kernel.clock import hour_of
from gentie.kernel.ids import AccountId
from gentie.sites import queries as sites
from gentie.storage.outbox import send_on_commit
from gentie.vault.model import CONTACT_TOPIC

NAME_SETTLED = "archive.name"
"""Outbox topic: the comments under a name have to follow what was decided on it."""


def settle_name(
    tx: sa.Connection,
    author: AccountId,
    wish: str,
    *,
    proof: str,
    acting: Actor,
    now: datetime,
) -> ArchiveAuthor:
    """Give a name to whoever acts, or take it away for good. The comments follow by a job.

    Raises:
        NoSuchArchiveAuthor, NameClaimed: nothing was changed.
    """
    found = names.get_author(tx, author)
    if not found.is_open:
        raise NameClaimed
    claim = NameClaim(
        author=author,
        site=found.site,
        source=found.source,
        wish=wish,
        account=acting.account if wish == "claim" else None,
        proof=proof,
        at=now,
    )
    salt = new_salt()
    leaf = ledger.Leaf(
        kind="published" if wish == "claim" else "decision",
        hour=hour_of(now),
        site=found.site,
        measure=wish,
        policy=get_regime(sites.get_site(tx, found.site).regime).policy,
        source="archive",
        role="author",
        record=ledger.commitment(claim, salt),
    )
    names.settle(tx, claim, salt=salt, leaf=ledger.append(tx, leaf, now=now))
    send_on_commit(tx, NAME_SETTLED, {"author": author}, due=now)
    send_on_commit(tx, CONTACT_TOPIC, {"author": author}, due=now)
    return found
