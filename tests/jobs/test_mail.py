"""Letters from the act that causes them to the mail server, on both databases."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.accounts.model import Purpose
from gentie.actions.identity.close_account import close_account
from gentie.actions.identity.end_mail import end_mail
from gentie.actions.identity.withdraw_consent import withdraw_consent
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.operations.forget_letters import forget_letters
from gentie.actions.operations.settle_letter import settle_letter
from gentie.actions.operations.take_letters import take_letters
from gentie.jobs.mail import Post, handlers_for
from gentie.kernel.actor import SERVICE, Actor
from gentie.mail import queries
from gentie.mail.adapters.smtp import deliver
from gentie.mail.model import (
    AddressRefuses,
    Answer,
    BadTicket,
    Contact,
    ContactState,
    Letter,
    LetterState,
    Sent,
)
from gentie.mail.model import Outcome as Failed
from gentie.mail.store import LEASE
from gentie.screening.model import Outcome
from gentie.storage import outbox
from gentie.storage.db import Database
from tests.mail.build import DESK, OPENER, a_reader, answer, ask
from tests.mail.server import Inbox, a_mail_server
from tests.newsroom import ANN, BEN, NOON, NOTEBOOK, a_person, a_site, found, post, ref_of, staff

MINUTE = timedelta(minutes=1)


class Scene:
    """River, who wants mail, has written something, and Reed answers."""

    def __init__(self, tx: sa.Connection) -> None:
        a_site(tx, NOTEBOOK, regime="neutral")
        self.river, self.reed = a_person(tx), a_person(tx, "Reed")
        self.ann = staff(tx, ANN, BEN)[0]
        self.first = post(tx, self.river, text="First")
        self.contact = a_reader(tx, self.river)


class Office:
    """The jobs around letters, at a time that a test sets."""

    def __init__(self, db: Database, inbox: Inbox) -> None:
        self.db, self.inbox, self.now = db, inbox, NOON

    async def hear(self) -> None:
        """Carry out the messages that wait."""
        handlers = handlers_for(self.db, clock=lambda: self.now)
        taken = await self.db.act(partial(outbox.take, now=self.now))
        for message in taken:
            if message.topic in handlers:
                await handlers[message.topic](message)
                await handlers[message.topic](message)  # at least once
        await self.db.act(partial(outbox.done, handled=taken))

    def post(self, deliver_with: Callable[[EmailMessage], Sent] | None = None) -> Post:
        return Post(
            self.db,
            deliver_with or partial(deliver, self.inbox.server),
            opener=OPENER,
            desk=DESK,
            sender="comments@comments.example",
            clock=lambda: self.now,
        )

    async def send(self) -> list[EmailMessage]:
        """Everything that is due. Returns what arrives."""
        await self.hear()
        before = len(self.inbox.letters)
        while await self.post().send_due():
            pass
        return self.inbox.letters[before:]

    async def letters(self, acting: Actor) -> list[Letter]:
        found = await self.db.read(partial(queries.letters_to, account=acting.account))
        return found[::-1]

    async def contact(self, acting: Actor) -> Contact | None:
        return await self.db.read(partial(queries.find_contact, account=acting.account))


@pytest.fixture
def office(db: Database) -> Iterator[Office]:
    with a_mail_server() as inbox:
        yield Office(db, inbox)


@pytest.fixture
async def scene(office: Office) -> Scene:
    made = await office.db.act(Scene)
    await office.send()  # what led here: the letter that asked for a confirmation is dropped
    return made


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def removing(scene: Scene, made: Any, *, now: datetime) -> Callable[[sa.Connection], object]:
    removal = Removal(class_id="spam", facts="Seen", message="Not here")
    removing = partial(remove_comment, ref=ref_of(made), removal=removal)
    return partial(removing, acting=scene.ann, now=now)


async def test_a_new_address_is_asked_and_gets_nothing_else(office: Office) -> None:
    def body(tx: sa.Connection) -> Actor:
        a_site(tx, NOTEBOOK, regime="neutral")
        river, reed = a_person(tx), a_person(tx, "Reed")
        ask(tx, river)
        post(tx, reed, to=post(tx, river))
        return river

    river = await office.db.act(body)
    (letter,) = await office.send()
    office.now += 30 * MINUTE
    rest = await office.send()

    assert rest == []
    assert letter["To"] == "river@example.org"
    assert letter["Subject"] == "Do you want mail about comments?"
    assert "https://comments.example/mail/confirm." in text_of(letter)
    assert "https://comments.example/mail/never." in text_of(letter)
    contact = await office.contact(river)
    assert contact is not None
    assert contact.state is ContactState.ASKED


@pytest.mark.clause("2017-5.2b")
async def test_a_confirmation_is_a_consent_and_comes_in_time(office: Office) -> None:
    def body(tx: sa.Connection) -> tuple[Actor, Contact]:
        river = a_person(tx)
        return river, ask(tx, river)

    river, contact = await office.db.act(body)
    late = partial(answer, contact=contact, said=Answer.CONFIRM, now=NOON + timedelta(days=2))
    with pytest.raises(BadTicket):
        await office.db.act(late)
    for _ in range(2):
        await office.db.act(partial(answer, contact=contact, said=Answer.CONFIRM))

    of = partial(accounts.consents_of, account=river.account)
    assert (await office.db.read(of))[Purpose.MAIL].given
    await office.db.act(partial(end_mail, acting=river, now=NOON))
    assert not (await office.db.read(of))[Purpose.MAIL].given
    assert await office.contact(river) is None


async def test_a_reply_is_told_in_both_forms_without_anything_remote(
    office: Office, scene: Scene
) -> None:
    reply = partial(post, by=scene.reed, to=scene.first, text="A *kind* <b>word</b>")
    made = await office.db.act(reply)
    assert await office.send() == []
    office.now += MINUTE

    (letter,) = await office.send()

    plain, html = text_of(letter), text_of(letter, "html")
    assert letter["Subject"] == "New replies to you on “Blog”"
    assert "> A kind <b>word</b>" in plain
    assert f"https://comments.example/t/notebook/blog?comment={made.id}" in plain
    assert "&lt;b&gt;word" in html
    assert "src=" not in html
    assert "<link" not in html
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "en"
    assert letter["Message-ID"].endswith("@comments.example>")


@pytest.mark.clause("2017-5.2b")
async def test_one_click_ends_it(office: Office, scene: Scene) -> None:
    await office.db.act(partial(post, by=scene.reed, to=scene.first))
    office.now += MINUTE
    await office.hear()
    office.now += MINUTE
    (letter,) = await office.send()

    stop = letter["List-Unsubscribe"]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop.startswith("<https://comments.example/mail/stop-replies.")
    for said in (Answer.STOP_REPLIES, Answer.STOP_REPLIES, Answer.STOP_DECISIONS):
        await office.db.act(partial(answer, contact=scene.contact, said=said))
    assert await office.contact(scene.river) is None
    await office.db.act(partial(answer, contact=scene.contact, said=Answer.STOP_REPLIES))
    await office.db.act(partial(post, by=scene.reed, to=scene.first))
    office.now += 30 * MINUTE
    assert await office.send() == []


async def test_replies_gather_and_letters_keep_their_distance(office: Office, scene: Scene) -> None:
    def answers(tx: sa.Connection, *texts: str) -> None:
        for text in texts:
            post(tx, scene.reed, to=scene.first, text=text)

    await office.db.act(lambda tx: answers(tx, "One", "Two"))
    await office.hear()
    office.now += MINUTE
    (first,) = await office.send()
    await office.db.act(lambda tx: answers(tx, "Three"))
    await office.hear()
    office.now += 14 * MINUTE
    assert await office.send() == []
    office.now += MINUTE
    (second,) = await office.send()

    assert "> One" in text_of(first)
    assert "> Two" in text_of(first)
    assert "> Three" in text_of(second)
    assert "One" not in text_of(second)


async def test_nobody_is_told_of_their_own_replies(office: Office, scene: Scene) -> None:
    await office.db.act(partial(post, by=scene.river, to=scene.first))
    await office.hear()
    office.now += 30 * MINUTE

    assert await office.send() == []


@pytest.mark.clause("2017-5.5d")
async def test_what_was_removed_meanwhile_is_not_told(office: Office, scene: Scene) -> None:
    async def reply(text: str) -> Any:
        return await office.db.act(partial(post, by=scene.reed, to=scene.first, text=text))

    gone = await reply("Gone soon")
    await reply("Stays")
    await office.hear()
    await office.db.act(removing(scene, gone, now=NOON))
    office.now += MINUTE
    (letter,) = await office.send()
    assert "Stays" in text_of(letter)
    assert "Gone" not in letter.as_string()

    alone = await reply("Gone as well")
    await office.hear()
    await office.db.act(removing(scene, alone, now=office.now))
    office.now += 30 * MINUTE
    assert await office.send() == []
    assert (await office.letters(scene.river))[-1].state is LetterState.DROPPED


async def test_a_held_reply_is_told_of_to_nobody(office: Office, scene: Scene) -> None:
    held = partial(post, by=scene.reed, to=scene.first, verdict=found(Outcome.HOLD))
    await office.db.act(held)
    await office.hear()
    office.now += 30 * MINUTE

    assert await office.send() == []


@pytest.mark.clause("2022-7.c")
async def test_a_decision_is_told_without_the_text(office: Office, scene: Scene) -> None:
    await office.db.act(removing(scene, scene.first, now=NOON))
    await office.hear()
    office.now += MINUTE

    (letter,) = await office.send()

    text = text_of(letter)
    assert letter["Subject"] == "A decision about what you wrote"
    assert "Your comment was removed. Ground:" in text
    assert "You can appeal until" in text
    assert "https://comments.example/d/" in text
    assert "First" not in letter.as_string()


async def test_letters_speak_the_language_that_was_chosen(office: Office) -> None:
    def body(tx: sa.Connection) -> None:
        a_site(tx, NOTEBOOK, regime="neutral")
        river, reed = a_person(tx), a_person(tx, "芦苇")
        a_reader(tx, river, lang="zh-CN")
        post(tx, reed, to=post(tx, river), text="说得好")

    await office.db.act(body)
    await office.hear()
    office.now += MINUTE
    (letter,) = await office.send()

    assert letter["Subject"] == "《Blog》中有人回复了您"
    assert "芦苇回复了您：" in text_of(letter)


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
