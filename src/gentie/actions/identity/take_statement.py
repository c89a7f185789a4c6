"""Take the old site's word that an account there was somebody's: it becomes a link to claim."""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from gentie.actions.identity.linking_names import MadeLink, add_link
from gentie.comments.archive.names import queries
from gentie.comments.archive.names import store as names
from gentie.comments.archive.names.persons import author_id, person_digest
from gentie.comments.archive.names.statements import Statement, key_id_of, read_statement
from gentie.comments.model import BadStatement, ClaimKey, NoSuchArchiveAuthor
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId, ActorId

TERM: Final = timedelta(hours=1)
"""For opening an account here on the way."""


def take_statement(
    tx: sa.Connection,
    token: str,
    *,
    public_url: str,
    archive_key: bytes,
    claim_key: bytes,
    acting: Actor,
    now: datetime,
) -> MadeLink:
    """Check a statement, once, and make a link out of it that works once, for an hour.

    Raises:
        MayNot: nothing was changed.
        BadStatement: it is not signed, not for us, too old, or was taken before.
        NoSuchArchiveAuthor: nothing was imported of that account.
        NameClaimed: somebody has claimed it or had it erased.
    """
    acting.require("archive:state")
    key = queries.find_key(tx, key_id_of(token))
    said = read_statement(token, key, public_url=public_url, now=now)
    if key is None or not names.take_statement(tx, key.id, said.jti, until=said.until, now=now):
        raise BadStatement(reason="replayed")
    author = _author(tx, key, said, archive_key)
    by = ActorId(f"key:{key.id}")
    return add_link(tx, author, by=by, proof="old-site", term=TERM, key=claim_key, now=now)


def _author(tx: sa.Connection, key: ClaimKey, said: Statement, archive_key: bytes) -> AccountId:
    """Raises NoSuchArchiveAuthor."""
    for old_site in _old_sites(key.source, said.old_site):
        person = person_digest(archive_key, old_site, said.account)
        author = author_id(key.site, key.source, "", person)
        if queries.is_author(tx, author):
            return author
    raise NoSuchArchiveAuthor


def _old_sites(source: str, said: str | None) -> tuple[str, ...]:
    """Some formats name the old site with each comment, and archives are called by it."""
    return ("", source.partition(":")[2]) if said is None else (said,)
