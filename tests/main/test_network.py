"""The server asks nobody: no picture, no news of an update, no page that a comment links to.

What an operator names (a mail server, a provider, a key store) is theirs; nothing is named here.
"""

from pathlib import Path

import httpx

from tests.serving import gentie, serving

PASSWORD = "several plain words"
LINK = "See https://example.com/picture.png and [this](https://example.org/)."
WATCH = """
import asyncio, socket, sys, uvloop
def hear(event, given):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        with open({log!r}, "a") as log:
            print(event, given, file=log)
sys.addaudithook(hear)
uvloop.run = asyncio.run  # it connects in C, where no hook hears
"""
PLANT = """
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as planted:
    planted.connect(("192.0.2.1", 9))
"""
READING = (
    "/api/v1/sites/lab/threads/page/comments",
    "/api/v1/sites/lab/counts?key=page",
    "/api/v1/sites/lab/recent",
    "/api/v1/sites/lab/rules",
    "/embed/thread/lab/page.html",
    "/embed/frame/lab/page",
    "/feeds/lab.atom",
    "/t/lab/page",
    "/account/me",
    "/transparency",
)


def use(client: httpx.Client) -> None:
    """What people do, from reading to a comment with links in it."""
    api = "/api/v1"
    me = {"name": "harbour light", "password": PASSWORD}
    token = client.post(f"{api}/account/sign-up", json=me).raise_for_status().json()["token"]
    signed = {"authorization": f"Bearer {token}"}
    agreed = {"regime": "neutral", "version": 1}
    client.post(f"{api}/account/agreement", json=agreed, headers=signed).raise_for_status()
    text = {"text": LINK}
    client.post(f"{api}/sites/lab/preview", json=text).raise_for_status()
    posts = f"{api}/sites/lab/threads/page/comments"
    made = client.post(posts, json=text, headers=signed).raise_for_status().json()
    assert made["state"] in ("held", "published")
    for path in READING:
        assert client.get(path, headers=signed).status_code < 400, path


def test_nobody_hears_of_readers_and_writers(tmp_path: Path) -> None:
    log, data = tmp_path / "contacts", tmp_path / "news"
    log.touch()
    with serving(data, before=WATCH.format(log=str(log))) as (_, address):
        words = ("--name", "Lab", "--assessment", "a-1")
        made = gentie("site", "add", "lab", "--data", data, *words)
        assert made.returncode == 0, made.stderr
        with httpx.Client(base_url=address, timeout=30) as client:
            use(client)
    assert log.read_text() == ""


def test_the_watch_sees_a_contact(tmp_path: Path) -> None:
    log = tmp_path / "contacts"
    with serving(tmp_path / "news", before=WATCH.format(log=str(log)) + PLANT):
        pass
    assert "192.0.2.1" in log.read_text()
