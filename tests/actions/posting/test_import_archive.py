from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gentie.accounts.roles import actor_of_staff
from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.posting.approve_import import approve_import
from gentie.actions.posting.finish_import import finish_import
from gentie.actions.posting.import_archive import Archived, ArchivePage, Imported, import_archive
from gentie.actions.posting.refuse_import import refuse_import
from gentie.comments.model import (
    BatchDecided,
    BatchNeedsReason,
    Comment,
    NoSuchBatch,
    Origin,
    State,
)
from gentie.comments.rows import comment_of
from gentie.comments.tables import archive_sources, tallies
from gentie.comments.tables import comments as rows
from gentie.decisions.model import Measure
from gentie.jobs.waiting import handlers_for
from gentie.kernel.actor import ANYONE, OPERATOR, SERVICE, Actor, MayNot
from gentie.ledger.tables import leaves
from gentie.review import queries as review
from gentie.screening.model import Outcome
from gentie.storage.db import Database
from gentie.storage.outbox import take
from tests.newsroom import CLEO, DAILY, NOON, NOTEBOOK, a_draft, a_site, found, staff

THEN = datetime(2012, 5, 1, 8, 0, tzinfo=UTC)
CHIEF = actor_of_staff(CLEO)
PAGE = ArchivePage(
    site=DAILY,
    source="wxr:https://old.example",
    key="old-page",
    title="Old",
    url="https://o.example/1",
)


def an_item(
    number: int, *, parent: int = 0, minutes: int | None = None, **changes: object
) -> Archived:
    item = Archived(
        source_id=str(number),
        parent=str(parent) if parent else "",
        author="Nobody's name",
        created_at=THEN + timedelta(minutes=number if minutes is None else minutes),
        draft=a_draft(f"Comment {number}."),
    )
    return msgspec.structs.replace(item, **changes)


async def brought_in(
    db: Database, *items: Archived, page: ArchivePage = PAGE, acting: Actor = OPERATOR
) -> Imported:
    act = partial(import_archive, page=page, items=items, acting=acting, now=NOON)
    return await db.act(act)


async def approved(db: Database, batch: str, *, acting: Actor = CHIEF, most: int = 200) -> int:
    return await db.act(partial(approve_import, batch_id=batch, most=most, acting=acting, now=NOON))


def everything(tx: sa.Connection) -> list[Comment]:
    """All contributions, in the order of their ids."""
    return [comment_of(row) for row in tx.execute(sa.select(rows).order_by(rows.c.id))]


def counted(tx: sa.Connection) -> int:
    return tx.scalar(sa.select(tallies.c.published)) or 0


@pytest.fixture
async def site(db: Database) -> None:
    await db.act(partial(a_site, site=DAILY))
    await db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))


