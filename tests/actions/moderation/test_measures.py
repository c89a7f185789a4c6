"""Measures on accounts: proposed, agreed to, taken, felt at the gates, and taken back."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import msgspec
import pytest
import sqlalchemy as sa

from gentie import ledger
from gentie.accounts import store as accounts
from gentie.accounts.model import NewSession, Purpose, SessionKind
from gentie.actions.grievances.file_appeal import file_appeal
from gentie.actions.identity.complete_verification import complete_verification
from gentie.actions.identity.give_consent import give_consent
from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.confirm_decision import confirm_decision
from gentie.actions.moderation.confirm_measure import confirm_measure
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.moderation.decline_measure import decline_measure
from gentie.actions.moderation.propose_measure import Proposed, Wanted, propose_measure
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.moderation.renew_bar import renew_bar
from gentie.actions.moderation.reverse_decision import reverse_decision
from gentie.actions.posting.cast_vote import cast_vote
from gentie.actions.posting.routing import Submitted
from gentie.catalogue.regimes import Tier, get_regime
from gentie.comments import queries as comments
from gentie.comments.model import State
from gentie.decisions.model import (
    AlreadyReversed,
    Decider,
    NeedsReason,
    NeedsSecondPerson,
    NothingToConfirm,
    Source,
)
from gentie.decisions.model import Measure as Decided
from gentie.decisions.queries import get, notices_of
from gentie.kernel.actor import Actor, MayNot
from gentie.kernel.ids import ActorId, CommentRef, DecisionId
from gentie.ledger.tables import leaves
from gentie.pages.measures import load_measures
from gentie.review.queries import queue
from gentie.screening.model import Outcome
from gentie.standing import queries
from gentie.standing.model import (
    AlreadySanctioned,
    Barred,
    Measure,
    MeasureInForce,
    NoLadder,
    NoSuchBar,
    NoSuchProposal,
    NotUpheld,
    TooSevere,
)
from gentie.standing.tables import bars
from gentie.storage.db import Database
from tests.newsroom import (
    ANN,
    ATTESTED,
    BEN,
    CLEO,
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

SPAM = Removal(class_id="spam", facts="A shop", message="No advertising.")
DAY = timedelta(days=1)
BOUND = msgspec.structs.replace(BEN, site=DAILY)


@pytest.fixture
async def db(db: Database) -> Database:
    await db.act(a_site)
    return db


def a_removal(
    tx: sa.Connection, by: Actor, ann: Actor, *, class_id: str = "spam", now: datetime = NOON
) -> DecisionId:
    """Somebody wrote something, and Ann removed it."""
    removal = msgspec.structs.replace(SPAM, class_id=class_id)
    made = post(tx, by, site=DAILY, now=now)
    if made.state is State.HELD:  # whose credit is low is looked at first
        publish(tx, made, ann, now=now)
    return remove_comment(tx, ref_of(made), removal, acting=ann, now=now).decision


def publish(tx: sa.Connection, made: Submitted, ann: Actor, *, now: datetime) -> None:
    item = next(one.id for one in queue(tx, DAILY) if one.ref == ref_of(made))
    version = claim_item(tx, item, acting=ann, now=now).version
    opinion = Opinion(measure=Decided.PUBLISH, version=version)
    decide_item(tx, item, opinion, acting=ann, now=now)


def propose(
    tx: sa.Connection,
    on: DecisionId,
    measure: Measure,
    *,
    acting: Actor,
    now: datetime = NOON,
    message: str = "Please read the rules.",
) -> Proposed:
    wanted = Wanted(rests_on=on, measure=measure, message=message)
    return propose_measure(tx, wanted, acting=acting, now=now)


def illegal_class() -> str:
    return next(one.id for one in get_regime("cn-2022-final").classes if one.tier is Tier.ILLEGAL)


def climb(tx: sa.Connection, river: Actor, ann: Actor, ben: Actor, steps: int) -> datetime:
    """Let River break the law so often that `steps` measures stand. Returns when that was."""
    now = NOON
    ladder = (Measure.RESTRICT, Measure.SUSPEND, Measure.CLOSE)
    for measure in ladder[:steps]:
        on = a_removal(tx, river, ann, class_id=illegal_class(), now=now)
        proposed = propose(tx, on, measure, acting=ann, now=now)
        if proposed.proposal:
            confirm_measure(tx, proposed.proposal, acting=ben, now=now)
        now += 40 * DAY
    return now


def last_leaf(tx: sa.Connection) -> ledger.Leaf:
    body = tx.scalar(sa.select(leaves.c.body).order_by(leaves.c.id.desc()).limit(1))
    return msgspec.json.decode(body or b"", type=ledger.Leaf)


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
        ann = (await db.act(partial(_staffed)))[0]
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


def _staffed(tx: sa.Connection) -> list[Actor]:
    return staff(tx, ANN, BEN, CLEO)


@pytest.mark.clause("2017-8.a", "2017-9.1c", "2022-7.b", "2022-8.c")
class TestSevere:
    async def test_waits_for_somebody_else(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, ben = staff(tx, ANN, BEN)
            river = a_person(tx)
            now = climb(tx, river, ann, ben, 1)
            on = a_removal(tx, river, ann, class_id=illegal_class(), now=now)
            proposed = propose(tx, on, Measure.SUSPEND, acting=ann, now=now)

            assert proposed.decision is None
            post(tx, river, site=DAILY, now=now)
            with pytest.raises(NeedsSecondPerson):
                confirm_measure(tx, proposed.proposal, acting=ann, now=now)
            taken = confirm_measure(tx, proposed.proposal, acting=ben, now=now)

            kept = get(tx, taken.decision or DecisionId(""))
            decision = kept.decision
            assert (kept.decided_by, kept.seconded_by) == (ann.id, ben.id)
            assert decision.second == ledger.commitment(Decider(actor=ben.id), kept.decider_key)
            assert decision.until == now + 30 * DAY
            assert len(decision.counted) == 1
            with pytest.raises(MeasureInForce):
                post(tx, river, site=DAILY, now=now)
            with pytest.raises(NoSuchProposal):
                confirm_measure(tx, proposed.proposal, acting=ben, now=now)
            post(tx, river, site=DAILY, now=now + 30 * DAY)

        await db.act(body)

    async def test_a_declined_or_expired_proposal_is_over(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, ben = staff(tx, ANN, BEN)
            river = a_person(tx)
            now = climb(tx, river, ann, ben, 1)
            on = a_removal(tx, river, ann, class_id=illegal_class(), now=now)
            first = propose(tx, on, Measure.SUSPEND, acting=ann, now=now)
            with pytest.raises(AlreadySanctioned):
                propose(tx, on, Measure.SUSPEND, acting=ben, now=now)
            decline_measure(tx, first.proposal, acting=ben, now=now)
            with pytest.raises(NoSuchProposal):
                confirm_measure(tx, first.proposal, acting=ben, now=now)
            second = propose(tx, on, Measure.SUSPEND, acting=ann, now=now)
            with pytest.raises(NoSuchProposal):
                confirm_measure(tx, second.proposal, acting=ben, now=now + 15 * DAY)

        await db.act(body)

    async def test_what_it_rests_on_is_looked_at_again(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, ben = staff(tx, ANN, BEN)
            river = a_person(tx)
            now = climb(tx, river, ann, ben, 1)
            on = a_removal(tx, river, ann, class_id=illegal_class(), now=now)
            proposed = propose(tx, on, Measure.SUSPEND, acting=ann, now=now)
            reverse_decision(tx, on, source=Source.OWN, acting=ann, now=now)
            with pytest.raises(NotUpheld):
                confirm_measure(tx, proposed.proposal, acting=ben, now=now)

        await db.act(body)

    async def test_closing_cuts_sessions_and_is_not_for_who_works_on_one_site(
        self, db: Database
    ) -> None:
        def body(tx: sa.Connection) -> None:
            ann, ben, cleo = staff(tx, ANN, BOUND, CLEO)
            river = a_person(tx)
            now = climb(tx, river, ann, cleo, 2)
            session = NewSession(
                token="t" * 22,
                holder=ActorId(river.account),
                kind=SessionKind.BEARER,
                expires_at=now + 90 * DAY,
            )
            accounts.add_session(tx, session, now=now)
            on = a_removal(tx, river, ann, class_id=illegal_class(), now=now)
            with pytest.raises(MayNot):
                propose(tx, on, Measure.CLOSE, acting=ben, now=now)
            proposed = propose(tx, on, Measure.CLOSE, acting=ann, now=now)
            with pytest.raises(MayNot):
                confirm_measure(tx, proposed.proposal, acting=ben, now=now)
            confirm_measure(tx, proposed.proposal, acting=cleo, now=now)

            ended = accounts.find_session(tx, session.token)
            assert ended
            assert ended.revoked_at == now
            with pytest.raises(MeasureInForce):
                post(tx, river, site=DAILY, now=now + 300 * DAY)

        await db.act(body)

    async def test_a_bar_needs_a_senior_and_closes_as_well(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, ben, cleo = staff(tx, ANN, BEN, CLEO)
            river = a_person(tx)
            now = climb(tx, river, ann, ben, 2)
            on = a_removal(tx, river, ann, class_id=illegal_class(), now=now)
            bar = propose(tx, on, Measure.BAR, acting=ann, now=now)
            with pytest.raises(MayNot):
                confirm_measure(tx, bar.proposal, acting=ben, now=now)
            confirm_measure(tx, bar.proposal, acting=cleo, now=now)

            taken = queries.sanctions_of(tx, river.account)
            assert [one.measure for one in taken[-2:]] == [Measure.CLOSE, Measure.BAR]
            assert [one.ends_at for one in taken[-2:]] == [None, now + 365 * DAY]

        await db.act(body)

    async def test_appeal_is_open_to_who_was_closed_out(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, ben = staff(tx, ANN, BEN)
            river = a_person(tx)
            climb(tx, river, ann, ben, 3)
            decision = queries.sanctions_of(tx, river.account)[-1].decision
            filed = file_appeal(
                tx, decision, statement="It was a quote.", receipt="", acting=river, now=NOON
            )
            assert filed.case.startswith("A-")

        await db.act(body)


def barred(tx: sa.Connection, river: Actor, *team: Actor) -> tuple[DecisionId, datetime]:
    """River has gone up the whole ladder. Returns the last measure and when it was taken."""
    ann, second = team[0], team[-1]
    now = climb(tx, river, ann, second, 2)
    on = a_removal(tx, river, ann, class_id=illegal_class(), now=now)
    bar = propose(tx, on, Measure.BAR, acting=ann, now=now)
    if bar.proposal:
        bar = confirm_measure(tx, bar.proposal, acting=second, now=now)
    assert bar.decision
    return bar.decision, now


def verify(tx: sa.Connection, acting: Actor, *, person: str, now: datetime) -> None:
    complete_verification(tx, ATTESTED, provider="sandbox", person=person, acting=acting, now=now)


@pytest.mark.clause("2017-9.1c", "2017-9.1d", "2022-7.b", "2022-8.c", "2022-8.d")
class TestBarred:
    async def test_the_person_does_not_come_back_before_the_end(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, cleo = staff(tx, ANN, CLEO)
            river = a_person(tx)
            decision, now = barred(tx, river, ann, cleo)
            again = a_person(tx, "Creek", verified=False)
            give_consent(tx, Purpose.IDENTITY_CHECK, acting=again, now=now)

            with pytest.raises(Barred) as refused:
                verify(tx, again, person="person of River", now=now + 182 * DAY)
            assert refused.value.facts["path"] == f"/d/{decision}"
            renewed = renew_bar(tx, decision, acting=cleo, now=now + 182 * DAY)
            assert renewed.until == now + 365 * DAY
            assert renewed.review_at == now + (182 + 91.5) * DAY
            for late in (273 * DAY, 318 * DAY):
                renew_bar(tx, decision, acting=cleo, now=now + late)
            with pytest.raises(Barred):
                verify(tx, again, person="person of River", now=now + 364 * DAY)
            verify(tx, again, person="person of River", now=now + 365 * DAY)

        await db.act(body)

    async def test_ends_at_its_review_when_nobody_renews_it(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, cleo = staff(tx, ANN, CLEO)
            river = a_person(tx)
            decision, now = barred(tx, river, ann, cleo)
            due = now + 182.5 * DAY
            listed = load_measures(tx, None, acting=cleo, now=now + 150 * DAY).bars
            assert [(one.due, one.review_at) for one in listed] == [(False, due)]
            listed = load_measures(tx, None, acting=cleo, now=now + 160 * DAY).bars
            assert [one.due for one in listed] == [True]
            with pytest.raises(MayNot):
                renew_bar(tx, decision, acting=ann, now=now + 160 * DAY)
            with pytest.raises(NoSuchBar):
                renew_bar(tx, decision, acting=cleo, now=due)
            assert load_measures(tx, None, acting=cleo, now=due).bars == ()

            again = a_person(tx, "Creek", verified=False)
            give_consent(tx, Purpose.IDENTITY_CHECK, acting=again, now=due)
            verify(tx, again, person="person of River", now=due)

        await db.act(body)

    async def test_another_account_of_the_person_is_cut_off_at_once(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, cleo = staff(tx, ANN, CLEO)
            river, other = a_person(tx), a_person(tx, "Brook", verified=False)
            accounts.add_verification(
                tx, other.account, ATTESTED, provider="sandbox", person="person of River", now=NOON
            )
            session = NewSession(
                token="t" * 22,
                holder=ActorId(other.account),
                kind=SessionKind.BEARER,
                expires_at=NOON + 900 * DAY,
            )
            accounts.add_session(tx, session, now=NOON)
            decision, now = barred(tx, river, ann, cleo)

            ended = accounts.find_session(tx, session.token)
            assert ended
            assert ended.revoked_at == now
            with pytest.raises(Barred):
                post(tx, other, site=DAILY, now=now)
            reverse_decision(tx, decision, source=Source.OWN, acting=cleo, now=now)
            post(tx, other, site=DAILY, now=now)

        await db.act(body)

    async def test_a_lone_bar_ends_by_itself_unless_confirmed(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            (cleo,) = staff(tx, CLEO)
            river = a_person(tx)
            decision, now = barred(tx, river, cleo)
            entry = queries.bars_of(tx, "person of River")[0]
            assert (entry.until, entry.review_at) == (now + 7 * DAY, now + 7 * DAY)
            (ben,) = staff(tx, BEN)
            confirm_decision(tx, decision, acting=ben, now=now)
            assert queries.bars_of(tx, "person of River")[0].until == now + 365 * DAY

        await db.act(body)

    async def test_keeps_a_key_and_dates_and_nothing_else(self) -> None:
        assert set(bars.columns.keys()) == {
            "person",
            "decision",
            "since",
            "until",
            "review_at",
            "renewed_by",
            "lifted_at",
        }


@pytest.mark.clause("2017-9.1c", "2022-8.c")
class TestAlone:
    async def test_ends_by_itself_unless_somebody_confirms(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            (ann,) = staff(tx, ANN)
            river = a_person(tx)
            now = climb(tx, river, ann, ann, 1)
            on = a_removal(tx, river, ann, class_id=illegal_class(), now=now)
            proposed = propose(tx, on, Measure.SUSPEND, acting=ann, now=now)

            assert proposed.decision is not None
            assert proposed.confirm_before == now + 7 * DAY
            with pytest.raises(MeasureInForce):
                post(tx, river, site=DAILY, now=now + 6 * DAY)
            post(tx, river, site=DAILY, now=now + 7 * DAY)
            with pytest.raises(NeedsSecondPerson):
                confirm_decision(tx, proposed.decision, acting=ann, now=now)
            (ben,) = staff(tx, BEN)
            with pytest.raises(NothingToConfirm):
                confirm_decision(tx, proposed.decision, acting=ben, now=now + 7 * DAY)
            confirm_decision(tx, proposed.decision, acting=ben, now=now + DAY)
            with pytest.raises(MeasureInForce):
                post(tx, river, site=DAILY, now=now + 8 * DAY)
            with pytest.raises(NothingToConfirm):
                confirm_decision(tx, proposed.decision, acting=ben, now=now + DAY)

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
