"""Nothing is acknowledged that is not on disk, whatever an act, the disk or a neighbour does."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from gentie.storage.db import Database
from gentie.storage.prepared import Prepared

notes = sa.Table(
    "note",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text", sa.Text, unique=True),
)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    db = Database(database_url)
    notes.create(db.engine.sql)
    yield db
    await db.close()


@pytest.fixture
async def sqlite_db(tmp_path: Path) -> AsyncIterator[Database]:
    db = Database(f"sqlite:///{tmp_path}/gentie.db")
    notes.create(db.engine.sql)
    yield db
    await db.close()


def note(tx: sa.Connection, text: str) -> str:
    tx.execute(notes.insert(), {"text": text})
    return text


async def kept(db: Database) -> set[str]:
    return await db.read(lambda tx: set(tx.scalars(sa.select(notes.c.text))))


async def together(db: Database, *bodies: Callable[[sa.Connection], object]) -> list[object]:
    """Hand the bodies over while the writer is busy, so that they share one commit."""
    started, free = threading.Event(), threading.Event()

    def hold(_: sa.Connection) -> None:
        started.set()
        free.wait(5)

    busy = asyncio.create_task(db.act(hold))
    await asyncio.to_thread(started.wait, 5)
    waiting = [asyncio.create_task(db.act(body)) for body in bodies]
    await asyncio.sleep(0)
    free.set()
    await busy
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_failing_act_leaves_its_neighbours_alone(db: Database) -> None:
    answers = await together(
        db, partial(note, text="a"), partial(note, text="a"), partial(note, text="b")
    )

    # On PostgreSQL either of the two equal ones may be first.
    assert {type(answers[0]), type(answers[1])} == {str, sa.exc.IntegrityError}
    assert answers[2] == "b"
    assert await kept(db) == {"a", "b"}


async def test_a_full_disk_is_not_acknowledged(sqlite_db: Database) -> None:
    db = sqlite_db
    pages = await db.act(lambda tx: tx.exec_driver_sql("PRAGMA page_count").scalar_one())
    await db.act(lambda tx: tx.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}").all())

    answers = await together(
        db, partial(note, text="a"), partial(note, text="x" * 200_000), partial(note, text="b")
    )

    assert {a for a in answers if isinstance(a, str)} == await kept(db)
    assert await db.act(partial(note, text="c")) == "c"


@pytest.mark.parametrize("end", [sa.Connection.rollback, sa.Connection.commit])
async def test_an_act_that_ends_the_transaction_is_found_out(
    db: Database, end: Callable[[sa.Connection], None]
) -> None:
    answers = await together(db, partial(note, text="a"), end, partial(note, text="b"))

    assert isinstance(answers[1], Exception)
    assert {a for a in answers if isinstance(a, str)} <= await kept(db)
    assert await db.act(partial(note, text="c")) == "c"


@pytest.mark.parametrize("error", [SystemExit, asyncio.CancelledError, StopIteration])
async def test_no_act_ends_the_writer(db: Database, error: type[BaseException]) -> None:
    def stop(_: sa.Connection) -> None:
        raise error

    with pytest.raises(RuntimeError):
        await db.act(stop)

    assert db.alive
    assert await db.act(partial(note, text="a")) == "a"


async def test_reading_cannot_write(db: Database) -> None:
    with pytest.raises((sa.exc.OperationalError, sa.exc.InternalError)):
        await db.read(partial(note, text="a"))

    assert await db.act(partial(note, text="b")) == "b"
    assert await kept(db) == {"b"}


async def test_closing_finishes_what_was_handed_over_and_refuses_more(
    database_url: str,
) -> None:
    db = Database(database_url)
    notes.create(db.engine.sql)
    waiting = [asyncio.create_task(db.act(partial(note, text=str(i)))) for i in range(100)]
    await asyncio.sleep(0)

    await db.close()

    assert await asyncio.gather(*waiting) == [str(i) for i in range(100)]
    with pytest.raises(RuntimeError):
        await db.act(partial(note, text="late"))


def test_a_database_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(sa.exc.OperationalError):
        Database(f"sqlite:///{tmp_path}/missing/gentie.db")


async def test_an_act_before_another_stays_when_that_one_fails(db: Database) -> None:
    def fail(_: sa.Connection) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await db.act(fail, after=partial(note, text="tried"))

    assert await kept(db) == {"tried"}


async def test_nothing_is_done_after_an_act_that_failed(db: Database) -> None:
    await db.act(partial(note, text="once"))

    with pytest.raises(sa.exc.IntegrityError):
        await db.act(partial(note, text="more"), after=partial(note, text="once"))

    assert await kept(db) == {"once"}


async def test_savepoints_of_acts_leave_no_pages_in_the_temporary_folder(
    sqlite_db: Database,
) -> None:
    store = await sqlite_db.act(lambda tx: tx.exec_driver_sql("PRAGMA temp_store").scalar_one())

    assert store == 2  # memory


async def test_reading_sees_one_moment_also_by_prepared_statements(db: Database) -> None:
    """Another act commits between two reads of one body."""
    loop = asyncio.get_running_loop()
    count = Prepared(sa.select(sa.func.count()).select_from(notes))

    def twice(tx: sa.Connection) -> tuple[object, object]:
        first = count.scalar(tx, {})
        asyncio.run_coroutine_threadsafe(db.act(partial(note, text="between")), loop).result(5)
        return first, count.scalar(tx, {})

    assert await db.read(twice) == (0, 0)
