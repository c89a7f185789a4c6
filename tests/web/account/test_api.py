"""The JSON doors: who gets in, who is told what, and what a cookie alone cannot do."""

from datetime import timedelta
from functools import partial

import pytest

from gentie.accounts import queries, totp
from gentie.accounts.model import Role, Staff
from gentie.accounts.names import name_key
from gentie.accounts.passwords import hash_password
from gentie.actions.identity.end_staff import end_staff
from gentie.actions.identity.open_staff import NewStaff, open_staff
from tests.actions.identity.build import ADMIN, FACTOR
from tests.web.account.build import BASE, PASSWORD, Client, Place, csrf_of

ME = "/api/v1/account/session"


async def sign_up(client: Client, name: str = "Ferryman") -> dict[str, str]:
    """Returns the headers of the new session."""
    answer = await client.post("/api/v1/account/sign-up", json={"name": name, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return {"authorization": f"Bearer {answer.json()['token']}"}


async def sign_in(client: Client, **fields: str) -> tuple[int, dict[str, str]]:
    asked = {"name": "Ferryman", "password": PASSWORD, **fields}
    answer = await client.post("/api/v1/account/sign-in", json=asked)
    return answer.status_code, answer.json()


async def a_moderator(place: Place) -> Staff:
    new = NewStaff(
        name="Gu Jiang", role=Role.MODERATOR, stored=hash_password(PASSWORD), factor=FACTOR
    )
    opening = partial(open_staff, new=new, factor_key=place.people.factor_key, acting=ADMIN)
    return await place.db.act(partial(opening, now=place.now))


def code_at(place: Place) -> str:
    return totp.code_of(FACTOR, totp.counter_at(place.now))


@pytest.mark.clause("2017-5.1b", "2022-4.1b")
async def test_a_pseudonym_is_enough(place: Place) -> None:
    async with place.client() as client:
        bearer = await sign_up(client)
        me = (await client.get(ME, headers=bearer)).json()

    assert (me["kind"], me["name"], me["verification"]) == ("account", "Ferryman", None)


async def test_strangers_are_anyone(place: Place) -> None:
    async with place.client() as client:
        me = (await client.get(ME)).json()

    assert (me["kind"], me["id"], me["csrf"]) == ("anyone", None, None)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "x", "password": PASSWORD}, 422, "bad-name"),
        ({"name": "Somebody", "password": "short"}, 422, "password-too-short"),
        ({"name": "FERRYMAN", "password": PASSWORD}, 409, "name-taken"),
        ({"name": "Somebody", "password": PASSWORD, "admin": True}, 422, "invalid"),
        ({"name": "Somebody"}, 422, "invalid"),
    ],
)
async def test_signing_up_says_what_is_wrong(
    place: Place, body: dict[str, str], status: int, code: str
) -> None:
    async with place.client() as client:
        await sign_up(client)
        answer = await client.post("/api/v1/account/sign-up", json=body)

    assert (answer.status_code, answer.json()["title"]) == (status, code)


async def test_wrong_names_and_passwords_get_one_answer(place: Place) -> None:
    async with place.client() as client:
        await sign_up(client)
        await a_moderator(place)
        answers = [
            await sign_in(client, password="another one"),
            await sign_in(client, name="Nobody"),
            await sign_in(client, code="000000"),
            await sign_in(client, name="Gu Jiang", code="000000"),
            await sign_in(client, name="Gu Jiang", password="another one", code=code_at(place)),
            await sign_in(client, name="Gu Jiang"),
        ]

    assert {status for status, _ in answers} == {401}
    assert len({tuple(sorted(body.items())) for _, body in answers}) == 1


async def test_guessing_is_slowed_down(place: Place) -> None:
    async with place.client() as client:
        await sign_up(client)
        codes = [(await sign_in(client, password="another one"))[0] for _ in range(10)]
        status, body = await sign_in(client)
        place.now += timedelta(minutes=5)
        later, _ = await sign_in(client)

    assert 429 in {*codes, status}
    assert (status, body["title"]) == (429, "too-many")
    assert later == 200


async def test_a_session_ends(place: Place) -> None:
    async with place.client() as client:
        bearer = await sign_up(client)
        out = await client.post("/api/v1/account/sign-out", headers=bearer)
        again = await client.get(ME, headers=bearer)
        other = await sign_up(client, "Other")
        place.now += timedelta(days=90)
        old = await client.get(ME, headers=other)
        made_up = await client.get(ME, headers={"authorization": "Bearer made-up"})

    assert out.status_code == 204
    for answer in (again, old, made_up):
        assert (answer.status_code, answer.json()["title"]) == (401, "session-expired")


