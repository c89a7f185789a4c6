"""A removal is public: a tombstone that opens its own leaf, reasons for the author, a way back."""

from datetime import timedelta
from functools import partial

import msgspec
import pytest
import sqlalchemy as sa

from gentie import ledger
from gentie.actions.grievances.file_appeal import file_appeal
from gentie.actions.grievances.file_report import Report, file_report
from gentie.actions.moderation.confirm_decision import confirm_decision
from gentie.actions.moderation.lapse_removal import lapse_removal
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.moderation.reverse_decision import reverse_decision
from gentie.actions.posting.cast_vote import cast_vote
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.cases.model import AlreadyAppealed, NothingToReport
from gentie.comments import queries
from gentie.comments.model import NotPublished, Order, OwnComment, State, Subject, WrongState
from gentie.decisions.model import (
    AlreadyReversed,
    Decider,
    NeedsSecondPerson,
    NoSuchClass,
    NoSuchDecision,
    Source,
)
from gentie.decisions.queries import get, notices_of
from gentie.kernel.actor import ANYONE, SERVICE
from gentie.ledger.tables import leaves
from gentie.storage.db import Database
from tests.newsroom import (
    ANN,
    BEN,
    CLEO,
    DAILY,
    NOON,
    NOTEBOOK,
    a_person,
    a_site,
    post,
    ref_of,
    staff,
)

PRIVACY = Removal(class_id="privacy", facts="A home address", message="Addresses stay private.")
SPAM = Removal(class_id="spam", facts="A shop", message="No advertising.")


@pytest.fixture
async def db(db: Database) -> Database:
    await db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))
    return db


def last_leaf(tx: sa.Connection) -> ledger.Leaf:
    body = tx.scalar(sa.select(leaves.c.body).order_by(leaves.c.id.desc()).limit(1))
    return msgspec.json.decode(body or b"", type=ledger.Leaf)


