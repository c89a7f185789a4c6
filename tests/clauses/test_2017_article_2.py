"""2017, article 2 (2022, article 2): every way in asks the same, every form is a comment."""

import pytest

from gentie.kernel.ids import SiteId
from tests.clauses.build import Story, at, told
from tests.newsroom import DAILY, NOTEBOOK
from tests.whole import LANTERNS, READING_ROOM, accept

REGIMES = {DAILY: "cn-2022-final", READING_ROOM: "cn-2022-draft", LANTERNS: "cn-2017"}


@pytest.mark.clause("2017-2.2a", "2022-2.2")
@pytest.mark.parametrize("site", REGIMES)
async def test_every_way_in_asks_who_it_is(story: Story, site: SiteId) -> None:
    """Post, answer and leave a message as somebody whom nobody has verified."""
    posted = await story.post("A first word", story.lin, site=site)
    await story.publish_all()
    newcomer = await story.whole.sign_up(story.web, "Newcomer")
    await accept(story.web, newcomer, REGIMES[site])
    send = story.web.request
    text = {"text": "Me too"}

    answers = [
        await send("POST", f"{at(site, key)}/comments", json=body, headers=newcomer)
        for key, body in (
            ("article", text),
            ("article", {**text, "parent": posted["id"]}),
            ("blog", text),
            ("guests", text),
        )
    ]

    assert {told(answer) for answer in answers} == {(403, "identity-required")}
    assert len(await story.page(site)) == 1


@pytest.mark.clause("2022f-2")
async def test_under_the_text_in_force_agreeing_is_commenting(story: Story) -> None:
    """Earlier texts did not speak of likes; this one counts them among the comments."""
    newcomer = await story.whole.sign_up(story.web, "Newcomer")
    votes = []
    for site, regime in REGIMES.items():
        posted = await story.post("A first word", story.lin, site=site)
        await story.publish_all()
        await accept(story.web, newcomer, regime)
        path = f"/api/v1/comments/{posted['id']}/vote"
        votes.append(await story.web.put(path, json={"value": 1}, headers=newcomer))

    assert [told(vote)[0] for vote in votes] == [403, 200, 200]
    assert [one["votes"] for one in await story.page()] == [0]


@pytest.mark.clause("2017-2.2a")
async def test_an_edit_is_no_way_around(story: Story) -> None:
    """Nobody but the author may change a text, and no field of a request publishes anything."""
    posted = await story.post("A first word", story.lin)
    zhou = await story.whole.a_commenter(story.web, "Lamplighter", "zhou")
    path = f"/api/v1/comments/{posted['id']}"

    foreign = await story.web.patch(path, json={"text": "Changed"}, headers=zhou)
    forced = await story.web.patch(
        path, json={"text": "Changed", "state": "published"}, headers=story.lin
    )

    assert told(foreign) in {(403, "not-the-author"), (404, "no-such-comment")}
    assert told(forced) == (422, "invalid")
    assert await story.page() == []


@pytest.mark.clause("2017-2.2b", "2022-2.2")
@pytest.mark.parametrize("text", ["Words", "※ → ∞", "🎐👩‍👩‍👧‍👦"], ids=["text", "symbols", "emoji"])
async def test_posts_replies_and_messages_go_the_same_way(story: Story, text: str) -> None:
    """Held where a person looks first, read after that, and gone when removed."""
    first = await story.post(text, story.lin)
    await story.publish_all()
    await story.post(text, story.lin, parent=first["id"])
    await story.post(text, story.lin, key="guests")
    forms = {item["form"] for item in await story.waiting()}
    await story.publish_all()

    (root,) = await story.page()
    (message,) = await story.page(key="guests")
    assert forms >= {"reply"}
    assert [root["text"], root["replies"][0]["text"], message["text"]] == [text] * 3


@pytest.mark.clause("2017-2.2b")
async def test_what_cannot_be_taken_yet_is_refused(story: Story) -> None:
    answer = await story.web.post(
        f"{at(DAILY, 'blog')}/comments",
        json={"text": "See", "attachments": ["picture-1"]},
        headers=story.lin,
    )

    assert told(answer) == (403, "form-not-offered")


@pytest.mark.clause("2017-2.1")
async def test_a_neutral_site_asks_nobody_who_they_are(story: Story) -> None:
    newcomer = await story.whole.sign_up(story.web, "Newcomer")
    await accept(story.web, newcomer, "neutral")

    posted = await story.post("Hello", newcomer, site=NOTEBOOK, key="blog")

    assert posted["state"] == "published"
