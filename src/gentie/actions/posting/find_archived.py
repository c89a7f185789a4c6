"""Find what was imported before, so that nobody screens it again."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.posting.import_archive import is_other
from gentie.comments.archive import queries as archive
from gentie.comments.archive.names import queries as names
from gentie.comments.archive.names.persons import author_id
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId, SiteId


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """A comment of the archive, as far as it takes to know it again."""

    source_id: str
    author: str
    person: str
    created_at: datetime


class Found(msgspec.Struct, frozen=True, kw_only=True):
    known: frozenset[str]
    """Of what is here, by `source_id`."""
    conflicts: int
    """Of those: have the id of another comment of the archive, of another time."""
    authors: dict[str, AccountId]
    """Under which unclaimed name each of them is shown, by `source_id`."""


def find_archived(
    tx: sa.Connection,
    site: SiteId,
    source: str,
    items: Sequence[Sought],
    *,
    acting: Actor,
    now: datetime,
) -> Found:
    """Which of these an import would leave alone. Changes nothing; `import_archive` looks again.

    Raises:
        MayNot.
    """
    acting.require("archive:import", site=site)
    known = archive.known_sources(tx, site, source, [one.source_id for one in items])
    here = [one for one in items if one.source_id in known]
    clash = {
        one.source_id for one in here if is_other(one.created_at, known[one.source_id], now=now)
    }
    ids = {
        one.source_id: author_id(site, source, one.author, one.person)
        for one in here
        if one.source_id not in clash
    }
    unclaimed = names.open_among(tx, {*ids.values()})
    return Found(
        known=frozenset(known),
        conflicts=len(clash),
        authors={one: author for one, author in ids.items() if author in unclaimed},
    )
