"""Growing to several databases needs no new schema: every table keeps the rules of its class."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa

import gentie
from gentie.storage.schema import (
    ACCOUNT_SCOPED,
    BY_VALUE,
    LOCAL,
    REFERENCE,
    THREAD_SCOPED,
    Id,
    metadata,
)
from tests.storage.scaling import (
    Statement,
    faults_of_statement,
    faults_of_table,
    scattered_in,
    statements_of,
)

FOLDER = Path(gentie.__file__).parent


def modules(*names: str) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(gentie.__path__, "gentie."):
        if found.name.rpartition(".")[2] in names or found.name.startswith("gentie.storage."):
            yield importlib.import_module(found.name)


def declared() -> dict[str, tuple[sa.Table, str]]:
    """All tables of all databases by name, with the room that declares each."""
    return {
        f"{id(table.metadata)}.{table.name}": (table, module.__name__.split(".")[1])
        for module in modules("tables")
        for table in vars(module).values()
        if isinstance(table, sa.Table)
    }


def statements() -> Iterator[tuple[str, Statement]]:
    for module in modules("store", "queries"):
        scattered = scattered_in(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for name, statement in statements_of(vars(module)):
            if name not in scattered:
                yield f"{module.__name__}.{name}", statement


def test_every_table_is_ready_to_be_spread() -> None:
    rooms = {table.name: room for table, room in declared().values()}

    assert [f for table, _ in declared().values() for f in faults_of_table(table, rooms)] == []


def test_no_table_is_declared_where_nobody_looks() -> None:
    assert set(metadata.tables) - {table.name for table, _ in declared().values()} == set()


def test_every_statement_on_threads_says_which() -> None:
    assert [f"{name} {f}" for name, one in statements() for f in faults_of_statement(one)] == []


def test_nothing_rests_on_a_trigger() -> None:
    trigger = re.compile(r"create\s+(or\s+replace\s+)?trigger", re.IGNORECASE)
    files = [*FOLDER.rglob("*.py"), *FOLDER.rglob("*.sql")]

    assert [one for one in files if trigger.search(one.read_text(encoding="utf-8"))] == []


def a_table(name: str, *parts: sa.schema.SchemaItem, info: dict[str, str]) -> sa.Table:
    return sa.Table(name, sa.MetaData(), *parts, info=info)


def key(name: str) -> sa.Column[str]:
    return sa.Column(name, Id, primary_key=True, autoincrement=False)


class TestFaultsOfTable:
    def faults(self, table: sa.Table) -> list[str]:
        return list(faults_of_table(table, dict.fromkeys(table.metadata.tables, "a")))

    @pytest.mark.parametrize(
        "table",
        [
            a_table("t", key("thread_id"), key("id"), info=THREAD_SCOPED),
            a_table(
                "t",
                key("thread_id"),
                key("id"),
                sa.Column("slug", sa.Text),
                sa.UniqueConstraint("thread_id", "slug"),
                info=THREAD_SCOPED,
            ),
            a_table("t", key("account_id"), info=ACCOUNT_SCOPED),
            a_table("t", sa.Column("name", sa.Text, primary_key=True), info=BY_VALUE),
            a_table("t", key("id"), sa.Column("x", sa.Text, unique=True), info=LOCAL),
        ],
    )
    def test_a_sound_table_is_let_be(self, table: sa.Table) -> None:
        assert self.faults(table) == []

    @pytest.mark.parametrize(
        ("table", "fault"),
        [
            (a_table("t", key("id"), info={}), "t declares no class"),
            (a_table("t", key("id"), info={"class": "odd"}), "t declares no class"),
            (a_table("t", sa.Column("id", Id), info=LOCAL), "t has no primary key"),
            (
                a_table("t", key("id"), key("thread_id"), info=THREAD_SCOPED),
                "t: primary key (id, thread_id) does not begin with thread_id",
            ),
            (
                a_table(
                    "t",
                    key("thread_id"),
                    sa.Column("x", sa.Text, unique=True),
                    info=THREAD_SCOPED,
                ),
                "t: unique (x) does not begin with thread_id",
            ),
            (
                a_table(
                    "t",
                    key("account_id"),
                    sa.Column("x", sa.Text),
                    sa.Index("ix", "x", unique=True),
                    info=ACCOUNT_SCOPED,
                ),
                "t: unique index (x) does not begin with account_id",
            ),
            (
                a_table("t", key("name"), sa.Column("x", sa.Text, unique=True), info=BY_VALUE),
                "t: unique (x) does not begin with name",
            ),
            (
                a_table("t", sa.Column("id", sa.Integer, primary_key=True), info=LOCAL),
                "t.id counts up by itself; say autoincrement=False",
            ),
            (
                a_table("t", key("id"), sa.Column("n", sa.Integer, sa.Sequence("s")), info=LOCAL),
                "t.n counts up by itself; say autoincrement=False",
            ),
            (
                a_table("t", key("id"), sa.Column("x", sa.Text, server_default="a"), info=LOCAL),
                "t.x: the database makes its value, so shards would clash",
            ),
            (
                a_table("t", key("id"), sa.Column("x", sa.BigInteger, sa.Identity()), info=LOCAL),
                "t.x: the database makes its value, so shards would clash",
            ),
        ],
    )
    def test_a_fault_is_named(self, table: sa.Table, fault: str) -> None:
        assert self.faults(table) == [fault]

    @pytest.mark.parametrize(
        ("info", "room", "columns", "faults"),
        [
            (THREAD_SCOPED, "a", ["thread_id", "parent"], []),
            (REFERENCE, "a", ["thread_id", "parent"], ["a foreign key crosses classes"]),
            (THREAD_SCOPED, "b", ["thread_id", "parent"], ["a foreign key leaves its room"]),
            (THREAD_SCOPED, "a", ["parent", "thread_id"], ["without thread_id the two rows may"]),
        ],
    )
    def test_a_foreign_key_stays_with_its_shard_and_room(
        self, info: dict[str, str], room: str, columns: list[str], faults: list[str]
    ) -> None:
        both = sa.MetaData()
        sa.Table("up", both, key("thread_id"), key("id"), info=info)
        down = sa.Table(
            "down",
            both,
            key("thread_id"),
            key("id"),
            sa.Column("parent", Id),
            sa.ForeignKeyConstraint(columns, ["up.thread_id", "up.id"]),
            info=THREAD_SCOPED,
        )

        found = list(faults_of_table(down, {"up": "a", "down": room}))

        assert [fault in said for fault, said in zip(faults, found, strict=True)] == [True] * len(
            faults
        )


class TestFaultsOfStatement:
    comments = a_table("comment", key("thread_id"), key("id"), info=THREAD_SCOPED)
    votes = a_table("vote", key("thread_id"), key("id"), info=THREAD_SCOPED)
    sites = a_table("site", key("id"), info=REFERENCE)
    c, v = comments.c, votes.c
    thread: sa.BindParameter[str] = sa.bindparam("thread", type_=Id)
    linked = comments.join(votes, c.thread_id == v.thread_id)

    @pytest.mark.parametrize(
        "statement",
        [
            sa.select(sites),
            sa.select(comments).where(c.thread_id == thread, c.id > 1),
            sa.select(comments).where(c.thread_id.in_([1, 2])),
            sa.select(comments, votes).select_from(linked).where(c.thread_id == thread),
            sa.select(comments, votes).select_from(linked).where(v.thread_id == thread),
            comments.update().where(c.thread_id == thread).values(id=1),
            sa.select(sites).where(
                sa.exists().where(c.thread_id == thread),
            ),
        ],
    )
    def test_one_that_says_which_thread_is_let_be(self, statement: Statement) -> None:
        assert list(faults_of_statement(statement)) == []

    @pytest.mark.parametrize(
        ("statement", "table"),
        [
            (sa.select(comments), "comment"),
            (sa.select(c.id).where(c.id == thread), "comment"),
            (sa.select(c.id).where(c.thread_id > thread), "comment"),
            (comments.update().values(id=1), "comment"),
            (comments.delete().where(c.id == thread), "comment"),
            (sa.select(comments, votes).where(c.thread_id == thread), "vote"),
            (sa.select(comments).where(c.thread_id == thread, c.id.in_(sa.select(v.id))), "vote"),
        ],
    )
    def test_one_that_does_not_is_named(self, statement: Statement, table: str) -> None:
        assert list(faults_of_statement(statement)) == [
            f"asks every shard: no thread_id for {table}"
        ]

    def test_is_found_inside_a_dict(self) -> None:
        found = dict(statements_of({"_PAGES": {"new": (sa.select(self.comments),)}, "x": 1}))

        assert set(found) == {"_PAGES"}


def test_a_scattered_statement_says_why() -> None:
    source = """
_A = x  # scatter: the queue of all threads
_B = y
_C = z  # scatter:
# scatter: patrol
_D: Select = (
    x
)
_E = {
    1: x,  # scatter: counts of the operator
}
"""

    assert scattered_in(source) == {"_A", "_D", "_E"}
