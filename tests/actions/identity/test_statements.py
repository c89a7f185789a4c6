"""The old site vouches for somebody, who then claims or erases. On both engines."""

from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from gentie.actions.identity.add_claim_key import add_claim_key
from gentie.actions.identity.claim_archive_name import claim_archive_name
from gentie.actions.identity.end_claim_key import end_claim_key
from gentie.actions.identity.erase_archive_name import erase_archive_name
from gentie.actions.identity.follow_archive_name import follow_archive_name
from gentie.actions.identity.linking_names import MadeLink
from gentie.actions.identity.take_statement import TERM, take_statement
from gentie.comments.archive.names import queries
from gentie.comments.archive.names.persons import person_digest
from gentie.comments.model import (
    BadClaimKey,
    BadClaimLink,
    BadStatement,
    NameClaim,
    NameClaimed,
    NoSuchArchiveAuthor,
    NoSuchClaimKey,
)
from gentie.comments.tables import archive_authors, claim_statements
from gentie.decisions.queries import notices_of
from gentie.kernel.actor import ANYONE, OPERATOR, SERVICE, Actor, MayNot
from gentie.kernel.ids import SiteId
from gentie.ledger.leaf import commitment
from gentie.ledger.tables import leaves
from gentie.sites.model import NoSuchSite
from gentie.storage.db import Database
from tests.actions.posting.test_import_archive import PAGE, an_item, brought_in, everything
from tests.comments.old_site import BASE, OldSite
from tests.newsroom import NOON, NOTEBOOK, a_person, a_site

ARCHIVE_KEY, CLAIM_KEY = b"a" * 32, b"c" * 32
HERE = msgspec.structs.replace(PAGE, site=NOTEBOOK, source="remark42:Demo")
NOBODY = "Nobody's name"
MINE: dict[str, Any] = {"person": person_digest(ARCHIVE_KEY, "Demo", "user:7"), "author": "Old Li"}


@pytest.fixture
async def old(db: Database) -> OldSite:
    """The site of an archive in which two comments are of account 7, and its key is known."""
    await db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))
    await brought_in(db, an_item(1, **MINE), an_item(2, **MINE), an_item(3), page=HERE)
    site = OldSite(NOTEBOOK, HERE.source, NOON)
    await added(db, site)
    return site


async def added(db: Database, old: OldSite, *, acting: Actor = OPERATOR) -> None:
    adding = partial(add_claim_key, site=old.site, source=old.source, text=old.pem, where="")
    await db.act(partial(adding, acting=acting, now=NOON))


async def stated(
    db: Database, token: str, *, acting: Actor = ANYONE, after: timedelta = timedelta(0)
) -> MadeLink:
    taking = partial(take_statement, token=token, public_url=BASE, archive_key=ARCHIVE_KEY)
    taking = partial(taking, claim_key=CLAIM_KEY, acting=acting, now=NOON + after)
    return await db.act(taking)


async def told(db: Database, who: Actor) -> list[tuple[str, str]]:
    found = await db.read(partial(notices_of, account=who.account))
    return [(one.kind, one.about) for one in found]


async def followed(db: Database) -> None:
    (one, *_) = await db.read(everything)
    following = partial(follow_archive_name, author=one.author.id, acting=SERVICE, now=NOON)
    while await db.act(following):
        pass


async def test_who_had_the_account_claims_the_name(db: Database, old: OldSite) -> None:
    me = await db.act(partial(a_person, name="River"))
    made = await stated(db, old.says())
    claiming = partial(claim_archive_name, token=made.token, key=CLAIM_KEY)
    settled = await db.act(partial(claiming, acting=me, now=NOON))
    await followed(db)

    assert made.name == settled.name == "Old Li"
    assert [one.author.name for one in await db.read(everything)] == ["River", "River", NOBODY]
    assert await told(db, me) == [("name-claimed", NOTEBOOK)]
    proof = await db.read(
        lambda tx: tx.scalar(
            sa.select(archive_authors.c.proof).where(archive_authors.c.account == me.account)
        )
    )
    assert proof == "old-site"
    mine = await db.read(partial(queries.claimed_by, account=me.account))
    assert [one.name for one in mine] == ["Old Li"]


async def test_the_receipt_opens_the_leaf(db: Database, old: OldSite) -> None:
    made = await stated(db, old.says())
    erasing = partial(erase_archive_name, token=made.token, key=CLAIM_KEY)
    settled = await db.act(partial(erasing, acting=ANYONE, now=NOON))
    record = msgspec.json.decode(msgspec.json.encode(settled.claim), type=NameClaim)
    bodies = await db.read(lambda tx: tx.scalars(sa.select(leaves.c.body)).all())

    assert commitment(record, settled.salt) == settled.commitment
    assert sum(settled.commitment.encode() in one for one in bodies) == 1
    assert (record.wish, record.account, record.proof) == ("erase", None, "old-site")


