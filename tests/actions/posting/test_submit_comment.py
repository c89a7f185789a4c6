"""Everything that is said goes one way: gates, screening, review, publication."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import msgspec
import pytest
import sqlalchemy as sa

from gentie.accounts.model import AccountClosed, AccountState, AgreementRequired, IdentityRequired
from gentie.accounts.store import set_state
from gentie.actions.operations.change_regime import change_regime
from gentie.actions.posting.network import SealedOrigin
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.assessments.model import FeatureOffline
from gentie.assessments.tables import features
from gentie.catalogue.regimes import get_regime
from gentie.comments import queries
from gentie.comments.model import Form, NoSuchParent, Order, State
from gentie.comments.tables import comments, revisions
from gentie.decisions.queries import decisions_on, notices_of
from gentie.decisions.tables import decisions
from gentie.kernel.actor import ANYONE, Actor, MayNot
from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal
from gentie.ledger.tables import leaves
from gentie.review.tables import items
from gentie.screening.model import Outcome
from gentie.sites.model import NoSuchSite
from gentie.storage.db import Database
from gentie.storage.outbox import messages
from gentie.vault.model import SealedRecord
from tests.newsroom import (
    DAILY,
    NOON,
    NOTEBOOK,
    OPERATOR,
    a_draft,
    a_person,
    a_site,
    found,
    post,
    ref_of,
)

COUNTED = (comments, revisions, decisions, leaves, items, messages)


def rows(tx: sa.Connection) -> dict[str, int]:
    return {
        table.name: tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in COUNTED
    }


@pytest.fixture
async def db(db: Database) -> Database:
    await db.act(a_site)
    await db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))
    return db


class TestPublishedAtOnce:
    @pytest.mark.clause("2017-2.1", "2017-8.c")
    async def test_with_its_decision_leaf_and_message(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            river = a_person(tx)
            before = rows(tx)
            made = post(tx, river)
            after = rows(tx)

            assert made.state is State.PUBLISHED
            assert made.decision is None
            assert {name: after[name] - before[name] for name in after} == {
                "comment": 1,
                "revision": 1,
                "decision": 1,
                "ledger_leaf": 1,
                "review_item": 0,
                "message": 1,
            }
            kept = queries.get(tx, ref_of(made))
            assert (kept.regime, kept.policy) == ("neutral", "neutral/1")
            decided = decisions_on(tx, kept.thread, kept.id)[0]
            assert decided.decision.rule == "screening/1"
            assert decided.decided_by == "gentie"

        await db.act(body)

    async def test_a_reply_counts_in_its_branch(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            river, reed = a_person(tx), a_person(tx, "Reed")
            first = post(tx, river)
            second = post(tx, reed, to=first)
            third = post(tx, river, to=second)

            assert queries.get(tx, ref_of(third)).root == ref_of(first).comment
            assert queries.get(tx, ref_of(third)).form is Form.REPLY
            assert queries.get(tx, ref_of(first)).replies == 2
            assert queries.count_published(tx, ref_of(first).thread) == 3

        await db.act(body)

    @pytest.mark.clause("2017-2.2b")
    async def test_a_guestbook_takes_messages(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            made = post(tx, a_person(tx), key="guests")
            assert queries.get(tx, ref_of(made)).form is Form.MESSAGE

        await db.act(body)


class TestHeld:
    @pytest.mark.clause("2017-5.3", "2022-4.4b", "2022f-4.3")
    async def test_news_waits_for_a_person_whatever_screening_says(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            made = post(tx, a_person(tx), site=DAILY, key="article")

            assert made.state is State.HELD
            thread = ref_of(made).thread
            page = queries.list_roots(tx, thread, Order.NEWEST, after=None, most=20)
            assert page.items == ()
            assert rows(tx)["review_item"] == 1
            assert rows(tx)["decision"] == 0

        await db.act(body)

    @pytest.mark.clause("2017-5.3")
    async def test_an_undeclared_thread_is_news(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            assert post(tx, a_person(tx), site=DAILY, key="new").state is State.HELD

        await db.act(body)

    async def test_a_finding_makes_it_wait(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            assert post(tx, a_person(tx), verdict=found(Outcome.HOLD)).state is State.HELD

        await db.act(body)


class TestRefusedByRule:
    @pytest.mark.clause("2017-6.2b", "2017-7.1a", "2022-7.a")
    async def test_with_class_passage_reasons_and_notice(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            river = a_person(tx)
            made = post(tx, river, text="Buy here", verdict=found(Outcome.REFUSE))

            assert made.state is State.REFUSED
            decision = decisions_on(tx, ref_of(made).thread, ref_of(made).comment)[0].decision
            assert decision.id == made.decision
            assert decision.ground is not None
            assert decision.ground.class_id == "spam"
            assert decision.ground.clause
            assert "“B”" in decision.ground.facts
            assert decision.automation.value == "full"
            assert decision.appeal_before is not None
            assert [n.decision for n in notices_of(tx, river.account)] == [decision.id]

        await db.act(body)


@pytest.mark.clause("2017-2.2a", "2017-5.1c", "2017-6.1a", "2022-4.1c")
class TestGates:
    @pytest.mark.parametrize(
        ("person", "key", "refusal"),
        [
            (partial(a_person, verified=False), "blog", IdentityRequired),
            (partial(a_person, verified=False), "article", IdentityRequired),
            (partial(a_person, verified=False), "guests", IdentityRequired),
            (partial(a_person, regimes=()), "blog", AgreementRequired),
        ],
    )
    async def test_a_no_changes_nothing(
        self,
        db: Database,
        person: Callable[[sa.Connection], Actor],
        key: str,
        refusal: type[Refusal],
    ) -> None:
        somebody = await db.act(person)
        before = await db.read(rows)

        with pytest.raises(refusal):
            await db.act(partial(post, by=somebody, site=DAILY, key=key))
        assert await db.read(rows) == before

    async def test_neutral_asks_nobody_for_an_identity(self, db: Database) -> None:
        somebody = await db.act(partial(a_person, verified=False))

        assert (await db.act(partial(post, by=somebody))).state is State.PUBLISHED

    async def test_a_closed_account_cannot_post(self, db: Database) -> None:
        somebody = await db.act(a_person)
        await db.act(lambda tx: set_state(tx, somebody.account, AccountState.CLOSED))

        with pytest.raises(AccountClosed):
            await db.act(partial(post, by=somebody))

    async def test_strangers_and_unknown_sites(self, db: Database) -> None:
        somebody = await db.act(a_person)

        with pytest.raises(MayNot):
            await db.act(partial(post, by=ANYONE))
        with pytest.raises(NoSuchSite):
            await db.act(partial(post, by=somebody, site=SiteId("nowhere")))

    async def test_nothing_is_offered_that_is_not_registered(self, db: Database) -> None:
        somebody = await db.act(a_person)
        await db.act(lambda tx: tx.execute(features.delete()))

        with pytest.raises(FeatureOffline):
            await db.act(partial(post, by=somebody))


class TestReplying:
    async def test_only_to_what_is_public_and_here(self, db: Database) -> None:
        def body(tx: sa.Connection) -> None:
            river = a_person(tx)
            held = post(tx, river, site=DAILY, key="article")
            elsewhere = post(tx, river)
            for parent in (held, elsewhere):
                with pytest.raises(NoSuchParent):
                    post(tx, river, site=DAILY, key="article", to=parent)

        await db.act(body)


@pytest.mark.clause("2017-2.1")
async def test_a_change_of_regime_leaves_the_past_as_it_was(db: Database) -> None:
    def body(tx: sa.Connection) -> None:
        river = a_person(tx)
        before = post(tx, river)
        change_regime(tx, NOTEBOOK, "cn-2022-final", acting=OPERATOR, now=NOON)
        after = post(tx, river)

        assert queries.get(tx, ref_of(before)).regime == "neutral"
        assert queries.get(tx, ref_of(after)).regime == "cn-2022-final"

    await db.act(body)


async def test_the_network_record_travels_sealed_in_the_same_transaction(db: Database) -> None:
    def body(tx: sa.Connection) -> None:
        origin = SealedOrigin(reference="r-1", blob=b"sealed")
        submission = Submission(site=NOTEBOOK, key="blog", draft=a_draft(), network=origin)
        made = submit_comment(tx, submission, acting=a_person(tx), now=NOON)
        sent = tx.execute(sa.select(messages.c.body).where(messages.c.topic == "vault.network"))

        body = msgspec.json.decode(sent.scalar_one(), type=dict[str, str])
        record = SealedRecord.of_message(body)
        assert (record.blob, record.reference, record.subject) == (b"sealed", "r-1", made.id)
        keep_days = get_regime("neutral").windows.network_log_days
        assert record.expires_at - record.at == timedelta(days=keep_days)

    await db.act(body)
