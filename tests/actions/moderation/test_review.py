"""The desk: one moderator at a time, refusals that can be undone, reversals that are logged."""

import asyncio
from datetime import timedelta
from functools import partial

import msgspec
import pytest
import sqlalchemy as sa

from gentie.accounts.model import AccountState
from gentie.accounts.store import revoke_verifications, set_state
from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.decide_item import Decided, Opinion, Outcome, decide_item
from gentie.actions.moderation.release_item import release_item
from gentie.actions.moderation.reverse_decision import reverse_decision
from gentie.actions.moderation.take_effect import take_effect
from gentie.actions.moderation.undo_refusal import undo_refusal
from gentie.actions.posting.edit_comment import edit_comment
from gentie.actions.posting.routing import Submitted
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.comments import queries
from gentie.comments.model import RevisionState, State
from gentie.decisions.model import Measure, NeedsReason, NoSuchClass, Source
from gentie.decisions.queries import decisions_on, notices_of
from gentie.kernel.actor import SERVICE, Actor, MayNot
from gentie.ledger.tables import leaves
from gentie.review.model import ItemDecided, ItemTaken, TooLateToUndo
from gentie.review.queries import find_on, queue
from gentie.storage.db import Database
from gentie.storage.outbox import messages
from tests.newsroom import (
    ANN,
    BEN,
    CLEO,
    DAILY,
    NOON,
    a_draft,
    a_person,
    a_site,
    post,
    ref_of,
    staff,
)

SPAM = {"class_id": "spam", "facts": "A shop's address", "message": "No advertising, please."}


class Desk(msgspec.Struct, frozen=True):
    """One held comment, its author, and who may decide."""

    author: Actor
    made: Submitted
    item: str
    ann: Actor
    ben: Actor
    cleo: Actor


def open_desk(tx: sa.Connection) -> Desk:
    a_site(tx)
    author = a_person(tx)
    made = post(tx, author, site=DAILY, key="article")
    ann, ben, cleo = staff(tx, ANN, BEN, CLEO)
    return Desk(author, made, queue(tx, DAILY)[0].id, ann, ben, cleo)


@pytest.fixture
async def desk(db: Database) -> Desk:
    return await db.act(open_desk)


def decide(
    tx: sa.Connection,
    desk: Desk,
    measure: Measure,
    *,
    by: Actor | None = None,
    ground: dict[str, str] | None = None,
) -> Decided:
    by = by or desk.ann
    version = claim_item(tx, desk.item, acting=by, now=NOON).version
    opinion = Opinion(measure=measure, version=version, **(ground or {}))
    return decide_item(tx, desk.item, opinion, acting=by, now=NOON)


def state_of(tx: sa.Connection, made: Submitted) -> State:
    return queries.get(tx, ref_of(made)).state


def kinds_in_log(tx: sa.Connection) -> list[str]:
    bodies = tx.scalars(sa.select(leaves.c.body).order_by(leaves.c.id))
    return [msgspec.json.decode(body)["kind"] for body in bodies]


@pytest.mark.clause("2017-5.3", "2017-5.5a", "2022-4.4b")
class TestPublish:
    async def test_acts_at_once_and_tells_the_author(self, db: Database, desk: Desk) -> None:
        decided = await db.act(partial(decide, desk=desk, measure=Measure.PUBLISH))

        assert decided.outcome is Outcome.PUBLISHED
        assert await db.read(partial(state_of, made=desk.made)) is State.PUBLISHED
        assert (await db.read(kinds_in_log))[-1] == "published"
        told = await db.read(partial(notices_of, account=desk.author.account))
        assert [notice.kind for notice in told] == ["publish"]

    async def test_undo_is_a_logged_reversal_and_it_waits_again(
        self, db: Database, desk: Desk
    ) -> None:
        def body(tx: sa.Connection) -> None:
            decision = decide(tx, desk, Measure.PUBLISH).decision
            assert decision is not None
            with pytest.raises(MayNot):
                reverse_decision(tx, decision, source=Source.OWN, acting=desk.ben, now=NOON)
            reverse_decision(tx, decision, source=Source.OWN, acting=desk.ann, now=NOON)

            assert state_of(tx, desk.made) is State.HELD
            assert kinds_in_log(tx)[-2:] == ["published", "reversal"]
            assert queries.count_published(tx, ref_of(desk.made).thread) == 0
            assert len(queue(tx, DAILY)) == 1

        await db.act(body)

    @pytest.mark.clause("2017-5.1c", "2022-4.1c")
    @pytest.mark.parametrize("ended", ["revoked", "closed"])
    async def test_the_gate_is_asked_again(self, db: Database, desk: Desk, ended: str) -> None:
        def body(tx: sa.Connection) -> None:
            if ended == "revoked":
                revoke_verifications(tx, desk.author.account, why="issuer", now=NOON)
            else:
                set_state(tx, desk.author.account, AccountState.CLOSED)
            decided = decide(tx, desk, Measure.PUBLISH)

            assert decided.outcome is Outcome.BLOCKED
            assert decided.code in ("identity-revoked", "account-closed")
            assert state_of(tx, desk.made) is State.HELD
            notice = notices_of(tx, desk.author.account)[0]
            assert (notice.kind, notice.code) == ("blocked", decided.code)
            assert "published" not in kinds_in_log(tx)

        await db.act(body)