async def test_who_is_signed_in_is_told_of_an_erasure(db: Database, old: OldSite) -> None:
    me = await db.act(partial(a_person, name="River"))
    made = await stated(db, old.says(), acting=me)
    erasing = partial(erase_archive_name, token=made.token, key=CLAIM_KEY)
    settled = await db.act(partial(erasing, acting=me, now=NOON))
    await followed(db)

    assert await told(db, me) == [("name-erased", NOTEBOOK)]
    assert settled.claim.account is None
    assert {one.author.name for one in await db.read(everything)} == {"", NOBODY}


async def test_a_statement_counts_once(db: Database, old: OldSite) -> None:
    await stated(db, old.says())
    with pytest.raises(BadStatement) as no:
        await stated(db, old.says())
    await stated(db, old.says(jti="two"))

    assert no.value.facts["reason"] == "replayed"


async def test_taken_statements_are_forgotten_when_they_are_too_old(
    db: Database, old: OldSite
) -> None:
    await stated(db, old.says())
    old.now = NOON + timedelta(minutes=20)
    await stated(db, old.says(), after=timedelta(minutes=20))

    kept = await db.read(
        lambda tx: tx.scalar(sa.select(sa.func.count()).select_from(claim_statements))
    )
    assert kept == 1


async def test_the_link_works_once_and_for_an_hour(db: Database, old: OldSite) -> None:
    me = await db.act(partial(a_person, name="River"))
    made = await stated(db, old.says())
    claiming = partial(claim_archive_name, token=made.token, key=CLAIM_KEY, acting=me)
    with pytest.raises(BadClaimLink):
        await db.act(partial(claiming, now=NOON + TERM))
    await db.act(partial(claiming, now=NOON))
    with pytest.raises(BadClaimLink):
        await db.act(partial(claiming, now=NOON))
    with pytest.raises(NameClaimed):
        await stated(db, old.says(jti="two"))


@pytest.mark.parametrize("account", ["user:8", "mail:li@example.org", "user:7 "])
async def test_only_whom_the_archive_knows(db: Database, old: OldSite, account: str) -> None:
    if account.strip() == "user:7":
        assert (await stated(db, old.says(account))).name == "Old Li"
    else:
        with pytest.raises(NoSuchArchiveAuthor):
            await stated(db, old.says(account))
    with pytest.raises(NoSuchArchiveAuthor):
        await stated(db, old.says(jti="other", old_site="Another"))


async def test_a_key_speaks_for_its_own_archive(db: Database, old: OldSite) -> None:
    """Another archive of the same site has the same account number."""
    page = msgspec.structs.replace(HERE, source="isso", key="other")
    await brought_in(db, an_item(1, **MINE), page=page)
    other = OldSite(NOTEBOOK, "waline", NOON)
    await added(db, other)

    with pytest.raises(NoSuchArchiveAuthor):
        await stated(db, other.says())
    with pytest.raises(BadStatement):
        await stated(db, other.says(jti="b", iss=old.source))


async def test_an_ended_key_takes_its_links_along(db: Database, old: OldSite) -> None:
    me = await db.act(partial(a_person, name="River"))
    made = await stated(db, old.says())
    ending = partial(end_claim_key, key=old.kid, acting=OPERATOR, now=NOON)
    await db.act(ending)

    with pytest.raises(BadStatement):
        await stated(db, old.says(jti="two"))
    claiming = partial(claim_archive_name, token=made.token, key=CLAIM_KEY, acting=me, now=NOON)
    with pytest.raises(BadClaimLink):
        await db.act(claiming)
    with pytest.raises(NoSuchClaimKey):
        await db.act(ending)
    with pytest.raises(BadClaimKey):
        await added(db, old)


async def test_keys_are_the_operators(db: Database, old: OldSite) -> None:
    me = await db.act(partial(a_person, name="River"))
    another = OldSite(NOTEBOOK, "isso", NOON)
    with pytest.raises(MayNot):
        await added(db, another, acting=me)
    with pytest.raises(MayNot):
        await db.act(partial(end_claim_key, key=old.kid, acting=me, now=NOON))
    with pytest.raises(MayNot):
        await stated(db, old.says(), acting=SERVICE)
    with pytest.raises(NoSuchClaimKey):
        await db.act(partial(end_claim_key, key="none", acting=OPERATOR, now=NOON))
    another.site = SiteId("nowhere")
    with pytest.raises(NoSuchSite):
        await added(db, another)
    assert [one.id for one in await db.read(partial(queries.list_keys, site=NOTEBOOK))] == [old.kid]
