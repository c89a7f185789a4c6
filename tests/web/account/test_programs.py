"""What programs do without pages: leave, ask for a letter, open an account by a passkey alone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.accounts.authenticator import Device
from tests.web.account import test_linking as letters
from tests.web.account.build import Client, Place, csrf_of, sign_up_by_form
from tests.web.account.test_passkeys import API, a_browser, a_device, enter

ME = "/api/v1/me"


@pytest.fixture
async def client(place: Place) -> AsyncIterator[Client]:
    async with a_browser(place) as client:
        yield client


async def sign_up(client: Client, device: Device, name: str, **other: Any) -> tuple[int, str]:
    client.cookies.clear()
    question = (await client.post(f"{API}/sign-up/begin")).json()
    device.user = question["user"]
    body = device.make(question["challenge"], name=name, user=device.user) | other
    answer = await client.post(f"{API}/sign-up", json=body)
    return answer.status_code, answer.json().get("title", "")


class TestPasskeyAlone:
    async def test_opens_an_account_and_is_the_way_back(self, client: Client) -> None:
        device = a_device()
        assert await sign_up(client, device, "River") == (201, "")
        me = (await client.get("/api/v1/account/session")).json()
        assert (me["name"], me["id"]) == ("River", device.user)
        assert await enter(client, device) == (200, "River")
        dropped = await client.delete(
            f"{API}/{device.sign('x')['credential']}",
            headers={"x-csrf-token": await csrf_of(client)},
        )
        assert dropped.json()["title"] == "last-way-in"

    async def test_a_challenge_of_an_account_opens_no_other(self, client: Client) -> None:
        """Neither one for signing in, nor one that was used, nor one for somebody else's id."""
        first, second = a_device(), a_device(credential=b"d" * 32)
        assert await sign_up(client, first, "River") == (201, "")
        wrong = {"user": first.user}
        assert await sign_up(client, second, "Reed", **wrong) == (403, "passkey-wrong")
        signing = (await client.post(f"{API}/sign-in/begin")).json()["challenge"]
        body = second.make(signing, name="Reed", user=second.user)
        assert (await client.post(f"{API}/sign-up", json=body)).status_code == 403

    async def test_a_taken_name_is_refused_and_nothing_is_left(self, client: Client) -> None:
        assert await sign_up(client, a_device(), "River") == (201, "")
        other = a_device(credential=b"d" * 32)
        assert await sign_up(client, other, "River") == (409, "name-taken")
        assert (await enter(client, other))[0] == 403


class TestLetter:
    async def test_is_asked_for_and_answers_the_same_for_every_address(self, place: Place) -> None:
        async with letters.a_browser(place) as browser:
            await letters.choose(place, browser)
            said = []
            for address in (letters.ADDRESS, "nobody@example.org"):
                asked = {"address": address, "next": letters.BACK}
                answer = await browser.post("/api/v1/account/link", json=asked)
                said.append((answer.status_code, answer.json()))
            assert said[0] == said[1]
            assert said[0][0] == 202
            texts = await letters.letters(place)
            (link,) = [found for text in texts for found in letters.LINK.findall(text)]
            assert await letters.come(browser, link) == (303, letters.BACK)

    async def test_is_refused_where_no_mail_is_sent(self, place: Place) -> None:
        async with letters.a_browser(place, offered=False) as browser:
            answer = await browser.post("/api/v1/account/link", json={"address": letters.ADDRESS})
            assert answer.status_code == 404
            await sign_up_by_form(browser)
            assert "/account/mail" not in (await browser.get("/account/me")).text
