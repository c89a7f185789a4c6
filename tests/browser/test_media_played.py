"""Sound and video from the first byte to the ear of a stranger, and out of it again.

The real service: its job looks at the file, a person publishes it, a browser plays it by key.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.town import Town, a_town
from tests.browser.widget import until
from tests.demo_newsroom import DemoServer
from tests.media.scrubbing.recorded import a_sound, a_video

pytestmark = pytest.mark.browser

SPAM = {"class": "spam", "facts": "An advertisement", "message": "No advertising here"}
NUMBER = "Ring 13812345678"
WORDS = "The ferry's bell, twice"


@pytest.fixture
def town(demo_server: DemoServer) -> Iterator[Town]:
    with a_town(demo_server) as town:
        yield town


@pytest.mark.clause("2017-2.2b", "2022-2.2", "2017-5.3", "2017-5.5d", "2022-4.4a")
@pytest.mark.parametrize(
    ("kind", "make"),
    [("audio", lambda: a_sound(seconds=3)), ("video", lambda: a_video(sound="aac", seconds=3))],
)
def test_is_screened_reviewed_played_and_removed(
    kind: str, make: Callable[[], bytes], town: Town, chromium: Browser
) -> None:
    upload = town.send(make())
    found = town.looked_at(upload)
    assert (found["state"], found["kind"], found["seconds"]) == (
        "ready",
        kind,
        pytest.approx(3, abs=0.2),
    )
    words = {"alt": "A bell", "transcript": NUMBER}
    assert town.describe(upload, words) == "held"
    assert town.describe(upload, {**words, "transcript": WORDS}) == "ready"

    made = town.post("Listen", upload)
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