@pytest.mark.clause("2017-5.5d", "2017-7.1a", "2017-8.c", "2022-7.c")
class TestRemove:
    async def test_leaves_a_tombstone_that_any_reader_can_check(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, _ = staff(tx, ANN, BEN)
            made = post(tx, a_person(tx))
            removed = remove_comment(tx, ref_of(made), SPAM, acting=ann, now=NOON)

            kept = queries.get(tx, ref_of(made))
            assert kept.state is State.REMOVED
            assert kept.tombstone is not None
            subject = Subject(comment=made.id, revision=1)
            opened = ledger.commitment(subject, bytes.fromhex(kept.tombstone.nonce))
            assert opened == last_leaf(tx).subject
            decision = get(tx, removed.decision)
            assert ledger.commitment(decision.decision, decision.salt) == last_leaf(tx).record
            assert decision.decision.target.quote == "A kind word."
            page = queries.list_roots(tx, ref_of(made).thread, Order.NEWEST, after=None, most=20)
            assert [one.plain for one in page.items] == [""]
            assert queries.count_published(tx, ref_of(made).thread) == 0

        await db.act(body)

    async def test_no_class_is_named_where_it_would_expose_somebody(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, _ = staff(tx, ANN, BEN)
            made = post(tx, a_person(tx))
            remove_comment(tx, ref_of(made), PRIVACY, acting=ann, now=NOON)

            stone = queries.get(tx, ref_of(made)).tombstone
            assert stone is not None
            assert stone.class_id == ""
            assert last_leaf(tx).class_id == last_leaf(tx).clause == ""

        await db.act(body)

    async def test_the_leaf_names_nobody(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, _ = staff(tx, ANN, BEN)
            river = a_person(tx)
            made = post(tx, river)
            remove_comment(tx, ref_of(made), SPAM, acting=ann, now=NOON)

            logged = b"".join(tx.scalars(sa.select(leaves.c.body)))
            for name in (river.id, ann.id, made.id, "Ann", "River", "No advertising", "A shop"):
                assert name.encode() not in logged

        await db.act(body)

    async def test_two_records_of_one_decider_cannot_be_linked_but_opened(
        self, db: Database
    ) -> None:
        def body(tx: sa.Connection) -> None:
            ann, _ = staff(tx, ANN, BEN)
            made = [post(tx, a_person(tx, name)) for name in ("River", "Reed")]
            taken = [remove_comment(tx, ref_of(one), SPAM, acting=ann, now=NOON) for one in made]
            kept = [get(tx, one.decision) for one in taken]

            for one in kept:
                record = msgspec.json.encode(one.decision)
                assert ann.id.encode() not in record
                decider = Decider(actor=ann.id)
                assert ledger.commitment(decider, one.decider_key) == one.decision.decider
                assert ledger.commitment(decider, one.salt) != one.decision.decider
            assert kept[0].decision.decider != kept[1].decision.decider

        await db.act(body)

    async def test_needs_a_ground_and_something_public(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, _ = staff(tx, ANN, BEN)
            made = post(tx, a_person(tx))
            other = msgspec.structs.replace(SPAM, class_id="other")
            with pytest.raises(NoSuchClass):
                remove_comment(tx, ref_of(made), other, acting=ann, now=NOON)
            remove_comment(tx, ref_of(made), SPAM, acting=ann, now=NOON)
            with pytest.raises(WrongState):
                remove_comment(tx, ref_of(made), SPAM, acting=ann, now=NOON)

        await db.act(body)


class TestReverse:
    async def test_restores_place_text_and_count_once(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, cleo = staff(tx, ANN, CLEO)
            river = a_person(tx)
            made = post(tx, river)
            decision = remove_comment(tx, ref_of(made), SPAM, acting=ann, now=NOON).decision
            reverse_decision(tx, decision, source=Source.APPEAL, acting=cleo, now=NOON)

            assert queries.get(tx, ref_of(made)).state is State.PUBLISHED
            found = queries.find_shown(tx, ref_of(made))
            assert found is not None
            assert found[0].plain == "A kind word."
            assert queries.count_published(tx, ref_of(made).thread) == 1
            assert last_leaf(tx).reverses == get(tx, decision).record
            assert [n.kind for n in notices_of(tx, river.account)] == ["restore", "remove"]
            with pytest.raises(AlreadyReversed):
                reverse_decision(tx, decision, source=Source.OWN, acting=ann, now=NOON)

        await db.act(body)


class TestLoneModerator:
    async def test_a_removal_ends_by_itself(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            (ann,) = staff(tx, ANN)
            made = post(tx, a_person(tx))
            removed = remove_comment(tx, ref_of(made), SPAM, acting=ann, now=NOON)
            assert removed.confirm_before == NOON + timedelta(days=7)
            early = NOON + timedelta(days=6)
            late = NOON + timedelta(days=7)

            assert lapse_removal(tx, removed.decision, acting=SERVICE, now=early) is None
            assert lapse_removal(tx, removed.decision, acting=SERVICE, now=late) is not None
            assert queries.get(tx, ref_of(made)).state is State.PUBLISHED
            assert lapse_removal(tx, removed.decision, acting=SERVICE, now=late) is None

        await db.act(body)

    async def test_it_stands_once_somebody_else_has_confirmed_it(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            (ann,) = staff(tx, ANN)
            made = post(tx, a_person(tx))
            removed = remove_comment(tx, ref_of(made), SPAM, acting=ann, now=NOON)
            (ben,) = staff(tx, msgspec.structs.replace(BEN, outside=True))
            with pytest.raises(NeedsSecondPerson):
                confirm_decision(tx, removed.decision, acting=ann, now=NOON)
            confirm_decision(tx, removed.decision, acting=ben, now=NOON)
            late = NOON + timedelta(days=7)

            assert lapse_removal(tx, removed.decision, acting=SERVICE, now=late) is None
            assert queries.get(tx, ref_of(made)).state is State.REMOVED

        await db.act(body)


@pytest.mark.clause("2022-4.4a", "2022-13.1a")
class TestGrievances:
    async def test_an_appeal_gets_number_due_date_and_secret_once(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            ann, _ = staff(tx, ANN, BEN)
            river, reed = a_person(tx), a_person(tx, "Reed")
            made = post(tx, river)
            decision = remove_comment(tx, ref_of(made), SPAM, acting=ann, now=NOON).decision

            for acting, receipt in ((reed, ""), (ANYONE, ""), (ANYONE, "wrong")):
                with pytest.raises(NoSuchDecision):
                    file_appeal(
                        tx, decision, statement="?", receipt=receipt, acting=acting, now=NOON
                    )
            filed = file_appeal(
                tx,
                decision,
                statement="It is a library.",
                receipt=made.receipt,
                acting=ANYONE,
                now=NOON,
            )
            assert filed.case.startswith("A-")
            assert filed.due == NOON + timedelta(days=7)
            assert last_leaf(tx).kind == "appeal"
            with pytest.raises(AlreadyAppealed):
                file_appeal(tx, decision, statement="", receipt="", acting=river, now=NOON)

        await db.act(body)

    async def test_anyone_may_report_what_is_public(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            river = a_person(tx)
            made = post(tx, river)
            report = Report(subject=ref_of(made), class_id="abuse", statement="Unkind")
            filed = file_report(tx, report, acting=ANYONE, now=NOON)
            assert filed.case.startswith("R-")
            odd = msgspec.structs.replace(report, class_id="ugly")
            with pytest.raises(NoSuchClass):
                file_report(tx, odd, acting=ANYONE, now=NOON)
            withdraw_comment(tx, ref_of(made), acting=river, now=NOON)
            with pytest.raises(NothingToReport):
                file_report(tx, report, acting=ANYONE, now=NOON)

        await db.act(body)


@pytest.mark.clause("2022f-2", "2017-7.2a")
class TestVote:
    async def test_counts_once_and_can_be_taken_back(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            river, reed = a_person(tx), a_person(tx, "Reed")
            made = post(tx, river)
            for agree, votes in ((True, 1), (True, 1), (False, 0), (False, 0)):
                voted = cast_vote(tx, ref_of(made), agree=agree, acting=reed, now=NOON)
                assert (voted.votes, voted.mine) == (votes, agree)
            with pytest.raises(OwnComment):
                cast_vote(tx, ref_of(made), agree=True, acting=river, now=NOON)

        await db.act(body)

    async def test_one_person_with_two_accounts_has_one_vote(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            a_site(tx)
            made = post(tx, a_person(tx), site=DAILY, key="blog")
            twins = a_person(tx, "Reed"), a_person(tx, "Reed")
            votes = [
                cast_vote(tx, ref_of(made), agree=True, acting=one, now=NOON).votes for one in twins
            ]
            assert votes == [1, 1]

        await db.act(body)

    async def test_only_what_is_public(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            river, reed = a_person(tx), a_person(tx, "Reed")
            made = post(tx, river)
            withdraw_comment(tx, ref_of(made), acting=river, now=NOON)
            with pytest.raises(NotPublished):
                cast_vote(tx, ref_of(made), agree=True, acting=reed, now=NOON)

        await db.act(body)


async def test_who_withdraws_takes_nobody_elses_words_along(db: Database) -> None:
    def body(tx: sa.Connection) -> None:
        river, reed = a_person(tx), a_person(tx, "Reed")
        alone, answered = post(tx, river), post(tx, river)
        post(tx, reed, to=answered)
        for made in (alone, answered):
            withdraw_comment(tx, ref_of(made), acting=river, now=NOON)

        page = queries.list_roots(tx, ref_of(alone).thread, Order.OLDEST, after=None, most=20)
        assert [str(one.id) for one in page.items] == [ref_of(answered).comment]
        assert page.items[0].nodes is None
        assert page.items[0].replies == 1

    await db.act(body)
