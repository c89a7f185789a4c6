"""A prepared statement gives what SQLAlchemy itself would give, on both engines."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.storage.db import Database
from gentie.storage.prepared import Prepared
from gentie.storage.schema import Id, UtcTime

things = sa.Table(
    "thing",
    sa.MetaData(),
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, unique=True),
    sa.Column("at", UtcTime),
    sa.Column("body", sa.LargeBinary),
    sa.Column("more", sa.JSON),
    sa.Column("good", sa.Boolean),
    sa.Column("count", sa.Integer),
)
ROW = {
    "id": "7301",
    "name": "Ünïcode 跟帖 100% :colon",
    "at": datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC),
    "body": b"\x00\xff",
    "more": ["a", {"b": None}],
    "good": True,
    "count": 3,
}
ADD = Prepared(things.insert())
ADD_ONCE = Prepared(
    {
        "sqlite": sqlite.insert(things).on_conflict_do_nothing().returning(things.c.id),
        "postgresql": postgresql.insert(things).on_conflict_do_nothing().returning(things.c.id),
    }
)
FIND = Prepared(sa.select(things).where(things.c.name == sa.bindparam("name"), things.c.count == 3))
COUNT = Prepared(
    things.update()
    .where(things.c.id == sa.bindparam("b_id", type_=Id))
    .values(count=things.c.count + sa.bindparam("by"), at=sa.bindparam("now"))
)
HOW_MANY = Prepared(sa.select(sa.func.count()).where(things.c.good == sa.bindparam("good")))


@pytest.fixture
async def shop(db: Database) -> Database:
    await db.act(things.create)
    return db


async def test_rows_come_back_as_they_went(shop: Database) -> None:
    def body(tx: sa.Connection) -> None:
        assert ADD.run(tx, ROW) == 1
        plain = tx.execute(sa.select(things)).one()
        row = FIND.first(tx, {"name": ROW["name"]})
        assert row is not None
        assert tuple(row) == tuple(plain) == tuple(ROW.values())
        assert row.at == ROW["at"]

    await shop.act(body)


async def test_nothing_stays_nothing(shop: Database) -> None:
    def body(tx: sa.Connection) -> None:
        empty = {**dict.fromkeys(ROW), "id": "1", "name": "empty", "count": 3}
        ADD.run(tx, empty)
        row = FIND.first(tx, {"name": "empty"})
        assert row is not None
        assert tuple(row) == tuple(tx.execute(sa.select(things)).one())
        assert FIND.first(tx, {"name": "nobody"}) is None
        assert FIND.all(tx, {"name": "nobody"}) == []
        assert FIND.scalar(tx, {"name": "nobody"}) is None

    await shop.act(body)


async def test_changes_say_how_many(shop: Database) -> None:
    def body(tx: sa.Connection) -> None:
        ADD.run(tx, ROW)
        now = datetime(2027, 1, 1, tzinfo=UTC)
        assert COUNT.run(tx, {"b_id": "7301", "by": 2, "now": now}) == 1
        assert COUNT.run(tx, {"b_id": "1", "by": 2, "now": now}) == 0
        row = tx.execute(sa.select(things.c.count, things.c.at)).one()
        assert tuple(row) == (5, now)
        assert HOW_MANY.scalar(tx, {"good": True}) == 1
        assert HOW_MANY.scalar(tx, {"good": False}) == 0

    await shop.act(body)


async def test_many_go_at_once(shop: Database) -> None:
    now = datetime(2027, 1, 1, tzinfo=UTC)
    rows = [{**ROW, "id": str(one), "name": str(one)} for one in range(1, 4)]

    def body(tx: sa.Connection) -> None:
        ADD.many(tx, [])
        ADD.many(tx, rows)
        COUNT.many(tx, [{"b_id": str(one), "by": one, "now": now} for one in range(1, 4)])
        found = tx.execute(sa.select(things.c.count, things.c.at).order_by(things.c.id)).all()
        assert [tuple(one) for one in found] == [(4, now), (5, now), (6, now)]

    def twice(tx: sa.Connection) -> None:
        ADD.many(tx, rows[:1] * 2)

    await shop.act(body)
    with pytest.raises(sa.exc.IntegrityError):
        await shop.act(twice)


async def test_what_differs_by_database_is_chosen(shop: Database) -> None:
    def body(tx: sa.Connection) -> None:
        assert ADD_ONCE.scalar(tx, ROW) == "7301"
        assert ADD_ONCE.scalar(tx, ROW) is None

    await shop.act(body)


async def test_it_shares_the_acts_transaction(shop: Database) -> None:
    def body(tx: sa.Connection) -> None:
        ADD.run(tx, ROW)
        raise LookupError

    with pytest.raises(LookupError):
        await shop.act(body)
    assert await shop.read(lambda tx: HOW_MANY.scalar(tx, {"good": True})) == 0
