"""2017, article 2 (2022, article 2): every way in asks the same, every form is a comment."""

from typing import Any

import pytest
import sqlalchemy as sa

from gentie.accounts.model import Role
from gentie.comments.tables import comments
from gentie.kernel.ids import CommentRef, SiteId
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
async def test_files_are_not_taken_before_their_assessment(story: Story) -> None:
    answer = await story.web.post(
        f"{at(DAILY, 'blog')}/comments",
        json={"text": "See", "attachments": ["picture-1"]},
        headers=story.lin,
    )

    assert told(answer) == (403, "feature-offline")


@pytest.mark.clause("2017-2.1")
async def test_a_neutral_site_asks_nobody_who_they_are(story: Story) -> None:
    newcomer = await story.whole.sign_up(story.web, "Newcomer")
    await accept(story.web, newcomer, "neutral")

    posted = await story.post("Hello", newcomer, site=NOTEBOOK, key="blog")

    assert posted["state"] == "published"


@pytest.mark.clause("2017-2.1")
async def test_a_site_changes_its_regime_and_what_stands_keeps_its_own(story: Story) -> None:
    """The editor in chief puts a site without identities under the text in force."""
    await story.whole.employ("Editor Xu", Role.CHIEF_EDITOR)
    editor = await story.whole.on_duty(story.web, "Editor Xu")
    newcomer = await story.whole.sign_up(story.web, "Newcomer")
    await accept(story.web, newcomer, "neutral")
    await accept(story.web, newcomer, "cn-2022-final")
    before = await story.post("Before", newcomer, site=NOTEBOOK, key="blog")
    path = f"/api/v1/moderation/sites/{NOTEBOOK}/regime"

    foreign = await story.web.put(path, json={"regime": "cn-2022-final"}, headers=story.desk)
    historic = await story.web.put(path, json={"regime": "cn-2017"}, headers=editor)
    unchanged = await story.web.get(f"/api/v1/sites/{NOTEBOOK}/rules")
    changed = await story.web.put(path, json={"regime": "cn-2022-final"}, headers=editor)
    unknown = await story.web.post(
        f"{at(NOTEBOOK, 'blog')}/comments", json={"text": "Me too"}, headers=newcomer
    )
    after = await story.post("After", story.lin, site=NOTEBOOK, key="blog")
    await story.publish_all()

    assert (told(foreign), told(historic)) == ((403, "may-not"), (409, "regime-not-allowed"))
    assert (unchanged.json()["regime"], changed.json()["regime"]) == ("neutral", "cn-2022-final")
    assert told(unknown) == (403, "identity-required")
    assert {one["text"] for one in await story.page(NOTEBOOK, "blog")} == {"Before", "After"}
    assert await stamps(story, before, after) == [
        ("neutral", "neutral/1"),
        ("cn-2022-final", "cn-2022-final/1"),
    ]
    await says_which_text(story, NOTEBOOK, "revision of 2022", "in force since 2022-12-15")
    figures = (await story.web.get("/api/v1/transparency")).json()["counts"]
    adopted = [one for one in figures if one["site"] == NOTEBOOK and one["measure"] == "adopt"]
    assert [one["count"] for one in adopted] == [2]  # when it was opened, and now


@pytest.mark.clause("2017-2.1")
@pytest.mark.parametrize(
    ("site", "title", "standing"),
    [
        (LANTERNS, "provisions of 2017", "historic"),
        (READING_ROOM, "draft of 2022", "never in force"),
        (NOTEBOOK, "Neutral", "rests on no law"),
    ],
)
async def test_everybody_can_read_which_text_is_in_force(
    story: Story, site: SiteId, title: str, standing: str
) -> None:
    await says_which_text(story, site, title, standing)


async def stamps(story: Story, *posted: dict[str, Any]) -> list[tuple[str, str]]:
    """Regime and policy that contributions carry."""
    wanted = [CommentRef.parse(one["id"]).comment for one in posted]
    stored = sa.select(comments.c.id, comments.c.regime, comments.c.policy)
    rows = await story.whole.db.read(lambda tx: list(tx.execute(stored)))
    found = {row.id: (row.regime, row.policy) for row in rows}
    return [found[one] for one in wanted]


async def says_which_text(story: Story, site: SiteId, title: str, standing: str) -> None:
    page = await story.web.get(f"/rules/{site}", headers={"accept-language": "en"})
    rules = (await story.web.get(f"/api/v1/sites/{site}/rules")).json()
    assert title in page.text
    assert standing in page.text
    assert rules["policy"] in page.text
    assert standing in rules["source"]
