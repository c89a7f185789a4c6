"""A name of the archive finds its owner, or goes with everything under it. On both engines."""

from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from gentie.actions.identity.claim_archive_name import claim_archive_name
from gentie.actions.identity.erase_archive_name import erase_archive_name
from gentie.actions.identity.follow_archive_name import follow_archive_name
from gentie.actions.identity.linking_names import MadeLink
from gentie.actions.identity.make_claim_link import make_claim_link
from gentie.actions.identity.settling_names import NAME_SETTLED
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.comments.archive.names import queries
from gentie.comments.archive.names.links import TERM
from gentie.comments.model import BadClaimLink, NameClaimed, NoSuchArchiveAuthor, State
from gentie.comments.tables import comments, revisions
from gentie.kernel.actor import ANYONE, OPERATOR, SERVICE, Actor, MayNot
from gentie.kernel.ids import AccountId
from gentie.ledger.tables import leaves
from gentie.storage import outbox
from gentie.storage.db import Database
from gentie.vault.model import CONTACT_TOPIC
from tests.actions.posting.test_import_archive import (
    PAGE,
    an_item,
    approved,
    brought_in,
    counted,
    everything,
)
from tests.newsroom import DAILY, NOON, NOTEBOOK, a_person, a_site

KEY = b"k" * 32
HERE = msgspec.structs.replace(PAGE, site=NOTEBOOK)


@pytest.fixture
async def author(db: Database) -> AccountId:
    """Somebody who once wrote two comments, the second of which was answered by somebody else."""
    await db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))
    await db.act(partial(a_site, site=DAILY))
    mine: dict[str, Any] = {"person": "p1", "author": "Old Li"}
    told = await brought_in(
        db, an_item(1, **mine), an_item(2, **mine), an_item(3, parent=2), page=HERE
    )
    await approved(db, told.batch, acting=OPERATOR)
    return AccountId(told.authors["1"])


async def a_link(db: Database, author: AccountId) -> MadeLink:
    making = partial(make_claim_link, author=author, key=KEY, acting=OPERATOR, now=NOON)
    return await db.act(making)


async def claimed(db: Database, token: str, by: Actor, *, key: bytes = KEY) -> None:
    await db.act(partial(claim_archive_name, token=token, key=key, acting=by, now=NOON))


async def followed(db: Database, author: AccountId) -> None:
    while await db.act(partial(follow_archive_name, author=author, acting=SERVICE, now=NOON)):
        pass


def bodies(tx: sa.Connection) -> bytes:
    return b"\n".join(tx.scalars(sa.select(leaves.c.body)))


