"""Each rule of the house is broken once, and must say so."""

from pathlib import Path

import pytest
from tools.house_rules import acts_in, faults_of, faults_of_rooms

ACT = """
def close_thread(tx: sa.Connection, *, acting: Actor, now: datetime) -> None:
    acting.require("thread:close")
"""
ROUTE = """
from gentie.actions.posting.submit_comment import submit_comment

@post("/comments")
async def submit(db: Database, acting: Actor) -> None:
    await db.act(partial(once, body=partial(submit_comment, acting=acting)))
"""
ACTS = frozenset({"gentie.actions.posting.submit_comment"})
PYPROJECT = """
[[tool.importlinter.contracts]]
name = "Floors: one above the other"
layers = ["(web)", "(accounts) | (comments)", "kernel"]

[[tool.importlinter.contracts]]
name = "Inside a room"
containers = ["gentie.accounts", "gentie.comments"]
"""


def said(path: str, source: str) -> list[str]:
    return [fault.says for fault in faults_of(Path(path), source, acts=ACTS)]


@pytest.mark.parametrize(
    "statement",
    [
        "comments.insert()",
        "comments.update().where(comments.c.id == 1)",
        "comments.delete()",
        "sa.insert(comments)",
        "sa.update(comments)",
        "postgresql.insert(comments).on_conflict_do_nothing()",
        'sa.text("DELETE FROM comment")',
        'tx.exec_driver_sql("\\n update comment SET state = 1")',
    ],
)
def test_only_stores_write(statement: str) -> None:
    source = f"_STATEMENT = {statement}"

    assert said("comments/queries.py", source) == [
        "a statement that writes belongs into a store.py"
    ]
    assert said("comments/store.py", source) == []
    assert said("storage/outbox.py", source) == []


@pytest.mark.parametrize(
    "harmless",
    ["rows.insert(0, row)", "seen.update(rows)", 'sa.text("SELECT 1")', "digest.update(data)"],
)
def test_ordinary_calls_are_no_statements(harmless: str) -> None:
    assert said("comments/listing.py", harmless) == []


class TestActs:
    @pytest.mark.parametrize(
        ("before", "after", "fault"),
        [
            ("acting: Actor, ", "", "takes no keyword-only `acting: Actor`"),
            ("acting: Actor", "acting: str", "takes no keyword-only `acting: Actor`"),
            (", now: datetime", "", "takes no keyword-only `now: datetime`"),
            ("*, acting", "acting", "takes no keyword-only `acting: Actor`"),
            ('acting.require("thread:close")', "pass", "never calls acting.require"),
            ('"thread:close"', "scope", "never calls acting.require"),
        ],
    )
    def test_take_acting_and_now_and_require_a_scope(
        self, before: str, after: str, fault: str
    ) -> None:
        assert said("actions/moderation/close_thread.py", ACT) == []

        broken = said("actions/moderation/close_thread.py", ACT.replace(before, after))

        assert any(fault in one for one in broken)

    def test_may_delegate_inside_their_module(self) -> None:
        both = ACT.replace("close_thread", "_close") + ACT.replace(
            'acting.require("thread:close")', "_close(tx, acting=acting, now=now)"
        )

        assert said("actions/moderation/close_thread.py", both) == []

    def test_parts_that_acts_share_and_other_floors_are_free(self) -> None:
        free = "def find_thread(tx: sa.Connection) -> None: ..."

        assert said("actions/moderation/loading.py", free) == []
        assert said("comments/queries.py", free) == []
        assert said("actions/moderation/find_thread.py", free) != []
        assert said("actions/moderation/find_thread.py", free.replace("tx:", "row:")) == []

    def test_a_second_function_beside_an_act_is_held_to_the_same(self) -> None:
        beside = ACT + "def reopen_thread(tx: sa.Connection) -> None: ..."

        assert len(said("actions/moderation/close_thread.py", beside)) == 3

    def test_are_told_from_parts_by_their_name(self) -> None:
        paths = {Path("actions/moderation", name): ACT for name in ("close_thread.py", "parts.py")}

        assert acts_in(paths) == {"gentie.actions.moderation.close_thread"}


def test_doors_get_at_acts_only() -> None:
    source = "from gentie.actions.posting.gates import Gate, pass_open"

    assert said("web/a.py", source) == [
        "gentie.actions.posting.gates.pass_open is no act, but a part of some"
    ]
    assert said("web/a.py", source.replace(", pass_open", "")) == []
    assert said("actions/posting/submit_comment.py", source) == []