class TestRefuse:
    async def test_waits_ten_seconds_and_leaves_no_trace_when_undone(
        self, db: Database, desk: Desk
    ) -> None:
        def body(tx: sa.Connection) -> None:
            before = kinds_in_log(tx)
            decided = decide(tx, desk, Measure.REFUSE, ground=SPAM)
            assert decided.outcome is Outcome.REFUSING
            assert decided.effect_at == NOON + timedelta(seconds=10)
            assert state_of(tx, desk.made) is State.HELD
            undo_refusal(tx, desk.item, acting=desk.ann, now=NOON + timedelta(seconds=9))

            late = NOON + timedelta(seconds=11)
            assert take_effect(tx, desk.item, acting=SERVICE, now=late) is None
            assert kinds_in_log(tx) == before
            assert notices_of(tx, desk.author.account) == []
            assert decisions_on(tx, ref_of(desk.made).thread, ref_of(desk.made).comment) == []

        await db.act(body)

    @pytest.mark.clause("2017-6.2b", "2017-7.1a", "2022-7.a", "2022-9.b")
    async def test_takes_effect_once_with_reasons(self, db: Database, desk: Desk) -> None:
        def body(tx: sa.Connection) -> None:
            decide(tx, desk, Measure.REFUSE, ground=SPAM)
            due = tx.scalar(
                sa.select(messages.c.due_at).where(messages.c.topic == "review.take_effect")
            )
            assert due == NOON + timedelta(seconds=10)
            decision = take_effect(tx, desk.item, acting=SERVICE, now=due)
            assert take_effect(tx, desk.item, acting=SERVICE, now=due) is None
            with pytest.raises(TooLateToUndo):
                undo_refusal(tx, desk.item, acting=desk.ann, now=due)

            assert state_of(tx, desk.made) is State.REFUSED
            ref = ref_of(desk.made)
            kept = decisions_on(tx, ref.thread, ref.comment)
            assert [one.decision.id for one in kept] == [decision]
            made = kept[0].decision
            assert kept[0].decided_by == desk.ann.id
            assert made.role == "moderator"
            assert made.ground is not None
            assert made.ground.message == SPAM["message"]
            assert kinds_in_log(tx)[-1] == "decision"

        await db.act(body)

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"class_id": "other"}, NoSuchClass),
            ({"class_id": ""}, NeedsReason),
            ({"facts": " "}, NeedsReason),
            ({"message": ""}, NeedsReason),
        ],
    )
    async def test_needs_a_class_facts_and_a_message(
        self, db: Database, desk: Desk, changes: dict[str, str], refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            await db.act(partial(decide, desk=desk, measure=Measure.REFUSE, ground=SPAM | changes))
        assert await db.read(partial(state_of, made=desk.made)) is State.HELD


class TestTogether:
    async def test_of_two_at_once_one_wins_and_the_other_is_told(
        self, db: Database, desk: Desk
    ) -> None:
        deciding = [
            partial(decide, desk=desk, measure=Measure.PUBLISH, by=one)
            for one in (desk.ann, desk.ben)
        ]
        answers = await asyncio.gather(*map(db.act, deciding), return_exceptions=True)

        won = [one for one in answers if isinstance(one, Decided)]
        lost = [one for one in answers if isinstance(one, ItemDecided | ItemTaken)]
        assert (len(won), len(lost)) == (1, 1)
        if isinstance(lost[0], ItemDecided):
            assert lost[0].facts == {"role": "moderator", "measure": "publish"}
        assert (await db.read(kinds_in_log)).count("published") == 1

    async def test_a_released_item_is_anybodys(self, db: Database, desk: Desk) -> None:
        def body(tx: sa.Connection) -> None:
            claim_item(tx, desk.item, acting=desk.ann, now=NOON)
            with pytest.raises(ItemTaken):
                claim_item(tx, desk.item, acting=desk.ben, now=NOON)
            release_item(tx, desk.item, acting=desk.ann, now=NOON)
            claim_item(tx, desk.item, acting=desk.ben, now=NOON)

        await db.act(body)

    async def test_the_author_may_withdraw_meanwhile(self, db: Database, desk: Desk) -> None:
        def body(tx: sa.Connection) -> None:
            claim_item(tx, desk.item, acting=desk.ann, now=NOON)
            withdraw_comment(tx, ref_of(desk.made), acting=desk.author, now=NOON)
            with pytest.raises(ItemDecided):
                decide(tx, desk, Measure.PUBLISH)
            assert state_of(tx, desk.made) is State.WITHDRAWN

        await db.act(body)


@pytest.mark.clause("2017-5.3", "2022-4.4b")
class TestEdits:
    async def test_an_edit_of_what_waits_takes_its_place(self, db: Database, desk: Desk) -> None:
        def body(tx: sa.Connection) -> None:
            edit_comment(tx, ref_of(desk.made), a_draft("Better"), acting=desk.author, now=NOON)
            with pytest.raises(ItemDecided):
                decide(tx, desk, Measure.PUBLISH)
            item = queue(tx, DAILY)[0]
            assert item.revision == 2
            first = queries.get_revision(tx, ref_of(desk.made), 1)
            assert first.state is RevisionState.SUPERSEDED

        await db.act(body)

    async def test_the_published_text_stays_until_the_edit_has_passed(
        self, db: Database, desk: Desk
    ) -> None:
        def body(tx: sa.Connection) -> None:
            decide(tx, desk, Measure.PUBLISH)
            edited = edit_comment(
                tx, ref_of(desk.made), a_draft("Better"), acting=desk.author, now=NOON
            )
            assert edited.state is State.HELD
            assert shown(tx, desk) == "A kind word."

            again = msgspec.structs.replace(desk, item=queue(tx, DAILY)[0].id)
            decide(tx, again, Measure.PUBLISH)
            assert shown(tx, desk) == "Better"
            assert queries.count_published(tx, ref_of(desk.made).thread) == 1

        await db.act(body)

    async def test_a_refused_edit_leaves_the_published_text(self, db: Database, desk: Desk) -> None:
        def body(tx: sa.Connection) -> None:
            decide(tx, desk, Measure.PUBLISH)
            edit_comment(tx, ref_of(desk.made), a_draft("Buy!"), acting=desk.author, now=NOON)
            again = msgspec.structs.replace(desk, item=queue(tx, DAILY)[0].id)
            decide(tx, again, Measure.REFUSE, ground=SPAM)
            late = NOON + timedelta(seconds=10)
            take_effect(tx, again.item, acting=SERVICE, now=late)

            assert state_of(tx, desk.made) is State.PUBLISHED
            assert shown(tx, desk) == "A kind word."
            last = queries.get_revision(tx, ref_of(desk.made), 2)
            assert last.state is RevisionState.REFUSED

        await db.act(body)


def shown(tx: sa.Connection, desk: Desk) -> str:
    found = queries.find_shown(tx, ref_of(desk.made))
    assert found is not None
    return found[0].plain


async def test_the_queue_shows_the_oldest_first(db: Database, desk: Desk) -> None:
    def body(tx: sa.Connection) -> None:
        for minutes in (3, 1, 2):
            post(tx, desk.author, site=DAILY, key="article", now=NOON - timedelta(minutes=minutes))
        opened = [item.opened_at for item in queue(tx, None)]
        assert opened == sorted(opened)
        assert find_on(tx, ref_of(desk.made)) is not None

    await db.act(body)
