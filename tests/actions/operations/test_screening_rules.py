import asyncio
from functools import partial

import msgspec
import pytest
import sqlalchemy as sa

from gentie import ledger
from gentie.actions.operations.approve_screening_rules import approve_screening_rules
from gentie.actions.operations.draft_screening_rules import draft_screening_rules
from gentie.kernel.actor import Actor, Kind, MayNot
from gentie.kernel.ids import ActorId
from gentie.ledger.tables import leaves
from gentie.screening import queries
from gentie.screening.events import RulesApproved
from gentie.screening.model import (
    BadRules,
    DraftTaken,
    NeedsAnotherApprover,
    NoSuchRules,
    NotADraft,
    RuleSet,
    RuleSetVersion,
    State,
)
from gentie.screening.tables import rule_sets
from gentie.storage.db import Database
from tests.screening.build import NOON, a_list

RULES = RuleSet(terms=(a_list("刷单", reason="trade in false orders"),))


def staff(name: str, *scopes: str) -> Actor:
    given = frozenset(scopes or ("rules:draft", "rules:approve"))
    return Actor(id=ActorId(f"staff:{name}"), kind=Kind.STAFF, scopes=given, role="compliance")


async def draft(db: Database, rules: RuleSet = RULES, *, by: str = "one") -> RuleSetVersion:
    return await db.act(partial(draft_screening_rules, drafted=rules, acting=staff(by), now=NOON))


async def approve(db: Database, version: int, *, by: str = "two") -> RuleSetVersion:
    act = partial(approve_screening_rules, version=version, acting=staff(by), now=NOON)
    return await db.act(act)


async def leaves_of(db: Database) -> list[ledger.Leaf]:
    bodies = await db.read(lambda tx: tx.scalars(sa.select(leaves.c.body)).all())
    return [msgspec.json.decode(body, type=ledger.Leaf) for body in bodies]


@pytest.mark.clause("2017-5.5d")
class TestApprove:
    async def test_what_came_with_the_release_is_live_until_then(self, db: Database) -> None:
        drafted = await draft(db)

        assert (await db.read(queries.live_rules)).name == "screening/1"
        live = await approve(db, drafted.version)

        assert await db.read(queries.live_rules) == live
        assert await db.read(queries.live_version) == 2
        assert (live.name, live.author, live.approved_by) == (
            "screening/2", "staff:one", "staff:two",
        )  # fmt: skip

    async def test_takes_two_people(self, db: Database) -> None:
        drafted = await draft(db)

        with pytest.raises(NeedsAnotherApprover):
            await approve(db, drafted.version, by="one")

        assert (await db.read(queries.live_rules)).version == 1
        assert await leaves_of(db) == []

    async def test_the_world_hears_of_it_but_not_who_or_which_words(self, db: Database) -> None:
        await approve(db, (await draft(db)).version)

        (leaf,) = await leaves_of(db)
        row = await db.read(lambda tx: tx.execute(sa.select(rule_sets)).one())
        record = msgspec.json.decode(row.record, type=RulesApproved)
        assert (leaf.kind, leaf.rule, leaf.role, leaf.hour) == (
            "rule", "screening/2", "compliance", NOON,
        )  # fmt: skip
        assert leaf.record == ledger.commitment(record, row.salt)
        assert record.approved_by == "staff:two"
        said = msgspec.json.encode(leaf).decode()
        assert not any(hidden in said for hidden in ("staff:", "刷单", "false orders"))

    async def test_the_one_before_is_retired_and_can_still_be_read(self, db: Database) -> None:
        for _ in range(2):
            await approve(db, (await draft(db)).version)

        states = [(one.version, one.state) for one in await db.read(queries.all_rules)]
        assert states == [(3, State.LIVE), (2, State.RETIRED), (1, State.RETIRED)]
        old = await db.read(partial(queries.find_rules, version=2))
        assert old is not None
        assert old.rules == RULES
        with pytest.raises(NotADraft):
            await approve(db, 2)

    async def test_of_two_at_once_one_stays_live(self, db: Database) -> None:
        two, three = (await draft(db)).version, (await draft(db)).version

        await asyncio.gather(approve(db, two), approve(db, three))

        states = [one.state for one in await db.read(queries.all_rules) if one.version > 1]
        assert sorted(states) == [State.LIVE, State.RETIRED]

    async def test_the_same_draft_goes_live_once(self, db: Database) -> None:
        version = (await draft(db)).version

        answers = await asyncio.gather(
            approve(db, version), approve(db, version, by="three"), return_exceptions=True
        )

        assert sorted(type(answer).__name__ for answer in answers) == [
            "NotADraft", "RuleSetVersion",
        ]  # fmt: skip
        assert len(await leaves_of(db)) == 1

    async def test_needs_the_scope_and_the_draft(self, sqlite_db: Database) -> None:
        with pytest.raises(NoSuchRules):
            await approve(sqlite_db, 7)
        act = partial(approve_screening_rules, version=2, acting=staff("x", "none"), now=NOON)
        with pytest.raises(MayNot):
            await sqlite_db.act(act)


class TestDraft:
    async def test_two_at_once_do_not_overwrite_each_other(self, db: Database) -> None:
        answers = await asyncio.gather(draft(db), draft(db), return_exceptions=True)

        kept = [one for one in answers if isinstance(one, RuleSetVersion)]
        assert all(isinstance(one, RuleSetVersion | DraftTaken) for one in answers)
        assert len(await db.read(queries.all_rules)) == len(kept) + 1

    async def test_faulty_rules_are_not_kept(self, sqlite_db: Database) -> None:
        with pytest.raises(BadRules):
            await draft(sqlite_db, RuleSet(terms=(a_list("a", reason=""),)))
        act = partial(draft_screening_rules, drafted=RULES, acting=staff("x", "none"), now=NOON)
        with pytest.raises(MayNot):
            await sqlite_db.act(act)

        assert len(await sqlite_db.read(queries.all_rules)) == 1
