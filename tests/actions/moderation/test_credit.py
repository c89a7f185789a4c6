"""What decisions do to credit, what credit changes, and what never depends on it."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

import pytest
import sqlalchemy as sa

from gentie.accounts.lessons import all_lessons, get_lesson
from gentie.accounts.minors import store as minors
from gentie.accounts.minors.model import AgeBand
from gentie.accounts.queries import get_poster, lessons_of
from gentie.actions.grievances.file_appeal import file_appeal
from gentie.actions.grievances.file_report import Report, file_report
from gentie.actions.identity.finish_lesson import finish_lesson
from gentie.actions.moderation.propose_measure import Wanted, propose_measure
from gentie.actions.moderation.remove_comment import Removal, Removed, remove_comment
from gentie.actions.moderation.reverse_decision import reverse_decision
from gentie.actions.posting.cast_vote import cast_vote
from gentie.actions.standing import pass_standing_on
from gentie.catalogue.regimes import get_regime
from gentie.comments.model import State
from gentie.danmaku.model import Mode
from gentie.danmaku.rules import PALETTE
from gentie.decisions.model import Source
from gentie.kernel.actor import Actor, MayNot
from gentie.kernel.refusal import Refusal
from gentie.moving.person import load_person
from gentie.pages.credit import CreditView, load_credit, load_lessons
from gentie.screening.model import Outcome, TooMany
from gentie.standing.model import Capability, CreditKind, CreditTooLow, Measure
from gentie.standing.queries import credit_events_of
from gentie.storage.db import Database
from tests.danmaku.build import a_film, a_line
from tests.newsroom import (
    ANN,
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

DAY = timedelta(days=1)
CREDIT = get_regime("cn-2022-final").credit
FUNCTIONS: dict[str, Callable[[sa.Connection, Actor], object]] = {
    "links": lambda tx, by: post(tx, by, site=DAILY, text="See https://shop.example"),
    "positions": lambda tx, by: a_line(tx, by, site=DAILY, mode=Mode.TOP),
    "colours": lambda tx, by: a_line(tx, by, site=DAILY, colour=PALETTE["red"]),
}
"""What a tier may take, and somebody who tries it."""
SPAM = Removal(class_id="spam", facts="A shop", message="No advertising.")
RIGHT = tuple(one.right for one in get_lesson("after-measure").questions)


@pytest.fixture
async def db(db: Database) -> Database:
    await db.act(a_site)
    return db


def lose(tx: sa.Connection, river: Actor, ann: Actor, times: int = 1) -> list[Removed]:
    """So many comments of one evening are removed on the next day."""
    made = [post(tx, river, site=DAILY) for _ in range(times)]
    return [remove_comment(tx, ref_of(one), SPAM, acting=ann, now=NOON) for one in made]


def seen(tx: sa.Connection, river: Actor) -> CreditView:
    (view,) = load_credit(tx, acting=river, now=NOON)
    return view


@pytest.mark.clause("2017-9.1a", "2022-8.a")
class TestCredit:
    async def test_is_full_until_somebody_decides_and_whole_again_when_it_falls(
        self, db: Database
    ) -> None:
        def body(tx: sa.Connection) -> None:
            ann, cleo = staff(tx, ANN, CLEO)
            river = a_person(tx)
            assert load_credit(tx, acting=river, now=NOON) == ()
            removed = lose(tx, river, ann, 2)
            view = seen(tx, river)
            assert (view.score, view.tier, view.lesson_due) == (80, "full", True)
            assert [one.decision for one in view.events] == [
                one.decision for one in reversed(removed)
            ]
            reverse_decision(tx, removed[0].decision, source=Source.APPEAL, acting=cleo, now=NOON)
            view = seen(tx, river)
            assert view.score == 90
            assert [(one.kind, one.now) for one in view.events] == [
                (CreditKind.REPAIRED, 0.0),
                (CreditKind.REMOVED, -10.0),
                (CreditKind.REMOVED, 0.0),
            ]

        await db.act(body)

    async def test_a_machines_finding_costs_nothing(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            river = a_person(tx)
            made = post(tx, river, site=DAILY, verdict=found(Outcome.REFUSE))
            assert made.state is State.REFUSED
            assert load_credit(tx, acting=river, now=NOON) == ()
            (offered, first) = lessons_of(tx, river.account)
            assert {offered.lesson, first.lesson} == {"risky-draft", "first-comment"}

        await db.act(body)

    async def test_is_not_kept_under_neutral_unless_the_site_says_so(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            (ann,) = staff(tx, ANN)
            river = a_person(tx)
            a_site(tx, NOTEBOOK, regime="neutral")
            gone = post(tx, river, site=NOTEBOOK)
            remove_comment(tx, ref_of(gone), SPAM, acting=ann, now=NOON)
            assert load_credit(tx, acting=river, now=NOON) == ()

        await db.act(body)

    async def test_nobody_sees_it_of_others(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, cleo = staff(tx, ANN, CLEO)
            for one in (ann, cleo):
                with pytest.raises(MayNot):
                    load_credit(tx, acting=one, now=NOON)

        await db.act(body)

    async def test_every_event_can_be_contested_and_is_in_ones_copy(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            (ann,) = staff(tx, ANN)
            river = a_person(tx)
            lose(tx, river, ann)
            (event,) = seen(tx, river).events
            assert event.decision
            filed = file_appeal(
                tx, event.decision, statement="", receipt="", acting=river, now=NOON
            )
            assert filed.due > NOON
            copy = load_person(tx, acting=river, now=NOON)
            assert [one.points for one in copy.credit] == [-10]
            assert [one.lesson for one in copy.lessons] == ["first-comment"]

        await db.act(body)


def left_to(tx: sa.Connection, person: Actor) -> frozenset[Capability]:
    poster, regime = get_poster(tx, person.account), get_regime("cn-2022-final")
    return pass_standing_on(tx, DAILY, regime, poster, needs=(), now=NOON).capabilities


@pytest.mark.clause("2017-9.1b", "2022-8.b")
class TestTiers:
    async def test_watched_waits_for_a_person_and_low_may_post_no_links(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            (ann,) = staff(tx, ANN)
            river, reed = a_person(tx), a_person(tx, "Reed")
            lose(tx, river, ann, 3)
            assert seen(tx, river).tier == "watched"
            assert post(tx, river, site=DAILY).state is State.HELD
            lose(tx, reed, ann, 6)
            assert seen(tx, reed).tier == "low"
            with pytest.raises(CreditTooLow) as no:
                post(tx, reed, site=DAILY, text="See https://shop.example")
            assert no.value.facts["path"] == f"/account/credit#{DAILY}"

        await db.act(body)

    @pytest.mark.parametrize(("losses", "tier"), [(0, "full"), (3, "watched"), (6, "low")])
    async def test_allows_each_function_as_the_table_says(
        self, sqlite_db: Database, losses: int, tier: str
    ) -> None:
        def body(tx: sa.Connection) -> None:
            a_site(tx)
            a_film(tx, DAILY)
            (ann,), river = staff(tx, ANN), a_person(tx)
            lose(tx, river, ann, losses)
            assert CREDIT
            takes = next(one.takes for one in CREDIT.tiers if one.id == tier)
            for needs, use in FUNCTIONS.items():
                with pytest.raises(Refusal) if needs in takes else nullcontext():
                    use(tx, river)
            waits = State.HELD if "unreviewed" in takes else State.PUBLISHED
            assert a_line(tx, river, site=DAILY).state is waits

        await sqlite_db.act(body)

    async def test_media_wait_for_their_capability_like_the_rest(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            (ann,), river = staff(tx, ANN), a_person(tx)
            assert Capability.MEDIA in left_to(tx, river)
            lose(tx, river, ann, 6)
            assert Capability.MEDIA not in left_to(tx, river)

        await db.act(body)

    async def test_a_minor_pays_with_the_comment_alone(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            (ann,), river, reed = staff(tx, ANN), a_person(tx), a_person(tx, "Reed")
            lose(tx, river, ann, 3)
            for one in (river, reed):
                minors.set_age(tx, one.account, AgeBand.YOUTH, now=NOON)
            lose(tx, reed, ann, 3)
            assert credit_events_of(tx, reed.account) == []
            for one in (river, reed):
                assert load_credit(tx, acting=one, now=NOON) == ()
                assert post(tx, one, site=DAILY).state is State.PUBLISHED

        await db.act(body)

    async def test_low_slows_down_and_never_stops(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            (ann,) = staff(tx, ANN)
            river = a_person(tx)
            lose(tx, river, ann, 6)
            for _ in range(5):
                post(tx, river, site=DAILY)
            with pytest.raises(TooMany):
                post(tx, river, site=DAILY)
            post(tx, river, site=DAILY, now=NOON + timedelta(hours=1))

        await db.act(body)

    async def test_reading_own_data_reports_and_appeals_never_depend_on_it(
        self, db: Database
    ) -> None:
        def body(tx: sa.Connection) -> None:
            (ann,) = staff(tx, ANN)
            river, reed = a_person(tx), a_person(tx, "Reed")
            other = post(tx, reed, site=DAILY)
            removed = lose(tx, river, ann, 9)
            assert seen(tx, river).score == 20
            report = Report(subject=ref_of(other), class_id="abuse", statement="")
            assert file_report(tx, report, acting=river, now=NOON).due > NOON
            on = removed[-1].decision
            assert file_appeal(tx, on, statement="", receipt="", acting=river, now=NOON).due > NOON
            assert load_person(tx, acting=river, now=NOON).credit
            assert cast_vote(tx, ref_of(other), agree=True, acting=river, now=NOON).votes == 1

        await db.act(body)


@pytest.mark.clause("2017-6.1c", "2022-6.c")
class TestLessons:
    async def test_a_lesson_gives_back_once_and_wrong_answers_cost_nothing(
        self, db: Database
    ) -> None:
        def body(tx: sa.Connection) -> None:
            (ann,) = staff(tx, ANN)
            river = a_person(tx)
            lose(tx, river, ann, 2)
            wrong = finish_lesson(tx, "after-measure", (2,), site=DAILY, acting=river, now=NOON)
            assert (wrong.wrong, wrong.restored, seen(tx, river).score) == ((0, 1), 0, 80)
            for given, score in ((10, 90), (0, 90)):
                done = finish_lesson(tx, "after-measure", RIGHT, site=DAILY, acting=river, now=NOON)
                assert (done.wrong, done.restored) == ((), given)
                assert seen(tx, river).score == score

        await db.act(body)

    async def test_is_offered_with_the_first_agreement_and_with_each_measure(
        self, db: Database
    ) -> None:
        def body(tx: sa.Connection) -> None:
            (ann,) = staff(tx, ANN)
            river = a_person(tx)
            assert [one.lesson for one in lessons_of(tx, river.account)] == ["first-comment"]
            (removed,) = lose(tx, river, ann)
            wanted = Wanted(rests_on=removed.decision, measure=Measure.WARN, message="Please.")
            warned = propose_measure(tx, wanted, acting=ann, now=NOON + DAY)
            latest = lessons_of(tx, river.account)[0]
            assert (latest.lesson, latest.about) == ("after-measure", warned.decision)
            finish_lesson(tx, "after-measure", RIGHT, acting=river, now=NOON + DAY)
            assert all(
                one.done_at
                for one in lessons_of(tx, river.account)
                if one.lesson == "after-measure"
            )
            assert len(load_lessons(tx, acting=river)) == len(all_lessons())

        await db.act(body)

    async def test_an_unknown_one_is_refused(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            with pytest.raises(Refusal) as no:
                finish_lesson(tx, "obedience", (), acting=a_person(tx), now=NOON)
            assert no.value.code == "no-such-lesson"

        await db.act(body)
