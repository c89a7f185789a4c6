"""Mail from the side of its person: pages and data, the link in a letter, and every no."""

from collections.abc import AsyncIterator
from functools import partial

import httpx
import pytest
import sqlalchemy as sa

from gentie.jobs.mail import Post
from gentie.mail import queries
from gentie.mail.adapters.smtp import deliver
from gentie.storage.db import Database
from gentie.web.account import api, pages
from gentie.web.public import mail
from tests.mail.build import DESK, MAILING, OPENER
from tests.mail.server import a_mail_server
from tests.web.account.build import BASE, Client, Place, csrf_of, sign_up_by_form
from tests.web.build import client_for

API = "/api/v1/me/mail"
WISHES = {"lang": "en", "replies": True, "decisions": False}


@pytest.fixture
async def client(place: Place) -> AsyncIterator[Client]:
    async with client_for(
        place.db,
        *api.routes,
        *pages.routes,
        *mail.routes,
        people=place.people,
        mailing=MAILING,
        clock=place.clock,
        authenticate=place.people.access.identify,
    ) as client:
        client.headers["origin"] = BASE
        yield client


@pytest.fixture
async def stranger(client: Client) -> AsyncIterator[httpx.AsyncClient]:
    """Another browser, or a mail program: no cookie, no origin."""
    transport = httpx.ASGITransport(client.app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as other:
        yield other


async def letter_of(place: Place) -> tuple[str, str]:
    """The confirming link of the letter that is due, and its one-click address. Both as paths."""
    with a_mail_server() as inbox:
        post = Post(
            place.db,
            partial(deliver, inbox.server),
            opener=OPENER,
            desk=DESK,
            sender="g@comments.example",
            clock=place.clock,
        )
        await post.send_due()
        (letter,) = inbox.letters
    body = letter.get_body(("plain",))
    assert body is not None
    lines = str(body.get_content()).splitlines()
    (link,) = [line for line in lines if "/mail/confirm." in line]
    stop = str(letter["List-Unsubscribe"]).strip("<>")
    return link.removeprefix(DESK.base), stop.removeprefix(DESK.base)


@pytest.mark.clause("2017-5.2b")
async def test_from_the_form_to_the_end(
    place: Place, client: Client, stranger: httpx.AsyncClient
) -> None:
    await sign_up_by_form(client)
    form = {"csrf": await csrf_of(client), "lang": "zh-CN", "replies": "yes"}
    given = await client.post("/account/mail", data={**form, "address": "river@example.org"})
    assert "r…@e….org" in given.text
    assert "river@example.org" not in given.text
    assert "not confirmed yet" in given.text
    confirm, _ = await letter_of(place)

    looked = await stranger.get(confirm)
    assert looked.status_code == 200
    assert (await client.get(API)).json()["state"] == "asked"
    done = await stranger.post(confirm)
    assert done.status_code == 200
    told = (await client.get(API)).json()
    assert (told["state"], told["replies"], told["decisions"]) == ("confirmed", True, False)
    assert [(one["kind"], one["state"]) for one in told["letters"]] == [("confirm", "sent")]
    page = await client.get("/account/mail")
    assert "handed to your mail server" in page.text

    ended = await client.post("/account/mail/end", data={"csrf": form["csrf"]})
    assert "E-mail address" in ended.text
    assert (await client.get(API)).json()["state"] is None


async def test_one_click_of_a_mail_program(
    place: Place, client: Client, stranger: httpx.AsyncClient
) -> None:
    await sign_up_by_form(client)
    form = {"csrf": await csrf_of(client), "replies": "yes", "address": "river@example.org"}
    await client.post("/account/mail", data=form)
    _, stop = await letter_of(place)

    for _ in range(2):
        done = await stranger.post(stop, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200, done.text
    as_form = {"List-Unsubscribe": (None, "One-Click")}
    assert (await stranger.post(stop, files=as_form)).status_code == 200
    assert (await client.get(API)).json()["state"] is None
    again = await client.post("/account/mail", data=form)
    assert again.status_code == 409


async def test_nothing_that_is_kept_shows_the_address(place: Place, client: Client) -> None:
    await sign_up_by_form(client)
    form = {"csrf": await csrf_of(client), "address": "river@example.org"}
    await client.post("/account/mail", data=form)

    def rows(tx: sa.Connection) -> str:
        found = ""
        for table in sa.inspect(tx).get_table_names():
            found += str(tx.exec_driver_sql(f'SELECT * FROM "{table}"').all())  # noqa: S608 our own
        return found

    assert "river@example" not in await place.db.read(rows)


@pytest.mark.parametrize(
    ("wishes", "status", "code"),
    [
        ({**WISHES, "address": "river"}, 422, "bad-address"),
        ({**WISHES, "address": "a@b.example\r\nBcc: c@d.example"}, 422, "bad-address"),
        (WISHES, 404, "no-contact"),
        ({**WISHES, "lang": "xx"}, 422, "invalid"),
        ({"lang": "en"}, 422, "invalid"),
    ],
)
async def test_a_no_has_a_code(
    client: Client, wishes: dict[str, object], status: int, code: str
) -> None:
    await sign_up_by_form(client)
    headers = {"x-csrf-token": await csrf_of(client)}

    answer = await client.put(API, json=wishes, headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")


async def test_an_address_is_not_asked_again_and_again(client: Client) -> None:
    await sign_up_by_form(client)
    headers = {"x-csrf-token": await csrf_of(client)}
    asked = {**WISHES, "address": "river@example.org"}
    statuses = [(await client.put(API, json=asked, headers=headers)).status_code for _ in range(4)]

    assert statuses == [200, 200, 200, 429]


async def test_strangers_have_no_mail(client: Client) -> None:
    assert (await client.get(API)).status_code in (401, 403)
    assert (await client.put(API, json=WISHES)).status_code in (401, 403)
    assert (await client.get("/account/mail", follow_redirects=False)).status_code == 303


@pytest.mark.parametrize("ticket", ["confirm.x.y", "rubbish", "confirm." + "a" * 32 + ".x"])
async def test_a_forged_link_does_nothing(client: Client, ticket: str) -> None:
    answer = await client.post(f"/mail/{ticket}", headers={"accept": "application/json"})

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/bad-ticket")


async def test_without_a_mail_server_none_is_offered(place: Place, sqlite_db: Database) -> None:
    async with client_for(
        place.db,
        *api.routes,
        *pages.routes,
        *mail.routes,
        people=place.people,
        clock=place.clock,
        authenticate=place.people.access.identify,
    ) as client:
        client.headers["origin"] = BASE
        await sign_up_by_form(client)
        page = await client.get("/account/mail")
        asked = {**WISHES, "address": "river@example.org"}
        headers = {"x-csrf-token": await csrf_of(client)}
        answer = await client.put(API, json=asked, headers=headers)

    assert "No mail is sent from here." in page.text
    assert answer.json()["type"] == "/problems/mail-not-offered"
    standing = await sqlite_db.read(partial(queries.standing, now=place.now))
    assert standing.waiting == 0