class TestClaiming:
    async def test_comments_join_the_account(self, db: Database, author: AccountId) -> None:
        me = await db.act(partial(a_person, name="River"))
        before = await db.read(everything)
        await claimed(db, (await a_link(db, author)).token, me)
        await followed(db, author)
        first, second, answer = await db.read(everything)

        assert {one.author.id for one in (first, second)} == {me.account}
        assert {one.author.name for one in (first, second)} == {"River"}
        assert answer.author == before[2].author
        assert first.created_at == before[0].created_at
        assert {one.state for one in (first, second, answer)} == {State.PUBLISHED}
        done = await db.act(partial(withdraw_comment, ref=first.ref, acting=me, now=NOON))
        assert done is State.WITHDRAWN

    async def test_the_log_knows_that_and_not_who(self, db: Database, author: AccountId) -> None:
        me = await db.act(partial(a_person, name="River"))
        await claimed(db, (await a_link(db, author)).token, me)
        said = await db.read(bodies)

        assert said.count(b'"measure":"claim"') == 1
        assert not [one for one in (me.account, author, "River", "Old Li") if one.encode() in said]
        topics = {one.topic for one in await db.act(partial(outbox.take, now=NOON, most=100))}
        assert {NAME_SETTLED, CONTACT_TOPIC} <= topics

    async def test_what_comes_later_is_theirs_too(self, db: Database, author: AccountId) -> None:
        me = await db.act(partial(a_person, name="River"))
        await claimed(db, (await a_link(db, author)).token, me)
        await brought_in(db, an_item(9, person="p1", author="Old Li"), page=HERE)

        assert (await db.read(everything))[-1].author.id == me.account

    async def test_a_link_works_once_for_a_while_and_only_ours(
        self, db: Database, author: AccountId
    ) -> None:
        me = await db.act(partial(a_person, name="River"))
        made = await a_link(db, author)
        for token, key in (
            (made.token, b"x" * 32),
            (made.token[:-1] + "!", KEY),
            (made.token.partition(".")[0], KEY),
            ("a.b", KEY),
            ("é" * 500, KEY),
        ):
            with pytest.raises(BadClaimLink):
                await claimed(db, token, me, key=key)
        late = partial(claim_archive_name, token=made.token, key=KEY, acting=me)
        with pytest.raises(BadClaimLink):
            await db.act(partial(late, now=NOON + TERM))
        await db.act(partial(late, now=NOON + TERM - timedelta(seconds=1)))
        with pytest.raises(BadClaimLink):
            await db.act(partial(late, now=NOON))

    async def test_a_name_has_one_owner(self, db: Database, author: AccountId) -> None:
        me, other = [await db.act(partial(a_person, name=name)) for name in ("River", "Reed")]
        one, two = await a_link(db, author), await a_link(db, author)
        await claimed(db, one.token, me)
        with pytest.raises(NameClaimed):
            await claimed(db, two.token, other)
        with pytest.raises(NameClaimed):
            await a_link(db, author)

    async def test_not_everybody_may(self, db: Database, author: AccountId) -> None:
        me = await db.act(partial(a_person, name="River"))
        with pytest.raises(MayNot):
            await db.act(partial(make_claim_link, author=author, key=KEY, acting=me, now=NOON))
        with pytest.raises(MayNot):
            await claimed(db, (await a_link(db, author)).token, ANYONE)
        with pytest.raises(MayNot):
            await db.act(partial(follow_archive_name, author=author, acting=me, now=NOON))
        with pytest.raises(NoSuchArchiveAuthor):
            await a_link(db, AccountId("archive:none"))


class TestErasing:
    async def erased(self, db: Database, author: AccountId) -> None:
        token = (await a_link(db, author)).token
        erasing = partial(erase_archive_name, token=token, key=KEY, acting=ANYONE, now=NOON)
        await db.act(erasing)
        await followed(db, author)

    async def test_nothing_of_the_words_is_left(self, db: Database, author: AccountId) -> None:
        await self.erased(db, author)

        def anywhere(tx: sa.Connection) -> str:
            rows = [*tx.execute(sa.select(comments)), *tx.execute(sa.select(revisions))]
            return repr(rows) + repr(queries.list_authors(tx, NOTEBOOK))

        left = await db.read(anywhere)
        assert "Comment 3." in left
        assert not [one for one in ("Comment 1.", "Comment 2.", "Old Li") if one in left]

    async def test_what_others_answered_stays(self, db: Database, author: AccountId) -> None:
        await self.erased(db, author)
        first, second, answer = await db.read(everything)

        assert (first.state, second.state) == (State.WITHDRAWN, State.WITHDRAWN)
        assert (answer.state, answer.parent) == (State.PUBLISHED, second.id)
        assert await db.read(counted) == 1
        assert (await db.read(bodies)).count(b'"measure":"erase"') == 1

    async def test_importing_again_brings_nothing_back(
        self, db: Database, author: AccountId
    ) -> None:
        await self.erased(db, author)
        again = await brought_in(
            db, an_item(1), an_item(8, person="p1", author="Old Li"), page=HERE
        )

        assert (again.duplicates, again.erased, again.imported) == (1, 1, 0)

    async def test_following_again_does_no_harm(self, db: Database, author: AccountId) -> None:
        await self.erased(db, author)
        before = await db.read(everything)
        await followed(db, author)

        assert await db.read(everything) == before


async def test_a_name_nobody_claims_stays(db: Database, author: AccountId) -> None:
    before = await db.read(everything)
    await followed(db, author)

    assert await db.read(everything) == before
    (found, _) = await db.read(partial(queries.list_authors, site=NOTEBOOK))
    assert found.is_open
    assert await db.read(partial(queries.list_authors, site=NOTEBOOK, like="old l")) != []
    assert await db.read(partial(queries.list_authors, site=DAILY)) == []