class TestCookies:
    async def test_scripts_cannot_read_it(self, place: Place) -> None:
        async with place.client() as client:
            await sign_up(client)
            answer = await client.post(
                "/api/v1/account/sign-in",
                json={"name": "Ferryman", "password": PASSWORD, "kind": "cookie"},
            )

        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert answer.json()["token"] is None

    async def test_a_cookie_alone_changes_nothing(self, place: Place) -> None:
        async with place.client() as client:
            await sign_up(client)
            _, opened = await sign_in(client, kind="cookie")
            body = {"purpose": "identity-check", "given": True}
            without = await client.post("/api/v1/account/consents", json=body)
            wrong = await client.post(
                "/api/v1/account/consents", json=body, headers={"x-csrf-token": "x"}
            )
            right = await client.post(
                "/api/v1/account/consents", json=body, headers={"x-csrf-token": opened["csrf"]}
            )
            me = (await client.get(ME)).json()

        assert [one.status_code for one in (without, wrong, right)] == [403, 403, 201]
        assert without.json()["title"] == "csrf"
        assert me["csrf"] == opened["csrf"]

    @pytest.mark.parametrize("origin", ["http://evil.test", "null", None])
    async def test_a_form_says_where_it_comes_from(self, place: Place, origin: str | None) -> None:
        async with place.client() as client:
            await sign_up(client)
            await sign_in(client, kind="cookie")
            del client.headers["origin"]
            headers = {"origin": origin} if origin else {}
            form = {"sure": "yes", "csrf": await csrf_of(client)}
            answer = await client.post("/account/close", data=form, headers=headers)
            me = (await client.get(ME)).json()

        assert answer.status_code == 403
        assert me["kind"] == "account"

    async def test_a_form_of_our_public_address_passes_behind_a_proxy(self, place: Place) -> None:
        async with place.client() as client:
            await sign_up(client)
            await sign_in(client, kind="cookie")
            headers = {"origin": BASE, "host": "127.0.0.1:8080"}
            form = {"sure": "yes", "csrf": await csrf_of(client)}
            answer = await client.post(
                "/account/close", data=form, headers=headers, follow_redirects=False
            )

        assert answer.status_code == 200
        assert "Your account is closed" in answer.text


class TestStaff:
    async def test_come_in_with_their_code_once(self, place: Place) -> None:
        async with place.client() as client:
            await a_moderator(place)
            status, opened = await sign_in(client, name="Gu Jiang", code=code_at(place))
            again, _ = await sign_in(client, name="Gu Jiang", code=code_at(place))
            bearer = {"authorization": f"Bearer {opened['token']}"}
            me = (await client.get(ME, headers=bearer)).json()

        assert (status, again) == (200, 401)
        assert (me["kind"], me["role"], me["name"]) == ("staff", "moderator", None)
        assert "review:decide" in me["scopes"]

    async def test_are_out_when_they_have_left(self, place: Place) -> None:
        async with place.client() as client:
            member = await a_moderator(place)
            _, opened = await sign_in(client, name="Gu Jiang", code=code_at(place))
            leaving = partial(end_staff, member=member.id, acting=ADMIN, now=place.now)
            await place.db.act(leaving)
            bearer = {"authorization": f"Bearer {opened['token']}"}
            answer = await client.get(ME, headers=bearer)

        assert answer.status_code == 401


@pytest.mark.clause("2017-6.1a")
async def test_the_agreement_is_read_and_accepted(place: Place) -> None:
    async with place.client() as client:
        bearer = await sign_up(client)
        read = (await client.get("/api/v1/account/agreement?regime=neutral")).json()
        body = {"regime": "neutral", "version": read["version"]}
        accepted = await client.post("/api/v1/account/agreement", json=body, headers=bearer)
        other = await client.post(
            "/api/v1/account/agreement", json={**body, "version": 7}, headers=bearer
        )
        stranger = await client.post("/api/v1/account/agreement", json=body)
        unknown = await client.get("/api/v1/account/agreement?regime=none")

    assert {"1", "2", "3"} <= {section["number"] for section in read["sections"]}
    statuses = [one.status_code for one in (accepted, other, stranger, unknown)]
    assert statuses == [201, 409, 403, 404]


async def test_consents_are_given_and_taken_back_in_one_step_each(place: Place) -> None:
    async with place.client() as client:
        bearer = await sign_up(client)
        for given in (True, False):
            body = {"purpose": "identity-check", "given": given}
            await client.post("/api/v1/account/consents", json=body, headers=bearer)
            listed = (await client.get("/api/v1/account/consents", headers=bearer)).json()
            assert [one["given"] for one in listed] == [given]
        stranger = await client.get("/api/v1/account/consents")

    assert stranger.status_code == 403


async def test_nothing_of_a_password_is_stored(place: Place) -> None:
    async with place.client() as client:
        await sign_up(client)
    credentials = await place.db.read(
        partial(queries.find_credentials, name_key=name_key("Ferryman"))
    )

    assert credentials is not None
    assert PASSWORD not in credentials.stored
