"""How a name of the archive gets its owner, or none: the part that its acts share."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie import ledger
from gentie.catalogue.regimes import get_regime
from gentie.comments.archive.names import store as names
from gentie.comments.model import NameClaim, NameClaimed
from gentie.decisions import store as decisions
from gentie.decisions.model import NoticeKind
from gentie.kernel.actor import Actor, Kind
from gentie.kernel.chance import new_salt
from gentie.kernel.clock import hour_of
from gentie.kernel.ids import AccountId
from gentie.sites import queries as sites
from gentie.storage.outbox import send_on_commit
from gentie.vault.model import CONTACT_TOPIC

NAME_SETTLED = "archive.name"
"""Outbox topic: the comments under a name have to follow what was decided on it."""


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What was done, and what shows that the public log holds it: the receipt."""

    name: str
    claim: NameClaim
    salt: bytes
    commitment: str
    """Stands in the leaf, hex; `claim` and `salt` open it."""


def settle_name(
    tx: sa.Connection,
    author: AccountId,
    wish: str,
    *,
    proof: str,
    acting: Actor,
    now: datetime,
) -> Settled:
    """Give a name to whoever acts, or take it away for good. The comments follow by a job.

    Who has an account finds a notice there. The log never says whose it is.

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
    commitment = ledger.commitment(claim, salt)
    leaf = ledger.Leaf(
        kind="published" if wish == "claim" else "decision",
        hour=hour_of(now),
        site=found.site,
        measure=wish,
        policy=get_regime(sites.get_site(tx, found.site).regime).policy,
        source="archive",
        role="author",
        record=commitment,
    )
    names.settle(tx, claim, salt=salt, leaf=ledger.append(tx, leaf, now=now))
    if acting.kind is Kind.ACCOUNT:
        told = NoticeKind.NAME_CLAIMED if wish == "claim" else NoticeKind.NAME_ERASED
        decisions.notify_of_name(tx, acting.account, told, site=found.site, now=now)
    send_on_commit(tx, NAME_SETTLED, {"author": author}, due=now)
    send_on_commit(tx, CONTACT_TOPIC, {"author": author}, due=now)
    return Settled(name=found.name, claim=claim, salt=salt, commitment=commitment)
