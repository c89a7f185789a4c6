"""Letters from the act that causes them to the mail server, on both databases."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.accounts.model import Purpose
from gentie.actions.identity.end_mail import end_mail
from gentie.actions.oversight.tell_of_leak import tell_of_leak
from gentie.kernel.actor import Actor
from gentie.mail.model import (
    Answer,
    BadTicket,
    Contact,
    ContactState,
    LetterState,
)
from gentie.screening.model import Outcome
from tests.jobs.office import MINUTE, Office, Scene, removing, text_of
from tests.jobs.office import office as office  # noqa: PLC0414 a fixture
from tests.jobs.office import scene as scene  # noqa: PLC0414 a fixture
from tests.mail.build import a_reader, answer, ask
from tests.newsroom import NOON, NOTEBOOK, a_person, a_site, found, post
from tests.privacy.build import COMPLIANCE, found_leak, tell_everybody


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


@pytest.mark.clause("2017-5.2a", "2022-4.2a")
async def test_a_leak_is_told_once_without_what_it_was(office: Office, scene: Scene) -> None:
    def body(tx: sa.Connection) -> str:
        number = found_leak(tx)
        tell_of_leak(tx, number, words="The disk is back.", acting=COMPLIANCE, now=NOON)
        for _ in range(2):
            tell_everybody(tx, number)
        return number

    number = await office.db.act(body)
    office.now += 2 * MINUTE

    [letter] = await office.send()
    assert letter["Subject"] == "Personal data of yours got out"
    assert f"({number})" in text_of(letter)
    assert "https://comments.example/account/privacy#leaks" in text_of(letter)
    assert "The disk is back." not in text_of(letter)


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

    assert letter["Subject"] == "《Blog》中有人回复了你"
    assert "芦苇回复了你：" in text_of(letter)
