"""Signing in from a page of another site, as a browser does it: windows, codes, tokens, frames."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from litestar.routes import HTTPRoute

from gentie.visits.model import TOKEN_TERM
from tests.visits.build import PAGE
from tests.web.account.build import BASE, PASSWORD
from tests.web.embed.host import (
    API,
    ASKED,
    CODE,
    FIELD,
    OPENER,
    OTHER,
    STATE,
    THREAD,
    Host,
    a_member,
    address,
    answered,
    code_for,
    nothing_kept,
)
from tests.web.embed.host import host as host  # noqa: PLC0414 a fixture
from tests.web.embed.host import window as window  # noqa: PLC0414 a fixture
from tests.whole import Client, Whole, quick_hashes, whole

__all__ = ["quick_hashes", "whole"]


class TestWindow:
    async def test_leads_from_nothing_to_a_token_and_a_comment(
        self, window: Client, host: Host
    ) -> None:
        page = await window.get(address())
        assert page.url.path == "/account/sign-in"
        way = page.url.params["next"]
        form = {"name": "harbour light", "password": PASSWORD, "next": way}
        page = await window.post("/account/sign-up", data=form)
        assert page.url.path == "/account/connect"
        step = re.search(r'href="(/account/agreement[^"]*)"', page.text)
        assert step
        page = await window.get(unescape(step[1]))
        fields = {name: unescape(said) for name, said in FIELD.findall(page.text)}
        page = await window.post("/account/agreement", data=fields)
        assert page.url.path == "/account/connect"
        assert "/account/agreement" not in page.text

        assert await host.exchange(await code_for(window)) == 200
        assert host.answer.json()["me"]["name"] == "harbour light"
        assert host.answer.headers["access-control-allow-origin"] == PAGE
        assert await host.ask("POST", f"{THREAD}/comments", {"text": "From elsewhere."}) == 201
        assert await host.ask("GET", f"{THREAD}/mine") == 200
        assert host.answer.json()["items"][0]["text"] == "From elsewhere."

    async def test_keeps_its_opener_on_the_way_and_nowhere_else(self, window: Client) -> None:
        seen = {}
        for path in (address(), f"/account/sign-up?{urlencode({'next': address()})}"):
            answer = await window.get(path, follow_redirects=False)
            seen[path] = answer.headers[OPENER]
        answer = await window.get(f"/account/sign-in?{urlencode({'next': address()})}")
        seen["sign-in"] = answer.headers[OPENER]
        form = {"name": "harbour light", "password": PASSWORD, "next": address()}
        answer = await window.post("/account/sign-up", data=form, follow_redirects=False)
        seen["signed up"] = answer.headers[OPENER]
        seen["connect"] = (await window.get(address())).headers[OPENER]
        agreement = f"/account/agreement?{urlencode({'regime': 'neutral', 'next': address()})}"
        seen["agreement"] = (await window.get(agreement)).headers[OPENER]
        assert set(seen.values()) == {"unsafe-none"}

        for path in ("/account/me", "/account/sites", "/account/sign-in", "/account/sign-up"):
            answer = await window.get(path, follow_redirects=False)
            assert answer.headers[OPENER] == "same-origin"
        away = urlencode({"next": "/account/connection"})
        answer = await window.get(f"/account/sign-in?{away}")
        assert answer.headers[OPENER] == "same-origin"

    async def test_asks_once_and_again_after_signing_out_there(
        self, window: Client, host: Host
    ) -> None:
        await a_member(window)
        assert "data-quiet" not in (await window.get(address())).text
        await host.exchange(await code_for(window))
        assert "data-quiet" in (await window.get(address())).text

        assert await host.ask("POST", f"{API}/session/end") == 204
        assert await host.ask("GET", f"{API}/session") == 401
        assert "data-quiet" not in (await window.get(address())).text
        assert (await window.get("/account/me")).status_code == 200

    async def test_takes_a_no(self, window: Client) -> None:
        await a_member(window)

        page = await answered(window, "no")

        assert CODE.findall(page) == [""]

    @pytest.mark.parametrize(
        "changes",
        [
            {"origin": "https://elsewhere.example"},
            {"origin": "https://page.example.evil.test"},
            {"origin": "https://page.example:443"},
            {"origin": "null"},
            {"origin": "*"},
            {"origin": ""},
            {"origin": BASE},
            {"mode": "frame"},
            {"mode": "else"},
            {"state": "short"},
            {"state": "x" * 65},
            {"state": "a state with spaces in it"},
            {"code_challenge": ""},
            {"code_challenge": "plain"},
            {"mode": "redirect", "return_to": "https://evil.test/"},
            {"mode": "redirect", "return_to": "https://page.example@evil.test/"},
            {"mode": "redirect", "return_to": "javascript:alert(1)"},
            {"mode": "redirect", "return_to": ""},
        ],
    )
    async def test_opens_for_nobody_else(self, window: Client, changes: dict[str, str]) -> None:
        await a_member(window)

        assert (await window.get(address(**changes))).status_code == 403
        page = await window.get(address())
        form = page.text.partition('action="/account/connect"')[2].partition("</form>")[0]
        body = {**dict(FIELD.findall(form)), **ASKED, **changes, "answer": "yes"}
        assert (await window.post("/account/connect", data=body)).status_code == 403

    async def test_gives_no_code_without_the_form_of_this_session(self, window: Client) -> None:
        await a_member(window)
        body = {**ASKED, "answer": "yes", "csrf": "made-up"}

        assert (await window.post("/account/connect", data=body)).status_code == 403
        foreign = {"origin": PAGE}
        answer = await window.post("/account/connect", data=body, headers=foreign)
        assert answer.status_code == 403

    async def test_of_no_site_is_not_there(self, window: Client) -> None:
        assert (await window.get(address(site="nowhere"))).status_code == 404

    async def test_cannot_be_framed(self, window: Client) -> None:
        for path in (address(), "/account/sign-in", "/account/sites"):
            policy = (await window.get(path)).headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy

    async def test_comes_back_by_redirect_where_windows_are_blocked(
        self, window: Client, host: Host
    ) -> None:
        await a_member(window)
        there = f"{PAGE}/a?b=%E5%A4%9C"
        page = await answered(window, mode="redirect", return_to=there)
        found = re.search(r'href="([^"#]*)#gentie-code=([^&"]*)&amp;gentie-state=([^"]*)"', page)

        assert found
        assert (unescape(found[1]), found[3]) == (there, STATE)
        assert await host.exchange(found[2]) == 200
        said_no = await answered(window, "no", mode="redirect", return_to=there)
        assert f"{there}#gentie-declined={STATE}" in unescape(said_no)


class TestCode:
    async def test_is_worth_nothing_elsewhere(self, window: Client, host: Host) -> None:
        await a_member(window)
        code = await code_for(window)

        assert await host.exchange(code, "x" * 43) == 400
        for origin, status in (("https://elsewhere.example", 403), ("null", 403), (BASE, 400)):
            host.origin = origin
            assert await host.exchange(code) == status
        host.origin = PAGE
        assert await host.ask("POST", f"{API}/session/exchange", {"code": code}) == 422
        assert await host.exchange(code) == 200

    async def test_works_once(self, window: Client, host: Host) -> None:
        await a_member(window)
        code = await code_for(window)

        assert await host.exchange(code) == 200
        assert await host.exchange(code) == 400
        assert await host.ask("GET", f"{API}/session") == 401

    async def test_is_told_before_it_is_sent(self, host: Host) -> None:
        asks = {
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        }
        for path in ("exchange", "renew", "end"):
            assert await host.ask("OPTIONS", f"{API}/session/{path}", **asks) == 204
            assert "access-control-allow-credentials" not in host.answer.headers
        host.origin = "https://elsewhere.example"
        assert await host.ask("OPTIONS", f"{API}/session/exchange", **asks) == 403


class TestToken:
    @pytest.fixture
    async def here(self, window: Client, host: Host) -> Host:
        await a_member(window)
        assert await host.exchange(await code_for(window)) == 200
        return host

    async def test_says_who_is_here(self, here: Host) -> None:
        assert await here.ask("GET", f"{API}/session") == 200
        said = here.answer.json()
        assert (said["name"], said["site"]) == ("harbour light", "notebook")
        assert here.answer.headers["cache-control"] == "no-store"

    async def test_ends_after_minutes_and_is_renewed(self, here: Host, whole: Whole) -> None:
        first, old = here.refresh, here.token
        whole.now += TOKEN_TERM
        assert await here.ask("GET", f"{THREAD}/mine") == 401
        here.token = ""
        assert await here.renew(first) == 200
        assert await here.ask("GET", f"{THREAD}/mine") == 200
        assert here.token != old

        assert await here.renew(first) == 401
        assert await here.ask("GET", f"{THREAD}/mine") == 401

    async def test_is_no_good_from_elsewhere(self, here: Host) -> None:
        for origin in ("https://elsewhere.example", "null", BASE):
            here.origin = origin
            assert await here.ask("GET", f"{THREAD}/mine") == 401
        del here.client.headers["origin"]
        bearer = {"authorization": f"Bearer {here.token}"}
        with nothing_kept(here.client):
            answer = await here.client.get(f"{THREAD}/mine", headers=bearer)
        assert answer.status_code == 401

    async def test_is_no_good_on_another_site(self, here: Host) -> None:
        assert await here.ask("POST", f"{OTHER}/comments", {"text": "Here?"}) == 403
        assert await here.ask("GET", f"{OTHER}/mine") == 403

    async def test_is_no_good_after_signing_out_here(self, here: Host, window: Client) -> None:
        fields = dict(FIELD.findall((await window.get("/account/me")).text))
        await window.post("/account/sign-out", data={"csrf": fields["csrf"]})

        assert await here.ask("GET", f"{THREAD}/mine") == 401
        assert await here.renew(here.refresh) == 401

    async def test_is_no_good_after_leaving_the_site(self, here: Host, window: Client) -> None:
        page = await window.get("/account/sites")
        fields = dict(FIELD.findall(page.text))
        assert fields["site"] == "notebook"
        page = await window.post("/account/sites", data=fields)
        assert 'name="site"' not in page.text

        assert await here.ask("GET", f"{THREAD}/mine") == 401

    async def test_reaches_nothing_of_the_account(self, here: Host, whole: Whole) -> None:
        """Every route there is: what is not public and not on the list says no."""
        assert await here.ask("POST", f"{THREAD}/comments", {"text": "A word."}) == 201
        values = {"site": "notebook", "key": "blog", "comment": here.answer.json()["id"]}
        let_in = set()
        for method, path in sorted(closed_routes(whole)):
            asked = PART.sub(lambda one: values.get(one[1], "1"), path)
            status = await here.ask(method, asked, {} if method != "GET" else None)
            assert status != 500
            if status not in {401, 403, 404, 405}:
                let_in.add(f"{method} {PART.sub('_', path).removeprefix(API)}")

        assert let_in == ALLOWED | {
            "GET /t/_/_",  # ready bytes for everybody, answered before anybody is asked for
            "GET /t/_/_/danmaku",  # the same
            "POST /session/introduce",  # asks for no session: it brings the site's word
            "PUT /sites/_/threads/_",  # reads the body first
            "PUT /sites/_/threads/_/danmaku",  # the same
        }
        declared = {"title": "x", "url": "", "class": "blog", "mode": "post"}
        assert await here.ask("PUT", THREAD, declared) == 403


PART = re.compile(r"\{(\w+)(?::\w+)?\}")


ALLOWED = {
    "DELETE /comments/_",
    "DELETE /sites/_/protection",
    "POST /sites/_/threads/_/danmaku",
    "GET /session",
    "GET /sites/_/threads/_/mine",
    "PATCH /comments/_",
    "POST /reports",
    "POST /session/exchange",
    "POST /session/renew",
    "POST /sites/_/preview",
    "POST /sites/_/protection",
    "POST /sites/_/threads/_/comments",
    "PUT /comments/_/person",
    "PUT /comments/_/replies",
    "PUT /comments/_/vote",
}


def closed_routes(whole: Whole) -> set[tuple[str, str]]:
    """What looks at who is asking. Signing out is left out: nothing else would be let in."""
    routes = [one for one in whole.app.router.routes if isinstance(one, HTTPRoute)]
    return {
        (method, route.path_format)
        for route in routes
        for handler in route.route_handlers
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
        if not handler.opt.get("open_to_all") and not route.path.endswith("/session/end")
    }
