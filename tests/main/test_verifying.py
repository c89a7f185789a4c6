"""From the first form to a verified account, against the real command with its sandbox."""

import re
import socket
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from tests.serving import serving

BACK = "/docs#write"
FIELD = re.compile(r'name="(csrf|handle)" value="([^"]+)"')


def free_port() -> int:
    """The sandbox names itself by the service's address, so it has to be known before."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def field_of(page: httpx.Response, name: str) -> str:
    return str(dict(FIELD.findall(page.text))[name])


def verified(browser: httpx.Client, person: str) -> httpx.Response:
    """Every page and form in turn, as a person without script would see them."""
    page = browser.get("/account/verify", params={"next": BACK})
    form = {"csrf": field_of(page, "csrf"), "provider": "sandbox", "consent": "yes", "next": BACK}
    going = browser.post("/account/verify", data=form)
    assert going.status_code == 200, going.text
    choosing = browser.get(going.headers["refresh"].partition("url=")[2])
    assert "SANDBOX · 沙盒" in choosing.text
    picked = {"handle": field_of(choosing, "handle"), "person": person}
    back = browser.post("/sandbox/authorize", data=picked)
    assert back.status_code == 303, back.text
    return browser.get(back.headers["location"])


@pytest.mark.clause("2017-5.1a", "2022-4.1a")
def test_a_person_is_verified_and_comes_back(tmp_path: Path) -> None:
    data, port = tmp_path / "news", free_port()
    data.mkdir()
    (data / "gentie.toml").write_text(f"demo = true\nport = {port}\n")
    with serving(data, "--port", str(port)) as (_, address):
        origin = {"origin": address}
        with httpx.Client(base_url=address, headers=origin) as browser:
            form = {"name": "渡口的风", "password": "several plain words", "next": BACK}
            signed_up = browser.post("/account/sign-up", data=form)
            assert signed_up.headers.get("location") == BACK, signed_up.text
            weak, strong = verified(browser, "wu"), verified(browser, "lin")
            me = browser.get("/api/v1/account/session").json()
            agreement = browser.get(f"/account/agreement?{urlencode({'regime': 'cn-2017'})}")

    assert weak.status_code == 403
    assert (strong.status_code, strong.headers["location"]) == (303, BACK)
    assert me["verification"]["method"] == "id_number"
    assert agreement.status_code == 200
