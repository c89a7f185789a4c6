"""The SQL of imported names that writes or locks."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from gentie.comments.model import (
    ArchiveAuthor,
    Author,
    BadClaimKey,
    ClaimKey,
    ClaimLink,
    Comment,
    NameClaim,
    NoSuchArchiveAuthor,
    NoSuchClaimKey,
)
from gentie.comments.rows import archive_author_of, claim_link_of
from gentie.comments.tables import (
    archive_authors,
    claim_keys,
    claim_links,
    claim_statements,
    comments,
    revisions,
)
from gentie.kernel.ids import AccountId, CommentId, CommentRef, LeafId, SiteId, ThreadId
from gentie.storage.schema import Id

_THESE = sa.select(archive_authors).where(
    archive_authors.c.author.in_(sa.bindparam("authors", expanding=True))
)
_NOTE = {
    "sqlite": sqlite.insert(archive_authors).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(archive_authors).on_conflict_do_nothing(),
}
_GET = (
    sa.select(archive_authors)
    .where(archive_authors.c.author == sa.bindparam("author"))
    .with_for_update()
)
_SETTLE = archive_authors.update().where(archive_authors.c.author == sa.bindparam("b_author"))
_ADD_LINK = claim_links.insert()
_GET_LINK = sa.select(claim_links).where(claim_links.c.id == sa.bindparam("link")).with_for_update()
_USE_LINK = (
    claim_links.update()
    .where(claim_links.c.id == sa.bindparam("b_link"))
    .values(used_at=sa.bindparam("at"))
)
_ADD_KEY = claim_keys.insert()
_END_KEY = (
    claim_keys.update()
    .where(claim_keys.c.id == sa.bindparam("b_key"), claim_keys.c.ended_at.is_(None))
    .values(ended_at=sa.bindparam("at"))
)
_END_LINKS = (
    claim_links.update()
    .where(claim_links.c.made_by == sa.bindparam("b_by"), claim_links.c.used_at.is_(None))
    .values(expires_at=sa.bindparam("at"))
)
_TAKE = {
    "sqlite": sqlite.insert(claim_statements).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(claim_statements).on_conflict_do_nothing(),
}
_FORGET = claim_statements.delete().where(claim_statements.c.until < sa.bindparam("before"))
_WRITTEN = (  # scatter: one author's comments in all threads, after a claim
    sa.select(comments.c.thread_id, comments.c.id)
    .where(comments.c.author_id == sa.bindparam("author"))
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update()
)
_HERE = sa.and_(
    comments.c.thread_id == sa.bindparam("b_thread", type_=Id),
    comments.c.id == sa.bindparam("b_id", type_=Id),
)
_HAND_OVER = (
    comments.update()
    .where(_HERE)
    .values(author_id=sa.bindparam("b_author"), author=sa.bindparam("b_shown"))
)
_BLANK = (
    revisions.update()
    .where(
        revisions.c.thread_id == sa.bindparam("b_thread", type_=Id),
        revisions.c.comment_id == sa.bindparam("b_id", type_=Id),
    )
    .values(source="", plain="", html="", nodes=b"[]", kinds="", verdict=sa.bindparam("b_verdict"))
)


def note_authors(
    tx: sa.Connection, site: SiteId, source: str, names: Mapping[AccountId, str]
) -> dict[AccountId, ArchiveAuthor]:
    """Keep who is new among authors of an archive, and say how all of them stand."""
    found = _these(tx, names)
    new = [
        {"author": author, "site_id": site, "source": source, "name": name}
        for author, name in sorted(names.items())
        if author not in found
    ]
    if new:
        tx.execute(_NOTE[tx.dialect.name], new)
        found = _these(tx, names)
    return found


def _these(tx: sa.Connection, authors: Mapping[AccountId, str]) -> dict[AccountId, ArchiveAuthor]:
    rows = tx.execute(_THESE, {"authors": [*authors]})
    return {AccountId(row.author): archive_author_of(row) for row in rows}


def get_author(tx: sa.Connection, author: AccountId) -> ArchiveAuthor:
    """Load and lock one. Raises NoSuchArchiveAuthor."""
    row = tx.execute(_GET, {"author": author}).one_or_none()
    if row is None:
        raise NoSuchArchiveAuthor
    return archive_author_of(row)


def settle(tx: sa.Connection, claim: NameClaim, *, salt: bytes, leaf: LeafId) -> None:
    """Keep whose a name is, or that its owner wants nothing of it left."""
    row = {"b_author": claim.author, "proof": claim.proof, "salt": salt, "leaf": leaf}
    if claim.account is None:
        tx.execute(_SETTLE, {**row, "erased_at": claim.at, "name": ""})
    else:
        tx.execute(_SETTLE, {**row, "claimed_at": claim.at, "account": claim.account})


def add_link(tx: sa.Connection, link: ClaimLink) -> None:
    tx.execute(_ADD_LINK, msgspec.structs.asdict(link))


def find_link(tx: sa.Connection, link: str) -> ClaimLink | None:
    """Load and lock one."""
    row = tx.execute(_GET_LINK, {"link": link}).one_or_none()
    return None if row is None else claim_link_of(row)


def use_link(tx: sa.Connection, link: ClaimLink, *, now: datetime) -> None:
    tx.execute(_USE_LINK, {"b_link": link.id, "at": now})


def add_key(tx: sa.Connection, key: ClaimKey) -> None:
    """Raises BadClaimKey: it has been added before; a key that has ended never comes back."""
    row = msgspec.structs.asdict(key)
    row["site_id"] = row.pop("site")
    try:
        with tx.begin_nested():
            tx.execute(_ADD_KEY, row)
    except IntegrityError as error:
        raise BadClaimKey(reason="known") from error


def end_key(tx: sa.Connection, key: str, *, now: datetime) -> None:
    """Raises NoSuchClaimKey."""
    if not tx.execute(_END_KEY, {"b_key": key, "at": now}).rowcount:
        raise NoSuchClaimKey


def end_links(tx: sa.Connection, by: str, *, now: datetime) -> None:
    """Let the unused links end that were made by somebody or something."""
    tx.execute(_END_LINKS, {"b_by": by, "at": now})


def take_statement(
    tx: sa.Connection, key: str, jti: str, *, until: datetime, now: datetime
) -> bool:
    """Note that a statement was taken, and forget those that are too old. False: it was before."""
    tx.execute(_FORGET, {"before": now})
    row = {"key": key, "jti": jti, "until": until}
    return tx.execute(_TAKE[tx.dialect.name], row).rowcount > 0


def written_by(tx: sa.Connection, author: AccountId, *, most: int) -> list[CommentRef]:
    """What is still shown under an author, locked."""
    rows = tx.execute(_WRITTEN, {"author": author, "most": most})
    return [CommentRef(ThreadId(row.thread_id), CommentId(row.id)) for row in rows]


def hand_over(tx: sa.Connection, refs: list[CommentRef], to: Author) -> None:
    """Put another author on these."""
    shown = msgspec.json.encode(to)
    rows = [
        {"b_thread": ref.thread, "b_id": ref.comment, "b_author": to.id, "b_shown": shown}
        for ref in refs
    ]
    if rows:
        tx.execute(_HAND_OVER, rows)


def blank(tx: sa.Connection, comment: Comment, *, verdict: bytes) -> None:
    """Destroy the text of all revisions. `verdict` is what stays: what rule, no words."""
    row = {"b_thread": comment.thread, "b_id": comment.id, "b_verdict": verdict}
    tx.execute(_BLANK, row)
