"""Reading imported names: for the operator's list, and for who holds a link."""

from collections.abc import Collection

import sqlalchemy as sa

from gentie.comments.model import ArchiveAuthor, ClaimKey, ClaimLink, NoSuchArchiveAuthor
from gentie.comments.rows import archive_author_of, claim_key_of, claim_link_of
from gentie.comments.tables import archive_authors, claim_keys, claim_links, comments
from gentie.kernel.ids import AccountId, SiteId

MOST = 200
_LIST = (
    sa.select(archive_authors)
    .where(
        archive_authors.c.site_id == sa.bindparam("site"),
        archive_authors.c.author > sa.bindparam("after"),
        sa.func.lower(archive_authors.c.name).contains(
            sa.func.lower(sa.bindparam("like", type_=sa.Text)), autoescape=False
        ),
    )
    .order_by(archive_authors.c.author)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_GET = sa.select(archive_authors).where(archive_authors.c.author == sa.bindparam("author"))
_LINK = sa.select(claim_links).where(claim_links.c.id == sa.bindparam("link"))
_KEY = sa.select(claim_keys).where(claim_keys.c.id == sa.bindparam("key"))
_KEYS = (
    sa.select(claim_keys)
    .where(
        sa.or_(
            sa.bindparam("site", type_=sa.Text).is_(None),
            claim_keys.c.site_id == sa.bindparam("site"),
        )
    )
    .order_by(claim_keys.c.site_id, claim_keys.c.added_at, claim_keys.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_OF = (
    sa.select(archive_authors)
    .where(archive_authors.c.account == sa.bindparam("account"))
    .order_by(archive_authors.c.claimed_at, archive_authors.c.author)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_COUNT = (  # scatter: one author's comments in all threads, for a list or a page
    sa.select(sa.func.count()).where(comments.c.author_id == sa.bindparam("author"))
)

_OPEN = sa.select(archive_authors.c.author).where(
    archive_authors.c.author.in_(sa.bindparam("authors", expanding=True)),
    archive_authors.c.account.is_(None),
    archive_authors.c.erased_at.is_(None),
)


def list_authors(
    tx: sa.Connection, site: SiteId, *, like: str = "", after: str = "", most: int = MOST
) -> list[ArchiveAuthor]:
    """Authors of a site's archives whose name holds `like`, in the order of their ids."""
    facts = {"site": site, "after": after, "like": like, "most": most}
    return [archive_author_of(row) for row in tx.execute(_LIST, facts)]


def get_author(tx: sa.Connection, author: AccountId) -> ArchiveAuthor:
    """Raises NoSuchArchiveAuthor."""
    row = tx.execute(_GET, {"author": author}).one_or_none()
    if row is None:
        raise NoSuchArchiveAuthor
    return archive_author_of(row)


def is_author(tx: sa.Connection, author: AccountId) -> bool:
    """Whether comments were imported under that name."""
    return tx.execute(_GET, {"author": author}).one_or_none() is not None


def find_link(tx: sa.Connection, link: str) -> ClaimLink | None:
    row = tx.execute(_LINK, {"link": link}).one_or_none()
    return None if row is None else claim_link_of(row)


def find_key(tx: sa.Connection, key: str) -> ClaimKey | None:
    """Of an old site, also one that has ended."""
    row = tx.execute(_KEY, {"key": key}).one_or_none()
    return None if row is None else claim_key_of(row)


def list_keys(tx: sa.Connection, site: SiteId | None, *, most: int = MOST) -> list[ClaimKey]:
    """Of a site, oldest first, also those that have ended. None: of all sites."""
    return [claim_key_of(row) for row in tx.execute(_KEYS, {"site": site, "most": most})]


def claimed_by(tx: sa.Connection, account: AccountId, *, most: int = MOST) -> list[ArchiveAuthor]:
    """The names that somebody has claimed, in that order."""
    rows = tx.execute(_OF, {"account": account, "most": most})
    return [archive_author_of(row) for row in rows]


def count_written(tx: sa.Connection, author: AccountId) -> int:
    return tx.scalar(_COUNT, {"author": author}) or 0


def open_among(tx: sa.Connection, authors: Collection[AccountId]) -> set[AccountId]:
    """Which of these names nobody has claimed or had erased."""
    return {AccountId(one) for one in tx.scalars(_OPEN, {"authors": [*authors]})}
