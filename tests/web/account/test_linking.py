"""Signing in by a letter: one browser, once, ten minutes, and no word of who is known here."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import pytest

from gentie.actions.identity.purge_sign_ins import purge_sign_ins
from gentie.jobs.mail import Post, handlers_for
from gentie.kernel.actor import SERVICE
from gentie.mail.adapters.smtp import deliver
from gentie.mail.rules import LINK_TERM
from gentie.migrations.schema import metadata_of
from gentie.storage import outbox
from gentie.web.account import api, linking, pages
from gentie.web.account.linking import BY_SENDER, BY_TARGET
from gentie.web.public import mail
from tests.mail.build import DESK, MAILING, OPENER
from tests.mail.server import a_mail_server
from tests.web.account.build import BASE, CSRF, PASSWORD, Client, Place, csrf_of, sign_up_by_form
from tests.web.build import client_for
from tests.whole import rows_of

ADDRESS, BACK = "river@example.org", "/t/daily/article"
TABLES = list(metadata_of("main").tables.values())
LINK = re.compile(r"/account/link/\S+")


@asynccontextmanager
async def a_browser(place: Place, *, offered: bool = True) -> AsyncIterator[Client]:
    async with client_for(
        place.db,
        *api.routes,
        *pages.routes,
        *mail.routes,
        *linking.routes,
        people=place.people,
        mailing=MAILING if offered else None,
        clock=place.clock,
        authenticate=place.people.access.identify,
    ) as client:
        client.headers["origin"] = BASE
        yield client


@pytest.fixture
async def browser(place: Place) -> AsyncIterator[Client]:
    """Nobody is signed in, and River has chosen to sign in by letter."""
    async with a_browser(place) as browser:
        await choose(place, browser)
        yield browser


async def letters(place: Place) -> list[str]:
    """What arrives now, as plain text."""
    handlers = handlers_for(place.db, clock=place.clock)
    for message in await place.db.act(partial(outbox.take, now=place.now)):
        if message.topic in handlers:
            await handlers[message.topic](message)
            await handlers[message.topic](message)  # at least once
    with a_mail_server() as inbox:
        post = Post(
            place.db,
            partial(deliver, inbox.server),
            opener=OPENER,
            desk=DESK,
            sender="g@comments.example",
            clock=place.clock,
        )
        while await post.send_due():
            pass
        bodies = [one.get_body(("plain",)) for one in inbox.letters]
    return [str(one.get_content()) for one in bodies if one is not None]


async def choose(place: Place, client: Client, name: str = "渡口的风") -> None:
    await sign_up_by_form(client, name)
    form = {"csrf": await csrf_of(client), "address": ADDRESS, "sign_in": "yes", "lang": "en"}
    answer = await client.post("/account/mail", data=form | {"password": PASSWORD})
    assert answer.status_code == 200, answer.text
    (text,) = await letters(place)
    (confirm,) = re.findall(r"/mail/confirm\.\S+", text)
    client.cookies.clear()
    assert (await client.post(confirm)).status_code == 200


async def ask(place: Place, client: Client, address: str = ADDRESS) -> list[str]:
    """The links that arrive."""
    found = CSRF.search((await client.get("/account/link")).text)
    form = {"address": address, "next": BACK, "csrf": found.group(1) if found else ""}
    page = await client.post("/account/link", data=form)
    assert "a letter is on its way" in page.text, page.text
    return [link for text in await letters(place) for link in LINK.findall(text)]


async def come(client: Client, link: str) -> tuple[int, str]:
    """Press the button behind a link: the status, and where it leads."""
    page = await client.get(link)
    assert page.status_code == 200
    found = CSRF.search(page.text)
    form = {"csrf": found.group(1) if found else ""}
    answer = await client.post(link, data=form, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", "")


async def name_of(client: Client) -> str | None:
    return str((await client.get("/api/v1/account/session")).json()["name"])


async def test_from_the_address_to_the_session_once(any_place: Place) -> None:
    """On both engines."""
    async with a_browser(any_place) as browser:
        await choose(any_place, browser)
        (link,) = await ask(any_place, browser)
        held = browser.cookies["gentie-link"]

        assert await come(browser, link) == (303, BACK)
        assert await name_of(browser) == "渡口的风"
        browser.cookies.clear()
        browser.cookies.set("gentie-link", held, domain="gentie.test")
        assert (await come(browser, link))[0] == 403


async def test_another_browser_gets_nothing(place: Place, browser: Client) -> None:
    """Not who reads along, nor who was sent a link that somebody else asked for."""
    (link,) = await ask(place, browser)
    async with a_browser(place) as other:
        assert (await come(other, link))[0] == 403
        other.cookies.set("gentie-link", "made-up", domain="gentie.test")
        assert (await come(other, link))[0] == 403
    assert await come(browser, link) == (303, BACK)


async def test_an_older_link_of_the_same_browser_is_good_too(place: Place, browser: Client) -> None:
    (first,) = await ask(place, browser)
    (second,) = await ask(place, browser)
    assert first != second
    assert await come(browser, first) == (303, BACK)


async def test_ten_minutes_and_no_letter_that_comes_too_late(place: Place, browser: Client) -> None:
    (link,) = await ask(place, browser)
    place.now += LINK_TERM
    assert (await come(browser, link))[0] == 403

    await browser.post("/account/link", data={"address": ADDRESS})
    handlers = handlers_for(place.db, clock=place.clock)
    for message in await place.db.act(partial(outbox.take, now=place.now)):
        await handlers[message.topic](message)
    place.now += LINK_TERM
    assert await letters(place) == []


async def test_a_changed_link_opens_nothing(place: Place, browser: Client) -> None:
    (link,) = await ask(place, browser)
    account, letter, proof = link.rpartition("/")[2].split(".")
    for wrong in (
        f"{account}.{int(letter) + 1}.{proof}",
        f"{'x' * 22}.{letter}.{proof}",
        f"{account}.{letter}.{'A' * len(proof)}",
        f"{account}.{letter}",
        "rubbish",
    ):
        assert (await come(browser, f"/account/link/{wrong}"))[0] == 403
    assert await name_of(browser) == "None"


async def test_unknown_addresses_are_answered_the_same(place: Place, browser: Client) -> None:
    """The same page, the same cookie, the same rows: what is done with it comes later."""
    told = []
    for address in (ADDRESS, "nobody@example.org"):
        browser.cookies.clear()
        before = await place.db.read(partial(rows_of, tables=TABLES))
        page = await browser.post("/account/link", data={"address": address})
        after = await place.db.read(partial(rows_of, tables=TABLES))
        changed = {name for name in after if after[name] != before[name]}
        cookie = re.sub(r"=[^;]+", "=", page.headers["set-cookie"], count=1)
        told.append((page.status_code, page.text, cookie, changed))
    assert told[0] == told[1]
    assert len(await letters(place)) == 1


async def test_who_did_not_choose_it_gets_no_letter(place: Place, browser: Client) -> None:
    """An address confirmed for something else, and one that is no way in any more."""
    (link,) = await ask(place, browser)
    await come(browser, link)
    form = {"csrf": await csrf_of(browser), "lang": "en", "replies": "yes"}
    (older,) = await ask(place, browser)
    await browser.post("/account/mail", data=form)
    assert (await come(browser, older))[0] == 403
    assert await ask(place, browser) == []


async def test_an_open_browser_is_not_enough_to_make_an_address_a_way_in(
    place: Place, browser: Client
) -> None:
    (link,) = await ask(place, browser)
    await come(browser, link)
    form = {"csrf": await csrf_of(browser), "sign_in": "yes", "lang": "en"}
    for password in ("", "another guess"):
        stolen = form | {"address": "thief@example.org", "password": password}
        answer = await browser.post("/account/mail", data=stolen)
        assert answer.status_code == 401
    (again,) = await ask(place, browser)
    assert await come(browser, again) == (303, BACK)


async def test_letters_are_limited_by_address_and_by_sender(place: Place, browser: Client) -> None:
    for _ in range(BY_TARGET):
        assert len(await ask(place, browser)) == 1
    full = await browser.post("/account/link", data={"address": ADDRESS})
    assert full.status_code == 429
    for number in range(BY_SENDER - BY_TARGET):
        await browser.post("/account/link", data={"address": f"p{number}@example.org"})
    other = await browser.post("/account/link", data={"address": "q@example.org"})
    assert other.status_code == 429
    place.now += timedelta(hours=1)
    assert len(await ask(place, browser)) == 1


async def test_nothing_that_is_kept_opens_or_names(place: Place, browser: Client) -> None:
    (link,) = await ask(place, browser)
    held = browser.cookies["gentie-link"]
    rows = str(await place.db.read(partial(rows_of, tables=TABLES)))
    assert link.rpartition(".")[2] not in rows
    assert held not in rows
    assert ADDRESS not in rows
    later = place.now + timedelta(days=8)
    await place.db.act(partial(purge_sign_ins, acting=SERVICE, now=later))
    assert (await place.db.read(partial(rows_of, tables=TABLES)))["mail_sign_in"] == []


async def test_where_no_mail_is_sent_there_is_none_of_it(place: Place) -> None:
    async with a_browser(place, offered=False) as browser:
        assert "/account/link" not in (await browser.get("/account/sign-in")).text
        assert (await browser.get("/account/link")).status_code == 404
        answer = await browser.post("/account/link", data={"address": ADDRESS})
        assert answer.status_code == 404
    async with a_browser(place) as browser:
        assert "/account/link" in (await browser.get("/account/sign-in")).text
