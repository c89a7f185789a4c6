"""Measures on accounts: proposed, agreed to, taken, felt at the gates, and taken back."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from gentie import ledger
from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.confirm_measure import confirm_measure
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.moderation.remove_comment import remove_comment
from gentie.actions.moderation.reverse_decision import reverse_decision
from gentie.actions.posting.cast_vote import cast_vote
from gentie.comments import queries as comments
from gentie.comments.model import State
from gentie.decisions.model import (
    AlreadyReversed,
    NeedsReason,
    Source,
)
from gentie.decisions.model import Measure as Decided
from gentie.decisions.queries import get, notices_of
from gentie.kernel.actor import MayNot
from gentie.kernel.ids import CommentRef, DecisionId
from gentie.review.queries import queue
from gentie.screening.model import Outcome
from gentie.standing import queries
from gentie.standing.model import (
    AlreadySanctioned,
    Measure,
    MeasureInForce,
    NoLadder,
    NotUpheld,
    TooSevere,
)
from gentie.storage.db import Database
from tests.actions.moderation.measuring import (
    DAY,
    SPAM,
    a_removal,
    climb,
    illegal_class,
    last_leaf,
    propose,
    staffed,
)
from tests.actions.moderation.measuring import db as db  # noqa: PLC0414 a fixture
from tests.newsroom import (
    ANN,
    BEN,
    DAILY,
    NOON,
    NOTEBOOK,
    a_person,
    a_site,
    found,
    post,
    ref_of,
    staff,
)


@pytest.mark.clause("2017-8.a", "2017-8.c", "2022-7.b", "2022-7.c", "2022f-7")
class TestMild:
    async def test_is_taken_at_once_with_record_leaf_and_notice(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, _ = staff(tx, ANN, BEN)
            river = a_person(tx)
            on = a_removal(tx, river, ann)
            proposed = propose(tx, on, Measure.WARN, acting=ann)

            kept = get(tx, proposed.decision or DecisionId(""))
            decision, leaf = kept.decision, last_leaf(tx)
            assert decision.measure is Decided.WARN
            assert decision.rests_on == on
            assert decision.target.author == river.account
            assert decision.ground
            assert decision.ground.message == "Please read the rules."
            assert decision.appeal_before == NOON + timedelta(days=184)
            assert (leaf.kind, leaf.measure, leaf.class_id) == ("sanction", "warn", "spam")
            assert ledger.commitment(decision, kept.salt) == leaf.record == kept.record
            assert next(one.kind for one in notices_of(tx, river.account)) == "warn"
            assert queries.sanctions_of(tx, river.account)[0].measure is Measure.WARN

        await db.act(body)

    async def test_harsher_than_the_step_is_refused(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, _ = staff(tx, ANN, BEN)
            on = a_removal(tx, a_person(tx), ann)
            with pytest.raises(TooSevere):
                propose(tx, on, Measure.RESTRICT, acting=ann)

        await db.act(body)

    async def test_follows_once(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, _ = staff(tx, ANN, BEN)
            on = a_removal(tx, a_person(tx), ann)
            propose(tx, on, Measure.WARN, acting=ann)
            with pytest.raises(AlreadySanctioned):
                propose(tx, on, Measure.WARN, acting=ann)

        await db.act(body)

    async def test_two_at_once_are_one(self, db: Database) -> None:
        ann = (await db.act(partial(staffed)))[0]
        on = await db.act(lambda tx: a_removal(tx, a_person(tx), ann))

        tries = (db.act(lambda tx: propose(tx, on, Measure.WARN, acting=ann)) for _ in range(2))
        outcomes = await asyncio.gather(*tries, return_exceptions=True)

        assert sorted(type(one).__name__ for one in outcomes) == ["AlreadySanctioned", "Proposed"]

    async def test_needs_a_decision_of_a_person_that_stands(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, _ = staff(tx, ANN, BEN)
            river = a_person(tx)
            refused = post(tx, river, site=DAILY, verdict=found(Outcome.REFUSE))
            with pytest.raises(NotUpheld):
                propose(tx, refused.decision or DecisionId(""), Measure.WARN, acting=ann)
            on = a_removal(tx, river, ann)
            reverse_decision(tx, on, source=Source.OWN, acting=ann, now=NOON)
            with pytest.raises(NotUpheld):
                propose(tx, on, Measure.WARN, acting=ann)

        await db.act(body)

    async def test_needs_a_message_and_the_scope(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, _ = staff(tx, ANN, BEN)
            river = a_person(tx)
            on = a_removal(tx, river, ann)
            with pytest.raises(NeedsReason):
                propose(tx, on, Measure.WARN, acting=ann, message=" ")
            with pytest.raises(MayNot):
                propose(tx, on, Measure.WARN, acting=river)

        await db.act(body)

    async def test_is_unknown_under_neutral(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            a_site(tx, NOTEBOOK, regime="neutral")
            ann, _ = staff(tx, ANN, BEN)
            made = post(tx, a_person(tx), site=NOTEBOOK)
            removed = remove_comment(tx, ref_of(made), SPAM, acting=ann, now=NOON)
            with pytest.raises(NoLadder):
                propose(tx, removed.decision, Measure.WARN, acting=ann)

        await db.act(body)


@pytest.mark.clause("2017-8.a", "2022-7.b")
class TestGates:
    async def test_restricting_takes_votes_links_and_the_fast_lane(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, ben = staff(tx, ANN, BEN)
            river, reed = a_person(tx), a_person(tx, "Reed")
            other = post(tx, reed, site=DAILY)
            assert post(tx, river, site=DAILY).state is State.PUBLISHED
            climb(tx, river, ann, ben, 1)

            assert post(tx, river, site=DAILY).state is State.HELD
            with pytest.raises(MeasureInForce):
                post(tx, river, site=DAILY, text="See https://example.org/x")
            with pytest.raises(MeasureInForce):
                cast_vote(tx, ref_of(other), agree=True, acting=river, now=NOON)
            over = NOON + 7 * DAY
            assert cast_vote(tx, ref_of(other), agree=True, acting=river, now=over).mine
            assert post(tx, river, site=DAILY, now=over).state is State.HELD  # credit takes longer
            recovered = NOON + 90 * DAY
            assert post(tx, river, site=DAILY, now=recovered).state is State.PUBLISHED

        await db.act(body)

    async def test_what_waited_is_not_published_for_who_is_suspended(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, ben = staff(tx, ANN, BEN)
            river = a_person(tx)
            now = climb(tx, river, ann, ben, 1)
            post(tx, river, site=DAILY, key="article", now=now)
            on = a_removal(tx, river, ann, class_id=illegal_class(), now=now)
            proposed = propose(tx, on, Measure.SUSPEND, acting=ann, now=now)
            confirm_measure(tx, proposed.proposal, acting=ben, now=now)
            item = queue(tx, DAILY)[-1].id
            version = claim_item(tx, item, acting=ann, now=now).version
            publish = Opinion(measure=Decided.PUBLISH, version=version)

            decided = decide_item(tx, item, publish, acting=ann, now=now)

            assert (decided.outcome, decided.code) == ("blocked", "measure-in-force")

        await db.act(body)


@pytest.mark.clause("2017-8.a", "2022-7.b")
class TestTakenBack:
    async def test_restores_at_once_and_no_longer_counts(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, ben = staff(tx, ANN, BEN)
            river, reed = a_person(tx), a_person(tx, "Reed")
            other = post(tx, reed, site=DAILY)
            climb(tx, river, ann, ben, 1)
            measure = queries.sanctions_of(tx, river.account)[0]
            with pytest.raises(MeasureInForce):
                cast_vote(tx, ref_of(other), agree=True, acting=river, now=NOON)
            reverse_decision(tx, measure.decision, source=Source.OWN, acting=ann, now=NOON)

            leaf = last_leaf(tx)
            assert (leaf.kind, leaf.measure) == ("reversal", "lift")
            assert leaf.reverses == get(tx, measure.decision).record
            assert next(one.kind for one in notices_of(tx, river.account)) == "lift"
            assert cast_vote(tx, ref_of(other), agree=True, acting=river, now=NOON).mine
            later = NOON + DAY
            on = a_removal(tx, river, ann, class_id=illegal_class(), now=later)
            with pytest.raises(TooSevere):
                propose(tx, on, Measure.SUSPEND, acting=ann, now=later)
            with pytest.raises(AlreadyReversed):
                reverse_decision(tx, measure.decision, source=Source.OWN, acting=ann, now=NOON)

        await db.act(body)

    async def test_falls_with_the_removal_it_rests_on(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, ben = staff(tx, ANN, BEN)
            river = a_person(tx)
            climb(tx, river, ann, ben, 1)
            measure = queries.sanctions_of(tx, river.account)[0]
            reverse_decision(tx, measure.rests_on, source=Source.OWN, acting=ann, now=NOON)

            assert queries.sanctions_of(tx, river.account)[0].lifted_at == NOON
            assert get(tx, measure.decision).reversed_by is not None
            ref = get(tx, measure.rests_on).decision.target.ref
            assert comments.get(tx, CommentRef.parse(ref)).state is State.PUBLISHED

        await db.act(body)
