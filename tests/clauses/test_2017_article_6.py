"""2017, article 6: an agreement that was read, and grounds that it names."""

from typing import Any

import pytest

from tests.clauses.build import SPAM, Story, at, told
from tests.newsroom import DAILY
from tests.whole import accept


@pytest.mark.clause("2017-6.1a", "2022-7.a")
async def test_nobody_posts_without_the_agreement_in_force(story: Story) -> None:
    whole, web = story.whole, story.web
    zhou = await whole.sign_up(web, "Lamplighter")
    await whole.enter(web, "Lamplighter")
    await whole.verify(web, "zhou")
    web.cookies.clear()
    path = f"{at(DAILY, 'blog')}/comments"

    refused = await web.post(path, json={"text": "Hello"}, headers=zhou)
    stale = await web.post(
        "/api/v1/account/agreement", json={"regime": "cn-2022-final", "version": 7}, headers=zhou
    )
    await accept(web, zhou, "cn-2022-final")

    assert told(refused) == (403, "agreement-required")
    assert told(stale) == (409, "agreement-changed")
    assert (await story.post("Hello", zhou, key="blog"))["id"]


@pytest.mark.clause("2017-6.2b", "2022-9.b", "2022-7.a")
async def test_a_refusal_names_a_ground_of_the_agreement(story: Story) -> None:
    """Class, clause and passage, as the author reads them; nothing else is a ground."""
    posted = await story.post("Buy at my shop", story.lin)
    (item,) = await story.waiting()
    other = await story.decide(item["id"], "refuse", **{**SPAM, "class": "dislike"})
    refusing = await story.decide(item["id"], "refuse", **SPAM)
    assert told(other) == (422, "no-such-class")
    assert refusing.status_code == 200, refusing.text
    story.whole.now = story.whole.now.replace(minute=30)
    await story.whole.settle()

    mine = (await story.web.get("/api/v1/me/decisions", headers=story.lin)).json()
    said = await statement_of(story, posted["id"])

    assert said["id"] in str(mine)
    assert (said["measure"], said["quote"]) == ("refuse", "Buy at my shop")
    reasons = said["reasons"]
    assert (reasons["class"], reasons["message"]) == ("spam", SPAM["message"])
    agreement = await story.web.get("/api/v1/account/agreement", params={"regime": "cn-2022-final"})
    paragraphs = {
        n: text for one in agreement.json()["sections"] for n, text in one["paragraphs"].items()
    }
    assert reasons["clause"] in paragraphs


async def statement_of(story: Story, comment: str) -> dict[str, Any]:
    mine = (await story.web.get("/api/v1/me/comments", headers=story.lin)).json()["comments"]
    (decision,) = [one["decision"]["id"] for one in mine if one["id"] == comment]
    answer = await story.web.get(f"/api/v1/decisions/{decision}", headers=story.lin)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