@pytest.mark.usefixtures("site")
class TestImport:
    async def test_holds_everything_until_one_decision(self, db: Database) -> None:
        told = await brought_in(db, an_item(1), an_item(2, parent=1), an_item(3, parent=2))
        held = await db.read(everything)

        assert (told.imported, told.duplicates, told.orphans, told.for_review) == (3, 0, 0, 0)
        assert {one.state for one in held} == {State.HELD}
        assert await db.read(partial(review.queue, site=None)) == []

        left = await approved(db, told.batch)
        shown = await db.read(everything)

        assert left == 0
        assert {one.state for one in shown} == {State.PUBLISHED}
        assert {one.origin for one in shown} == {Origin.ARCHIVE}
        assert {one.author.badges for one in shown} == {("archive",)}
        assert await db.read(counted) == 3

    async def test_keeps_times_and_flattens_depth(self, db: Database) -> None:
        told = await brought_in(db, an_item(1), an_item(2, parent=1), an_item(3, parent=2))
        await approved(db, told.batch)
        root, second, third = await db.read(everything)

        assert [one.created_at for one in (root, second, third)] == [
            THEN + timedelta(minutes=number) for number in (1, 2, 3)
        ]
        assert root.published_at == root.created_at
        assert (second.root, third.root, third.parent) == (root.id, root.id, second.id)
        assert root.replies == 2

    async def test_order_by_id_is_order_by_time(self, db: Database) -> None:
        late = [an_item(9, minutes=90), an_item(8, minutes=5), an_item(7, minutes=5)]
        await brought_in(db, *late)
        await brought_in(db, an_item(1, minutes=1), an_item(2, minutes=5))
        shown = await db.read(everything)

        assert [one.created_at for one in shown] == sorted(one.created_at for one in shown)
        assert len({one.id for one in shown}) == 5

    async def test_what_answers_nothing_becomes_a_first_comment(self, db: Database) -> None:
        told = await brought_in(db, an_item(2, parent=1))
        (alone,) = await db.read(everything)

        assert told.orphans == 1
        assert alone.root is None

    async def test_a_finding_waits_for_a_person_alone(self, db: Database) -> None:
        draft = a_draft("Buy.", verdict=found(Outcome.REFUSE))
        told = await brought_in(db, an_item(1), an_item(2, draft=draft))
        await approved(db, told.batch)
        states = [one.state for one in await db.read(everything)]
        queue = await db.read(partial(review.queue, site=None))

        assert told.for_review == 1
        assert states == [State.PUBLISHED, State.HELD]
        assert len(queue) == 1

    async def test_goes_on_where_it_was_cut_off(self, db: Database) -> None:
        first = await brought_in(db, an_item(1))
        second = await brought_in(db, an_item(1), an_item(2, parent=1))
        left = await approved(db, second.batch, most=1)
        none_left = await approved(db, second.batch, most=1)

        assert first.batch == second.batch
        assert (second.imported, second.duplicates, second.orphans) == (1, 1, 0)
        assert (left, none_left) == (1, 0)
        assert await db.read(counted) == 2

    async def test_one_leaf_for_a_batch(self, db: Database) -> None:
        def imports(tx: sa.Connection) -> int:
            bodies = tx.scalars(sa.select(leaves.c.body))
            return sum(b'"measure":"import"' in body for body in bodies)

        told = await brought_in(db, an_item(1), an_item(2), an_item(3))
        while await approved(db, told.batch, most=1):
            pass

        assert await db.read(imports) == 1

    async def test_a_person_decides_where_names_are_a_duty(self, db: Database) -> None:
        told = await brought_in(db, an_item(1))
        with pytest.raises(MayNot):
            await approved(db, told.batch, acting=OPERATOR)
        elsewhere = msgspec.structs.replace(PAGE, site=NOTEBOOK)
        free = await brought_in(db, an_item(1), page=elsewhere)

        assert await approved(db, free.batch, acting=OPERATOR) == 0

    async def test_a_refused_batch_stays_away_with_all_it_has(self, db: Database) -> None:
        draft = a_draft("Buy.", verdict=found(Outcome.REFUSE))
        told = await brought_in(db, an_item(1), an_item(2), an_item(3, draft=draft))
        refusing = partial(refuse_import, batch_id=told.batch, acting=CHIEF, now=NOON)
        with pytest.raises(BatchNeedsReason):
            await db.act(partial(refusing, reason=" "))

        left = await db.act(partial(refusing, reason="Not ours", most=1))
        finishing = partial(finish_import, batch_id=told.batch, most=1, acting=SERVICE, now=NOON)
        lefts = [await db.act(finishing) for _ in range(2)]

        assert [left, *lefts] == [2, 1, 0]
        assert {one.state for one in await db.read(everything)} == {State.REFUSED}
        assert await db.read(partial(review.queue, site=None)) == []
        assert await db.read(counted) == 0
        again = await brought_in(db, an_item(1))
        assert (again.batch, again.duplicates) == ("", 1)
        with pytest.raises(BatchDecided):
            await approved(db, told.batch)
        with pytest.raises(BatchDecided):
            await db.act(partial(refusing, reason="Again"))

    async def test_a_refusal_is_in_the_log_without_its_reason(self, db: Database) -> None:
        told = await brought_in(db, an_item(1))
        refusing = partial(refuse_import, batch_id=told.batch, reason="Not ours", acting=CHIEF)
        await db.act(partial(refusing, now=NOON))
        body = await db.read(
            lambda tx: tx.scalar(sa.select(leaves.c.body).order_by(leaves.c.id.desc()).limit(1))
        )

        assert body is not None
        assert b'"measure":"refuse-import"' in body
        assert b"Not ours" not in body

    async def test_what_was_decided_by_itself_stays_when_the_rest_is_refused(
        self, db: Database
    ) -> None:
        draft = a_draft("Buy.", verdict=found(Outcome.HOLD))
        told = await brought_in(db, an_item(1), an_item(2, draft=draft))

        def publish(tx: sa.Connection) -> None:
            (cleo,) = staff(tx, CLEO)
            item = review.queue(tx, None)[0].id
            version = claim_item(tx, item, acting=cleo, now=NOON).version
            opinion = Opinion(measure=Measure.PUBLISH, version=version)
            decide_item(tx, item, opinion, acting=cleo, now=NOON)

        await db.act(publish)
        refusing = partial(refuse_import, batch_id=told.batch, reason="Not ours", acting=CHIEF)
        await db.act(partial(refusing, now=NOON))

        states = [one.state for one in await db.read(everything)]
        assert states == [State.REFUSED, State.PUBLISHED]

    async def test_a_job_goes_on_after_the_decision(self, db: Database) -> None:
        told = await brought_in(db, an_item(1), an_item(2), an_item(3))
        assert await approved(db, told.batch, most=1) == 2

        handlers = handlers_for(db, clock=lambda: NOON)
        for message in await db.act(partial(take, now=NOON, most=50)):
            if message.topic in handlers:
                await handlers[message.topic](message)

        assert await db.read(counted) == 3

    async def test_not_everybody_may(self, db: Database) -> None:
        with pytest.raises(MayNot):
            await brought_in(db, an_item(1), acting=ANYONE)
        with pytest.raises(NoSuchBatch):
            await approved(db, "77")


@st.composite
def archives(draw: st.DrawFn) -> list[Archived]:
    """Comments after what they answer, at any times: before the epoch of ids, in the future."""
    size = draw(st.integers(1, 6))
    minutes = st.integers(-9_000_000, 9_000_000)
    return [
        an_item(number, parent=draw(st.integers(0, number - 1)), minutes=draw(minutes))
        for number in range(1, size + 1)
    ]


@pytest.mark.usefixtures("site")
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(archive=archives())
async def test_importing_twice_changes_nothing(db: Database, archive: list[Archived]) -> None:
    number = next(_PAGES)
    page = msgspec.structs.replace(PAGE, key=f"page-{number}", source=f"wxr:{number}")

    def standing(tx: sa.Connection) -> list[object]:
        return [tx.execute(sa.select(one).order_by(*one.primary_key)).all() for one in _ALL]

    told = await brought_in(db, *archive, page=page)
    await approved(db, told.batch)
    before = await db.read(standing)
    again = await brought_in(db, *archive, page=page)

    nothing = Imported(batch="", imported=0, duplicates=len(archive), orphans=0, for_review=0)
    assert msgspec.structs.replace(again, authors={}) == nothing
    assert await db.read(standing) == before


_PAGES = count()
"""A page of its own for each example: they share a database."""
_ALL = (rows, tallies, archive_sources, leaves)
