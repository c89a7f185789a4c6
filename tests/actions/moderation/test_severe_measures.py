"""Measures that need a second person: proposed, agreed to, ended by themselves; and the bar."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from gentie import ledger
from gentie.accounts import store as accounts
from gentie.accounts.model import NewSession, Purpose, SessionKind
from gentie.actions.grievances.file_appeal import file_appeal
from gentie.actions.identity.affirm_undertaking import affirm_undertaking
from gentie.actions.identity.complete_verification import complete_verification
from gentie.actions.identity.give_consent import give_consent
from gentie.actions.moderation.confirm_decision import confirm_decision
from gentie.actions.moderation.confirm_measure import confirm_measure
from gentie.actions.moderation.decline_measure import decline_measure
from gentie.actions.moderation.renew_bar import renew_bar
from gentie.actions.moderation.reverse_decision import reverse_decision
from gentie.decisions.model import (
    Decider,
    NeedsSecondPerson,
    NothingToConfirm,
    Source,
)
from gentie.decisions.queries import get
from gentie.kernel.actor import Actor, MayNot
from gentie.kernel.ids import ActorId, DecisionId
from gentie.pages.measures import load_measures
from gentie.standing import queries
from gentie.standing.model import (
    AlreadySanctioned,
    Barred,
    Measure,
    MeasureInForce,
    NoSuchBar,
    NoSuchProposal,
    NotUpheld,
    UndertakingDue,
)
from gentie.standing.tables import bars
from gentie.storage.db import Database
from tests.actions.moderation.measuring import BOUND, DAY, a_removal, climb, illegal_class, propose
from tests.actions.moderation.measuring import db as db  # noqa: PLC0414 a fixture
from tests.newsroom import (
    ANN,
    ATTESTED,
    BEN,
    CLEO,
    DAILY,
    NOON,
    a_person,
    post,
    staff,
)


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
            with pytest.raises(UndertakingDue):
                post(tx, river, site=DAILY, now=now + 30 * DAY)
            affirm_undertaking(tx, acting=river, now=now + 30 * DAY)
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
