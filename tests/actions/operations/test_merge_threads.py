"""Old addresses reach their thread, and two threads of one page become one. On both engines."""

from functools import partial

import msgspec
import pytest
import sqlalchemy as sa

from gentie.actions.operations.alias_thread import alias_thread
from gentie.actions.operations.merge_threads import Merged, merge_threads
from gentie.comments import queries as listing
from gentie.comments.model import Order
from gentie.comments.tables import archive_sources, revisions
from gentie.danmaku.model import Wanted
from gentie.kernel.actor import ANYONE, OPERATOR, MayNot
from gentie.screening.model import Outcome
from gentie.sites.model import BadThreadKey, KeyTaken, NoSuchThread, SameThread, ThreadInUse
from gentie.sites.queries import find_thread
from gentie.storage.db import Database
from tests.actions.posting.test_import_archive import (
    PAGE,
    an_item,
    approved,
    brought_in,
    everything,
)
from tests.danmaku.build import a_film
from tests.newsroom import NOON, NOTEBOOK, a_draft, a_person, a_site, found, post

OLD = msgspec.structs.replace(PAGE, site=NOTEBOOK, key="/a/1/")
NEW = msgspec.structs.replace(OLD, key="/a/1", source="other")


@pytest.fixture
async def pages(db: Database) -> None:
    """One page of the old site under two addresses; comments of one moment in both."""
    await db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))
    for page in (OLD, NEW):
        told = await brought_in(
            db, an_item(1, minutes=1), an_item(2, parent=1), an_item(5), page=page
        )
        await approved(db, told.batch, acting=OPERATOR)


async def merged(db: Database, *, most: int = 200) -> Merged:
    merging = partial(merge_threads, site=NOTEBOOK, key="/a/1/", into="/a/1", most=most)
    return await db.act(partial(merging, acting=OPERATOR, now=NOON))


def shown(tx: sa.Connection, key: str) -> list[tuple[str, int]]:
    """First comments by their text with the number of answers."""
    thread = find_thread(tx, NOTEBOOK, key)
    assert thread is not None
    page = listing.list_roots(tx, thread.id, Order.OLDEST, after=None, most=50)
    return [(one.plain, one.replies) for one in page.items]


@pytest.mark.usefixtures("pages")
class TestMerging:
    async def test_everything_comes_along(self, db: Database) -> None:
        done = await merged(db)
        both = [await db.read(partial(shown, key=key)) for key in ("/a/1", "/a/1/")]

        assert done == Merged(moved=3, left=0)
        assert both[0] == both[1]
        assert both[0] == [("Comment 1.", 1)] * 2 + [("Comment 5.", 0)] * 2
        assert await db.read(self.is_sound)

    def is_sound(self, tx: sa.Connection) -> bool:
        """Parents, sources, revisions and counts fit what stands."""
        thread = find_thread(tx, NOTEBOOK, "/a/1")
        assert thread is not None
        all_ = everything(tx)
        refs = {(one.thread, one.id) for one in all_}
        parents = {(one.thread, one.parent) for one in all_ if one.parent}
        sources = {(r.thread_id, r.comment_id) for r in tx.execute(sa.select(archive_sources))}
        texts = {(r.thread_id, r.comment_id) for r in tx.execute(sa.select(revisions))}
        assert listing.count_published(tx, thread.id) == 6
        assert [one.created_at for one in all_] == sorted(one.created_at for one in all_)
        return parents <= refs and sources == refs == texts

    async def test_goes_on_branch_by_branch(self, db: Database) -> None:
        first = await merged(db, most=1)
        second = await merged(db, most=1)

        assert (first, second) == (Merged(moved=2, left=1), Merged(moved=1, left=0))
        with pytest.raises(SameThread):
            await merged(db)

    async def test_what_was_touched_here_stays(self, db: Database) -> None:
        me = await db.act(partial(a_person, name="River"))
        await db.act(partial(post, by=me, site=NOTEBOOK, key="/a/1/"))
        with pytest.raises(ThreadInUse) as refused:
            await merged(db)
        assert refused.value.facts == {"fixed": 1}

    async def test_lines_stay_with_their_video(self, db: Database) -> None:
        await db.act(partial(a_film, key="/a/1/"))
        await brought_in(db, an_item(7, over=Wanted(t_ms=0)), page=OLD)
        with pytest.raises(ThreadInUse) as refused:
            await merged(db)
        assert refused.value.facts == {"fixed": 1}

    async def test_what_waits_for_a_person_stays(self, db: Database) -> None:
        draft = a_draft("Buy.", verdict=found(Outcome.HOLD))
        await brought_in(db, an_item(7, draft=draft), page=OLD)
        with pytest.raises(ThreadInUse):
            await merged(db)

    async def test_importing_again_finds_them(self, db: Database) -> None:
        await merged(db)
        again = await brought_in(db, an_item(1, minutes=1), an_item(6, parent=5), page=OLD)

        assert (again.duplicates, again.imported, again.orphans) == (1, 1, 0)

    async def test_not_everybody_may(self, db: Database) -> None:
        merging = partial(merge_threads, site=NOTEBOOK, key="/a/1/", now=NOON)
        with pytest.raises(MayNot):
            await db.act(partial(merging, into="/a/1", acting=ANYONE))
        with pytest.raises(NoSuchThread):
            await db.act(partial(merging, into="none", acting=OPERATOR))


@pytest.mark.usefixtures("pages")
class TestAlias:
    async def named(self, db: Database, alias: str) -> None:
        naming = partial(alias_thread, site=NOTEBOOK, key="/a/1", alias=alias)
        await db.act(partial(naming, acting=OPERATOR, now=NOON))

    async def test_another_key_reaches_the_thread(self, db: Database) -> None:
        await self.named(db, "https://old.example/a/1")
        await self.named(db, "https://old.example/a/1")

        assert len(await db.read(partial(shown, key="https://old.example/a/1"))) == 2

    async def test_a_key_has_one_thread(self, db: Database) -> None:
        with pytest.raises(KeyTaken):
            await self.named(db, "/a/1/")
        with pytest.raises(BadThreadKey):
            await self.named(db, "a\nb")
        naming = partial(alias_thread, site=NOTEBOOK, key="none", alias="x")
        with pytest.raises(NoSuchThread):
            await db.act(partial(naming, acting=OPERATOR, now=NOON))

    async def test_an_import_brings_old_names_along(self, db: Database) -> None:
        also = msgspec.structs.replace(NEW, key="/b", also=("id-9", "/a/1", "bad\n"))
        told = await brought_in(db, an_item(30), page=also)
        await approved(db, told.batch, acting=OPERATOR)

        assert await db.read(partial(shown, key="id-9")) == [("Comment 30.", 0)]
        assert len(await db.read(partial(shown, key="/a/1"))) == 2


async def test_another_archive_of_the_same_name_is_noticed(db: Database) -> None:
    await db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))
    await brought_in(db, an_item(1), an_item(2), page=OLD)
    again = await brought_in(db, an_item(1, minutes=77), an_item(2), page=OLD)

    assert (again.conflicts, again.duplicates, again.imported) == (1, 1, 0)