class TestRoutes:
    @pytest.mark.parametrize("verb", ["post", "put", "patch", "delete", "route"])
    def test_name_their_act(self, verb: str) -> None:
        methods = ", http_method=['POST']" if verb == "route" else ""
        route = ROUTE.replace('@post("/comments"', f'@{verb}("/comments"{methods}')

        assert said("web/embed/comments.py", route) == []
        assert said("web/embed/comments.py", route.replace("gentie.actions", "gentie.rules")) == [
            "submit changes things but names no act"
        ]

    def test_may_go_through_a_helper_of_the_module(self) -> None:
        helped = ROUTE.replace(
            "    await db.act",
            "    await _carry_out(acting)\n\nasync def "
            "_carry_out(acting: Actor) -> None:\n    await db.act",
        )

        assert said("web/embed/comments.py", helped) == []

    def test_reading_needs_none(self) -> None:
        read = ROUTE.replace("@post", "@get").replace("gentie.actions", "gentie.queries")

        assert said("web/embed/comments.py", read) == []


@pytest.mark.parametrize(
    "composed",
    ['f"SELECT {x}"', '"SELECT " + x', '"SELECT %s" % x', '"SELECT {}".format(x)', '" ".join(x)'],
)
def test_sql_text_is_constant(composed: str) -> None:
    assert said("comments/queries.py", f"_A = sa.text({composed})") == [
        "SQL text is put together; bind a parameter"
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "from gentie.comments import store",
        "from gentie.comments.store import add",
        "from gentie.comments.tables import comments",
        "import gentie.comments.tables",
    ],
)
@pytest.mark.parametrize("door", ["web", "cli", "jobs", "demo"])
def test_doors_leave_stores_alone(statement: str, door: str) -> None:
    assert ["not for doors" in one for one in said(f"{door}/a.py", statement)] == [True]
    assert said("actions/posting/submit_comment.py", statement) == []


def test_doors_may_read_queries() -> None:
    assert said("web/a.py", "from gentie.comments import model, queries") == []


@pytest.mark.parametrize(
    "call",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "random.random()",
        "secrets.token_bytes(8)",
        "uuid.uuid4()",
        "uuid4()",
        "os.urandom(8)",
    ],
)
def test_time_and_chance_come_from_outside(call: str) -> None:
    assert len(said("comments/rules.py", f"x = {call}")) == 1
    assert said("kernel/chance.py", f"x = {call}") == []


def test_chance_is_not_imported_by_name() -> None:
    assert said("web/a.py", "from secrets import token_hex") == [
        "secrets.token_hex: use gentie.kernel.chance"
    ]
    assert said("web/a.py", "from gentie.kernel.chance import new_secret\nnew_secret()") == []


class TestStatementsAreBuiltOnce:
    @pytest.mark.parametrize("name", ["store.py", "queries.py"])
    @pytest.mark.parametrize("statement", ["sa.select(a)", "select(a)"])
    def test_not_inside_a_function(self, name: str, statement: str) -> None:
        built = f"def find(tx: X) -> None:\n    tx.execute({statement})\n"

        assert said(f"comments/{name}", built) == [
            "a statement is built at each call; make it a constant"
        ]
        assert said(f"comments/{name}", f"_FIND = {statement}") == []

    def test_unless_the_line_says_why(self) -> None:
        built = "def page(order: X) -> None:\n    return sa.select(a){}\n"

        assert (
            said("comments/queries.py", built.format("  # built here: once for each order")) == []
        )
        assert said("comments/queries.py", built.format("  # built here: ")) != []


class TestRooms:
    def test_listed_and_existing_are_the_same(self) -> None:
        assert list(faults_of_rooms(PYPROJECT, {"web", "accounts", "comments", "kernel"})) == []

    def test_a_room_without_an_inner_order_is_found(self) -> None:
        short = PYPROJECT.replace('["gentie.accounts", "gentie.comments"]', '["gentie.accounts"]')

        assert list(faults_of_rooms(short, {"accounts", "comments"})) == [
            "pyproject.toml: gentie.comments is missing from the contract `Inside a room`"
        ]

    def test_a_room_that_is_gone_is_found(self) -> None:
        assert list(faults_of_rooms(PYPROJECT, {"accounts"})) == [
            "pyproject.toml: there is no room gentie.comments"
        ]
