"""Reading imported names: for the operator's list, and for who holds a link."""

import sqlalchemy as sa

from gentie.comments.model import ArchiveAuthor, ClaimLink, NoSuchArchiveAuthor
from gentie.comments.rows import archive_author_of, claim_link_of
from gentie.comments.tables import archive_authors, claim_links, comments
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
_COUNT = (  # scatter: one author's comments in all threads, for a list or a page
    sa.select(sa.func.count()).where(comments.c.author_id == sa.bindparam("author"))
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


def find_link(tx: sa.Connection, link: str) -> ClaimLink | None:
    row = tx.execute(_LINK, {"link": link}).one_or_none()
    return None if row is None else claim_link_of(row)


def count_written(tx: sa.Connection, author: AccountId) -> int:
    return tx.scalar(_COUNT, {"author": author}) or 0
