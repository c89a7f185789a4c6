"""The pages work without script, return to where somebody came from, and tell before they send."""

import asyncio
from datetime import timedelta
from functools import partial
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

import pytest
import sqlalchemy as sa
from typing_extensions import override

from gentie.accounts import queries
from gentie.accounts.model import IdentityExpired, PosterFacts
from gentie.accounts.rules import require_identity
from gentie.kernel.ids import AccountId
from gentie.storage.schema import metadata
from gentie.vault.tables import vault_metadata
from gentie.web.account import pages
from gentie.web.account.returning import HOME, safe_path
from tests.accounts.build import REAL_NAME
from tests.web.account.build import PASSWORD, Client, Place, csrf_of, sign_up_by_form

BACK = "/t/daily/article-42?sort=top#write"


async def set_out(client: Client, **changes: str) -> str:
    """Consent and go. Returns where the provider is."""
    form = {"provider": "sandbox", "consent": "yes", "next": BACK, "csrf": await csrf_of(client)}
    page = await client.post("/account/verify", data={**form, **changes})
    assert page.status_code == 200, page.text
    return page.headers["refresh"].partition("url=")[2]


async def come_back(client: Client, place: Place, person: str, way_out: str) -> tuple[int, str]:
    """Status and place or text of the callback."""
    callback = place.wire.consent_of(person, way_out)
    query = {name: getattr(callback, name) for name in ("state", "code", "iss", "error")}
    answer = await client.get(
        f"/account/verify/callback?{urlencode(query)}", follow_redirects=False
    )
    return answer.status_code, answer.headers.get("location", answer.text)


async def poster_of(client: Client, place: Place) -> PosterFacts:
    me = (await client.get("/api/v1/account/session")).json()
    return await place.db.read(partial(queries.get_poster, account=AccountId(me["id"])))


class TestReturning:
    @pytest.mark.parametrize("path", [BACK, "/", "/account/verify?next=/x"])
    def test_stays_here(self, path: str) -> None:
        assert safe_path(path) == path

    @pytest.mark.parametrize(
        "path",
        [
            "",
            "//evil.test",
            "/\\evil.test",
            "\\/evil.test",
            "http://evil.test",
            "javascript:alert(1)",
            "/a\nb",
            "/\tevil",
            "/a b",
            "/é",
            "/" + "x" * 4000,
        ],
    )
    def test_never_leads_elsewhere(self, path: str) -> None:
        assert safe_path(path) == HOME


async def test_signing_up_leads_back(place: Place) -> None:
    async with place.client() as client:
        page = await client.get(f"/account/sign-up?{urlencode({'next': BACK})}")
        form = {"name": "渡口的风", "password": PASSWORD, "next": BACK}
        answer = await client.post("/account/sign-up", data=form, follow_redirects=False)
        me = await client.get("/account/me")
        leave = await client.get("/account/leave")

    assert f'value="{BACK}"' in page.text
    assert (answer.status_code, answer.headers["location"]) == (303, BACK)
    assert "渡口的风" in me.text
    assert 'href="/api/v1/me/export"' in leave.text


async def test_a_refused_form_keeps_what_was_typed(place: Place) -> None:
    async with place.client() as client:
        form = {"name": '"><b>Ferryman', "password": "short", "next": BACK}
        short = await client.post("/account/sign-up", data=form)
        wrong = await client.post("/account/sign-in", data=form)

    assert (short.status_code, wrong.status_code) == (422, 401)
    for page in (short, wrong):
        assert "&#34;&gt;&lt;b&gt;Ferryman" in page.text
        assert "<b>" not in page.text
        assert 'role="alert"' in page.text
        assert BACK in page.text


