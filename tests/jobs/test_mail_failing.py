"""Letters that do not arrive, and mail that ends."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from functools import partial

import pytest
import sqlalchemy as sa

from gentie.accounts.model import Purpose
from gentie.actions.identity.close_account import close_account
from gentie.actions.identity.end_mail import end_mail
from gentie.actions.identity.withdraw_consent import withdraw_consent
from gentie.actions.operations.forget_letters import forget_letters
from gentie.actions.operations.settle_letter import settle_letter
from gentie.actions.operations.take_letters import take_letters
from gentie.kernel.actor import SERVICE, Actor
from gentie.mail import queries
from gentie.mail.adapters.smtp import deliver
from gentie.mail.model import (
    AddressRefuses,
    Answer,
    Contact,
    ContactState,
    LetterState,
    Sent,
)
from gentie.mail.model import Outcome as Failed
from gentie.mail.store import LEASE
from tests.jobs.office import MINUTE, Office, Scene
from tests.jobs.office import office as office  # noqa: PLC0414 a fixture
from tests.jobs.office import scene as scene  # noqa: PLC0414 a fixture
from tests.mail.build import answer, ask
from tests.newsroom import NOON, a_person, post


class TestFailure:
    async def fail(self, office: Office, scene: Scene) -> None:
        await office.db.act(partial(post, by=scene.reed, to=scene.first))
        await office.hear()
        office.now += MINUTE

    async def test_for_now_is_tried_again_and_shown(self, office: Office, scene: Scene) -> None:
        office.inbox.at_rcpt = lambda: "450 later"
        await self.fail(office, scene)
        assert await office.send() == []
        letter = (await office.letters(scene.river))[-1]
        assert (letter.state, letter.error, letter.attempts) == (LetterState.WAITING, "450", 1)
        standing = await office.db.read(partial(queries.standing, now=office.now))
        assert (standing.waiting, standing.error) == (1, "450")

        assert await office.send() == []
        office.inbox.at_rcpt = lambda: "250 OK"
        office.now += MINUTE
        assert len(await office.send()) == 1
        assert (await office.letters(scene.river))[-1].error == ""

    async def test_for_a_day_is_for_good(self, office: Office, scene: Scene) -> None:
        office.inbox.at_rcpt = lambda: "450 later"
        await self.fail(office, scene)
        for _ in range(40):
            await office.send()
            office.now += timedelta(hours=1)

        letter = (await office.letters(scene.river))[-1]
        assert letter.state is LetterState.FAILED
        assert letter.attempts == 15
        standing = await office.db.read(partial(queries.standing, now=office.now))
        assert (standing.waiting, standing.failed) == (0, 1)

    async def test_of_an_address_ends_mail_to_it(self, office: Office, scene: Scene) -> None:
        office.inbox.at_rcpt = lambda: "550 no such user"
        await self.fail(office, scene)
        await office.send()
        contact = await office.contact(scene.river)
        assert contact is not None
        assert contact.state is ContactState.FAILING
        office.inbox.at_rcpt = lambda: "250 OK"
        await self.fail(office, scene)
        office.now += timedelta(days=2)

        assert await office.send() == []

    async def test_of_ours_is_tried_again(self, office: Office, scene: Scene) -> None:
        def broken(message: EmailMessage) -> Sent:
            raise ZeroDivisionError

        await self.fail(office, scene)
        assert await office.post(broken).send_due() == 1

        letter = (await office.letters(scene.river))[-1]
        assert (letter.state, letter.error) == (LetterState.WAITING, "ZeroDivisionError")

    async def test_of_a_sender_that_died_is_made_good_by_another(
        self, office: Office, scene: Scene
    ) -> None:
        """The first has handed the letter over, and dies before it can note that."""

        def dies(message: EmailMessage) -> Sent:
            deliver(office.inbox.server, message)
            raise KeyboardInterrupt

        await self.fail(office, scene)
        with pytest.raises(KeyboardInterrupt):
            await office.post(dies).send_due()
        assert await office.send() == []
        office.now += LEASE
        await office.send()
        office.now += LEASE
        await office.send()

        first, again = office.inbox.letters
        assert first["Message-ID"] == again["Message-ID"]
        assert (await office.letters(scene.river))[-1].state is LetterState.SENT

    async def test_of_a_sender_that_is_too_late_changes_nothing(
        self, office: Office, scene: Scene
    ) -> None:
        await self.fail(office, scene)
        taking = partial(take_letters, most=9, acting=SERVICE)
        (slow,) = await office.db.act(partial(taking, now=office.now))
        office.now += LEASE
        await office.send()
        late = partial(settle_letter, letter=slow, sent=Sent(outcome=Failed.LATER))
        await office.db.act(partial(late, acting=SERVICE, now=office.now))

        assert (await office.letters(scene.river))[-1].state is LetterState.SENT

    async def test_two_senders_do_not_send_twice(self, office: Office, scene: Scene) -> None:
        await self.fail(office, scene)
        tried = [await office.post().send_due() for _ in range(2)]

        assert tried == [1, 0]


class TestAnEnd:
    @pytest.mark.clause("2017-5.2b")
    @pytest.mark.parametrize(
        "ending",
        [
            partial(close_account),
            partial(end_mail),
            partial(withdraw_consent, purpose=Purpose.MAIL),
        ],
    )
    async def test_forgets_the_address_and_what_waits(
        self, office: Office, scene: Scene, ending: Callable[..., object]
    ) -> None:
        await office.db.act(partial(post, by=scene.reed, to=scene.first))
        await office.hear()
        await office.db.act(partial(ending, acting=scene.river, now=NOON))
        office.now += MINUTE

        assert await office.send() == []
        assert await office.contact(scene.river) is None

    async def test_for_ever_is_kept_as_a_mark(self, office: Office) -> None:
        def body(tx: sa.Connection) -> tuple[Contact, Actor]:
            return ask(tx, a_person(tx)), a_person(tx, "Reed")

        contact, reed = await office.db.act(body)
        await office.db.act(partial(answer, contact=contact, said=Answer.NEVER))

        with pytest.raises(AddressRefuses):
            await office.db.act(partial(ask, acting=reed, address="River@example.org"))
        assert await office.send() == []

    async def test_old_letters_are_forgotten(self, office: Office, scene: Scene) -> None:
        await office.db.act(partial(post, by=scene.reed, to=scene.first))
        await office.hear()
        office.now += MINUTE
        await office.send()
        forgetting = partial(forget_letters, acting=SERVICE)
        early = await office.db.act(partial(forgetting, now=NOON + timedelta(days=29)))
        late = await office.db.act(partial(forgetting, now=NOON + timedelta(days=31)))

        assert early == 0
        assert late >= 1
        assert await office.letters(scene.river) == []
