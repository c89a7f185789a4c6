"""A site's own users: its word ties them to an account, and never speaks for them."""

from functools import partial
from html import unescape
from typing import Any

import pytest

from gentie.actions.operations.set_site_key import set_site_key
from gentie.kernel.actor import OPERATOR
from gentie.visits.model import SiteKey
from gentie.visits.tokens import lock_secret
from tests.newsroom import NOTEBOOK
from tests.visits.tokens import KEYS, SECRET, signed
from tests.web.account.build import PASSWORD
from tests.web.embed.host import (
    API,
    CODE,
    FIELD,
    THREAD,
    Host,
    a_member,
    address,
    answered,
    host,
    window,
)
from tests.whole import Client, Whole, quick_hashes, whole

__all__ = ["host", "quick_hashes", "whole", "window"]

pytestmark = pytest.mark.clause("2017-5.1b", "2017-5.2b", "2022-4.1b")


@pytest.fixture(autouse=True)
async def _keys(whole: Whole) -> None:
    lock = partial(lock_secret, SECRET, key=whole.people.site_key, site=NOTEBOOK)
    shared = SiteKey(kid="hs", alg="HS256", key=lock(kid="hs"))
    for key in (KEYS["ec"], KEYS["ed"], shared):
        setting = partial(set_site_key, site=NOTEBOOK, kid=key.kid, key=key, acting=OPERATOR)
        await whole.db.act(partial(setting, now=whole.now))


async def introduced(host: Host, kid: str = "ec", **changes: Any) -> str:
    body = {"site": "notebook", "token": signed(kid, **changes)}
    status = await host.ask("POST", f"{API}/session/introduce", body)
    assert status == 200, host.answer.text
    return str(host.answer.json()["introduced"])


async def join(window: Client, handle: str, **changes: str) -> int:
    page = await window.get(address(introduced=handle))
    fields = {name: unescape(said) for name, said in FIELD.findall(page.text)}
    answer = await window.post("/account/connect/join", data={**fields, **changes})
    return answer.status_code


@pytest.mark.parametrize("kid", [*KEYS])
async def test_a_user_of_the_site_takes_part_with_one_touch(
    window: Client, host: Host, kid: str
) -> None:
    handle = await introduced(host, kid)
    page = await window.get(address(introduced=handle), headers={"accept-language": "zh-CN"})
    assert "也不能替你发言" in page.text
    assert await join(window, handle) == 200
    code = CODE.findall(await answered(window, introduced=handle))
    assert await host.exchange(code[0]) == 200

    assert host.answer.json()["me"]["name"] == "harbour light"


async def test_the_token_alone_opens_nothing(window: Client, host: Host) -> None:
    token = signed()
    host.token = token
    assert await host.ask("POST", THREAD + "/comments", {"text": "I speak for them"}) == 401
    host.token = ""
    handle = await introduced(host)
    host.token = handle
    assert await host.ask("POST", THREAD + "/comments", {"text": "I speak for them"}) == 401
    host.token = ""
    assert await host.exchange(handle) == 400


async def test_a_site_cannot_enter_an_account_that_is_tied_to_its_user(
    window: Client, host: Host
) -> None:
    await join(window, await introduced(host))
    window.cookies.clear()
    handle = await introduced(host, jti="token-number-2")

    page = await window.get(address(introduced=handle), follow_redirects=False)
    again = await window.post(
        "/account/connect/join",
        data={**_fields(handle), "name": "somebody else"},
        follow_redirects=False,
    )

    assert page.headers["location"].startswith("/account/sign-in")
    assert again.status_code == 409


async def test_another_account_in_the_same_browser_is_turned_away(
    window: Client, host: Host
) -> None:
    await join(window, await introduced(host), password=PASSWORD)
    window.cookies.clear()
    await a_member(window, "a neighbour")
    handle = await introduced(host, jti="token-number-2")

    page = await window.get(address(introduced=handle))

    assert page.status_code == 409


async def test_an_account_that_is_there_is_tied_when_its_person_says_yes(
    window: Client, host: Host
) -> None:
    await a_member(window, "old hand")
    code = CODE.findall(await answered(window, introduced=await introduced(host)))
    assert await host.exchange(code[0]) == 200
    window.cookies.clear()

    later = await introduced(host, jti="token-number-2")
    page = await window.get(address(introduced=later), follow_redirects=False)

    assert host.answer.status_code == 200
    assert page.status_code == 303


async def test_a_token_counts_once_and_on_listed_pages_only(window: Client, host: Host) -> None:
    await introduced(host)
    body = {"site": "notebook", "token": signed()}
    again = await host.ask("POST", f"{API}/session/introduce", body)
    reason = host.answer.json()
    host.origin = "https://evil.example"
    body["token"] = signed(jti="token-number-3")
    elsewhere = await host.ask("POST", f"{API}/session/introduce", body)

    assert (again, elsewhere) == (400, 403)
    assert reason["type"].endswith("site-token-invalid")


async def test_nothing_of_the_sites_name_for_the_user_is_kept(whole: Whole, host: Host) -> None:
    handle = await introduced(host)
    kept = str(await whole.rows())

    assert "user-17" not in kept
    assert handle not in kept
    assert "token-number-1" not in kept


async def test_a_name_that_is_taken_is_asked_for_again(window: Client, host: Host) -> None:
    await a_member(window)
    window.cookies.clear()
    handle = await introduced(host)

    assert await join(window, handle) == 409
    assert await join(window, handle, name="harbour light two") == 200


async def test_an_old_introduction_is_of_no_use(whole: Whole, window: Client, host: Host) -> None:
    handle = await introduced(host)
    whole.now = whole.now.replace(hour=whole.now.hour + 1)

    assert (await window.get(address(introduced=handle))).status_code == 400


def _fields(handle: str) -> dict[str, str]:
    from urllib.parse import parse_qsl, urlsplit  # noqa: PLC0415 for this alone

    return dict(parse_qsl(urlsplit(address(introduced=handle)).query))