@pytest.mark.parametrize("path", ["/account/me", "/account/verify?next=/t/x/y"])
async def test_strangers_sign_in_first_and_come_back(place: Place, path: str) -> None:
    async with place.client() as client:
        answer = await client.get(path, follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/account/sign-in?{urlencode({'next': path})}"


@pytest.mark.parametrize(
    "path", [p for h in pages.HANDLERS for p in h.paths if "POST" in h.http_methods]
)
async def test_every_form_proves_where_it_comes_from(place: Place, path: str) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        answer = await client.post(f"/account{path}", data={"csrf": "made up"})

    assert answer.status_code == 403


@pytest.mark.clause("2017-6.1a")
async def test_the_agreement_leads_back_when_accepted(place: Place) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        address = f"/account/agreement?{urlencode({'regime': 'cn-2022-final', 'next': BACK})}"
        page = await client.get(address, headers={"accept-language": "zh-CN"})
        form = {"regime": "cn-2022-final", "version": "1", "next": BACK}
        form["csrf"] = await csrf_of(client)
        answer = await client.post("/account/agreement", data=form, follow_redirects=False)
        after = await client.get(address, headers={"accept-language": "zh-CN"})
        poster = await poster_of(client, place)

    assert "服务协议" in page.text
    assert 'lang="zh-CN"' in page.text
    assert answer.headers["location"] == BACK
    assert "你已经接受了这一版" in after.text
    assert [(one.regime, one.number) for one in poster.accepted] == [("cn-2022-final", 1)]


@pytest.mark.parametrize("regime", ["none", "../x"])
async def test_an_unknown_agreement_is_not_there(place: Place, regime: str) -> None:
    async with place.client() as client:
        answer = await client.get(f"/account/agreement?{urlencode({'regime': regime})}")

    assert answer.status_code == 404


@pytest.mark.clause("2017-5.1a", "2017-5.1b", "2017-5.1c", "2022-4.1a", "2022-4.1c")
class TestVerifying:
    async def test_tells_before_anything_is_sent(self, place: Place) -> None:
        async with place.client() as client:
            await sign_up_by_form(client)
            page = await client.get("/account/verify")

        assert place.wire.seen == []
        for said in ("What is checked", "What we keep", "keyed mark", "take your consent back"):
            assert said in page.text

    async def test_leads_there_and_back_to_the_comment(self, any_place: Place) -> None:
        place = any_place
        async with place.client() as client:
            await sign_up_by_form(client)
            status, location = await come_back(client, place, "lin", await set_out(client))
            poster = await poster_of(client, place)
            me = await client.get("/account/me")

        assert (status, location) == (303, BACK)
        require_identity(poster, REAL_NAME, now=place.now)
        assert "Verified" in me.text

    async def test_expires_at_the_gate(self, place: Place) -> None:
        async with place.client() as client:
            await sign_up_by_form(client)
            await come_back(client, place, "lin", await set_out(client))
            poster = await poster_of(client, place)

        with pytest.raises(IdentityExpired):
            require_identity(poster, REAL_NAME, now=place.now + timedelta(days=345))

    async def test_keeps_nothing_that_can_be_read(self, place: Place) -> None:
        async with place.client() as client:
            await sign_up_by_form(client)
            way_out = await set_out(client)
            await come_back(client, place, "lin", way_out)
            ticket = client.cookies.get("gentie-verify")
        stored = await everything_in(place)

        for word in ("sandbox-lin", "林小满", 'lin"', PASSWORD, str(ticket or "no ticket")):
            assert word not in stored

    async def test_one_person_is_one_person_on_any_account(self, place: Place) -> None:
        persons = []
        for name, person in (("First", "lin"), ("Second", "lin"), ("Third", "zhou")):
            async with place.client() as client:
                await sign_up_by_form(client, name)
                await come_back(client, place, person, await set_out(client))
                poster = await poster_of(client, place)
                persons.append(poster.verification and poster.verification.person)

        assert persons[0] == persons[1] != persons[2]

    async def test_an_account_belongs_to_one_person(self, place: Place) -> None:
        async with place.client() as client:
            await sign_up_by_form(client)
            await come_back(client, place, "lin", await set_out(client))
            status, text = await come_back(client, place, "zhou", await set_out(client))
            poster = await poster_of(client, place)

        assert status == 403
        assert "belongs to one person" in text
        assert poster.verification is not None

    @pytest.mark.parametrize("person", ["wu", "chen", "nobody"])
    async def test_what_is_too_weak_or_too_old_verifies_nobody(
        self, place: Place, person: str
    ) -> None:
        async with place.client() as client:
            await sign_up_by_form(client)
            status, _ = await come_back(client, place, person, await set_out(client))
            poster = await poster_of(client, place)

        assert (status, poster.verification) == (403, None)

    async def test_a_callback_counts_once(self, place: Place) -> None:
        async with place.client() as client:
            await sign_up_by_form(client)
            way_out = await set_out(client)
            callback = place.wire.consent_of("lin", way_out)
            query = urlencode({"state": callback.state, "code": callback.code, "iss": callback.iss})
            address = f"/account/verify/callback?{query}"
            kept = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
            again = partial(client.get, address, headers={"cookie": kept}, follow_redirects=False)
            answers = await asyncio.gather(*(again() for _ in range(3)))

        assert sorted(one.status_code for one in answers) == [303, 400, 400]
        assert place.wire.seen.count("token") == 1

    async def test_a_callback_belongs_to_the_browser_that_set_out(self, place: Place) -> None:
        async with place.client() as victim, place.client() as attacker:
            await sign_up_by_form(victim, "Victim")
            await sign_up_by_form(attacker, "Attacker")
            theirs = await set_out(attacker)
            await set_out(victim)
            status, _ = await come_back(victim, place, "zhou", theirs)
            poster = await poster_of(victim, place)

        assert (status, poster.verification) == (403, None)

    async def test_a_stranger_or_a_late_one_starts_again(self, place: Place) -> None:
        async with place.client() as client:
            await sign_up_by_form(client)
            bare = await client.get("/account/verify/callback")
            way_out = await set_out(client)
            place.now += timedelta(minutes=15)
            client.cookies.set("gentie-verify", client.cookies.get("gentie-verify") or "")
            query = urlencode({"state": "x", "code": "x"})
            late = await client.get(f"/account/verify/callback?{query}")

        assert way_out
        assert (bare.status_code, late.status_code) == (400, 400)

    async def test_needs_the_consent(self, place: Place) -> None:
        async with place.client() as client:
            await sign_up_by_form(client)
            form = {"provider": "sandbox", "next": BACK, "csrf": await csrf_of(client)}
            answer = await client.post("/account/verify", data=form)

        assert answer.status_code == 403
        assert await count(place, "verification_attempt") == 0

    async def test_a_provider_that_is_down_changes_nothing(self, place: Place) -> None:
        place.wire.down = True
        async with place.client() as client:
            await sign_up_by_form(client)
            form = {"provider": "sandbox", "consent": "yes", "csrf": await csrf_of(client)}
            out = await client.post("/account/verify", data=form)
            place.wire.down = False
            way_out = await set_out(client)
            place.wire.down = True
            status, _ = await come_back(client, place, "lin", way_out)

        assert (out.status_code, status) == (503, 503)
        assert await count(place, "account_verification") == 0

    async def test_taking_the_consent_back_ends_it(self, place: Place) -> None:
        async with place.client() as client:
            await sign_up_by_form(client)
            await come_back(client, place, "lin", await set_out(client))
            form = {"purpose": "identity-check", "given": "no", "csrf": await csrf_of(client)}
            await client.post("/account/privacy/consent", data=form)
            poster = await poster_of(client, place)
            me = await client.get("/account/me")

        assert poster.verification is not None
        assert poster.verification.revoked_at == place.now
        assert "has ended" in me.text

    async def test_an_unknown_provider_is_refused(self, place: Place) -> None:
        async with place.client() as client:
            await sign_up_by_form(client)
            form = {"provider": "evil", "consent": "yes", "csrf": await csrf_of(client)}
            answer = await client.post("/account/verify", data=form)

        assert answer.status_code == 404


async def test_closing_an_account_signs_out_everywhere(place: Place) -> None:
    async with place.client() as client, place.client() as elsewhere:
        await sign_up_by_form(client)
        form = {"name": "渡口的风", "password": PASSWORD}
        await elsewhere.post("/account/sign-in", data=form)
        await client.post("/account/close", data={"sure": "yes", "csrf": await csrf_of(client)})
        page = await elsewhere.get("/account/me", follow_redirects=False)
        answer = await elsewhere.get("/api/v1/account/session")

    assert page.status_code == 303
    assert answer.status_code == 401


async def test_a_name_is_changed(place: Place) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        form = {"name": "江上的船", "csrf": await csrf_of(client)}
        await client.post("/account/name", data=form)
        no = await client.post("/account/name", data=form | {"name": "x" * 60})

        assert (await poster_of(client, place)).name == "江上的船"
        assert (no.status_code, "x" * 60 in no.text, 'role="alert"' in no.text) == (422, True, True)


class Wellformed(HTMLParser):
    """Every page has one h1, a language, labels for its fields, and no script or style in it."""

    def __init__(self) -> None:
        super().__init__()
        self.h1, self.labels, self.fields = 0, set[str](), set[str]()
        self.forbidden: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.h1 += tag == "h1"
        if tag == "label" and "for" in given:
            self.labels.add(str(given["for"]))
        if tag == "input" and given.get("type") not in {"hidden", "radio", "checkbox"}:
            self.fields.add(str(given["id"]))
        inline = any(name == "style" or name.startswith("on") for name in given)
        if tag in {"script", "style"} or inline:
            self.forbidden.append(tag)
        address = given.get("href") or given.get("action") or ""
        if urlsplit(address).netloc:
            self.forbidden.append(address)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("path", ["sign-up", "sign-in", "verify", "agreement", "me", "notices"])
async def test_pages_are_plain_and_labelled(place: Place, path: str, lang: str) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        page = await client.get(f"/account/{path}", headers={"accept-language": lang})

    parser = Wellformed()
    parser.feed(page.text)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert f'<html lang="{lang}">' in page.text
    assert (parser.h1, parser.forbidden) == (1, [])
    assert parser.fields <= parser.labels


async def count(place: Place, table: str) -> int:
    query = sa.select(sa.func.count()).select_from(metadata.tables[table])
    return await place.db.read(lambda tx: tx.scalar(query) or 0)


async def everything_in(place: Place) -> str:
    """Every row of both databases as text."""

    def rows(tx: sa.Connection, tables: sa.MetaData) -> str:
        return "\n".join(
            str(tuple(row)) for one in tables.sorted_tables for row in tx.execute(sa.select(one))
        )

    main = await place.db.read(partial(rows, tables=metadata))
    return main + await place.vault.read(partial(rows, tables=vault_metadata))
