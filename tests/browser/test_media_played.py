"""Sound and video from the first byte to the ear of a stranger, and out of it again.

The real service: its job looks at the file, a person publishes it, a browser plays it by key.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.widget import until
from tests.demo_newsroom import DemoServer
from tests.media.scrubbing.recorded import a_sound, a_video

pytestmark = pytest.mark.browser

PATIENCE = 60
"""Seconds until a file must have been looked at, on a busy machine."""
POSTS = "/sites/daily/threads/post-7/comments"
SPAM = {"class": "spam", "facts": "An advertisement", "message": "No advertising here"}
NUMBER = "Ring 13812345678"
WORDS = "The ferry's bell, twice"


class Town:
    """The demo, and two of its people."""

    def __init__(self, demo: DemoServer, api: httpx.Client) -> None:
        self.demo, self._api = demo, api

    def act(self, role: str, method: str, path: str, **given: Any) -> Any:
        headers = {"authorization": f"Bearer {self.demo.people[role]['token']}"}
        answer = self._api.request(method, path, headers=headers, **given)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def looked_at(self, upload: str) -> dict[str, Any]:
        """What its owner reads once the job has been there."""
        until = time.monotonic() + PATIENCE
        while True:
            found = dict(self.act("commenter", "GET", f"/uploads/{upload}"))
            if found["state"] not in ("receiving", "checking"):
                return found
            assert time.monotonic() < until, found

    def publish(self, comment: str) -> None:
        """By a person: nobody's sound or video is public before."""
        items = self.act("moderator", "GET", "/moderation/queue")["items"]
        (item,) = (one["id"] for one in items if one["comment"] == comment)
        version = self.act("moderator", "POST", f"/moderation/items/{item}/claim")["version"]
        said = {"measure": "publish", "version": version}
        self.act("moderator", "POST", f"/moderation/items/{item}/decide", json=said)

    def status(self, url: str) -> int:
        return httpx.get(f"{self.demo.url}{url}").status_code


@pytest.fixture
def town(demo_server: DemoServer) -> Iterator[Town]:
    with httpx.Client(base_url=f"{demo_server.url}/api/v1", timeout=30) as api:
        yield Town(demo_server, api)


@pytest.mark.clause("2017-2.2b", "2022-2.2", "2017-5.3", "2017-5.5d", "2022-4.4a")
@pytest.mark.parametrize(
    ("kind", "make"),
    [("audio", lambda: a_sound(seconds=3)), ("video", lambda: a_video(sound="aac", seconds=3))],
)
def test_is_screened_reviewed_played_and_removed(
    kind: str, make: Callable[[], bytes], town: Town, chromium: Browser
) -> None:
    sent = {"data": {"site": "daily"}, "files": {"file": ("one", make())}}
    upload = town.act("commenter", "POST", "/uploads", **sent)["id"]
    found = town.looked_at(upload)
    assert (found["state"], found["kind"], found["seconds"]) == (
        "ready",
        kind,
        pytest.approx(3, abs=0.2),
    )
    words = {"alt": "A bell", "transcript": NUMBER}
    assert town.act("commenter", "PATCH", f"/uploads/{upload}", json=words)["state"] == "held"
    words["transcript"] = WORDS
    assert town.act("commenter", "PATCH", f"/uploads/{upload}", json=words)["state"] == "ready"

    said = {"text": "Listen", "attachments": [upload]}
    made = town.act("commenter", "POST", POSTS, json=said)
    url = f"/media/{upload}/{kind}"
    assert (made["state"], town.status(url)) == ("held", 404)
    town.publish(made["id"])
    try:
        assert town.status(url) == 200
        plays(chromium, town, made["id"], kind)
        removal = town.act(
            "moderator", "POST", f"/moderation/comments/{made['id']}/remove", json=SPAM
        )
        assert town.status(url) == 410
        path = f"/moderation/decisions/{removal['decision']}/reverse"
        town.act("moderator", "POST", path, json={"source": "own"})
        assert town.status(url) == 200
    finally:
        town.act("commenter", "DELETE", f"/comments/{made['id']}")
    assert town.status(url) == 410


def plays(chromium: Browser, town: Town, comment: str, kind: str) -> None:
    """On the page that needs no script, by the space bar, with its words beside it."""
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{town.demo.url}/t/daily/post-7?comment={comment}")
    player = page.locator(f"{kind}[src$='/{kind}']").last
    expect(page.get_by_text(WORDS)).to_have_count(1)
    player.focus()
    page.keyboard.press("Space")
    until(page, lambda: bool(player.evaluate("(one) => one.currentTime > 0.2")))
    assert player.evaluate("(one) => one.error") is None
    context.close()
