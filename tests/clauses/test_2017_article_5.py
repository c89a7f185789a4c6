"""2017, article 5: real identity behind the stage, a name of one's own on it, news reviewed."""

from functools import partial
from typing import Final

import msgspec
import pytest

from gentie.accounts.model import Role
from gentie.accounts.roles import actor_of_staff
from gentie.actions.identity.revoke_verification import revoke_verification
from gentie.kernel.ids import AccountId
from tests.clauses.build import DESK, SPAM, Story, at, told
from tests.newsroom import ANN, DAILY
from tests.whole import accept

CANARIES: Final = ("林小满", "sandbox-lin", "周一舟", "testclient")
"""Names and numbers of people at the sandbox, and the address that the tests come from."""
PLACE: Final = at(DAILY, "article")


@pytest.mark.clause("2017-5.1a", "2022-4.1a", "2017-2.1", "2022-2.1")
async def test_a_comment_needs_a_verified_person(story: Story) -> None:
    """Sign up, be told, be refused, verify, accept, post, wait, be read."""
    whole, web = story.whole, story.web
    zhou = await whole.sign_up(web, "Lamplighter")

    refused = await web.post(f"{PLACE}/comments", json={"text": "Good news"}, headers=zhou)
    assert told(refused) == (403, "identity-required")

    await whole.enter(web, "Lamplighter")
    before = list(whole.wire.seen)
    page = await web.get("/account/verify")
    assert "What is checked" in page.text
    assert whole.wire.seen == before, "nothing is sent before the person has been told"
    assert await whole.verify(web, "zhou") == "/t/daily/article"
    web.cookies.clear()

    refused = await web.post(f"{PLACE}/comments", json={"text": "Good news"}, headers=zhou)
    assert told(refused) == (403, "agreement-required")
    asked = {"regime": "cn-2022-final"}
    told_before = await web.get("/api/v1/account/agreement", params=asked, headers=zhou)
    assert "cn-2022-final/" in told_before.text, "which rules govern here is said before"
    await accept(web, zhou, "cn-2022-final")

    posted = await story.post("Good news", zhou)
    assert posted["state"] == "held"
    assert await story.page() == []
    await story.publish_all()
    (read,) = await story.page()
    assert (read["author"]["name"], read["text"]) == ("Lamplighter", "Good news")


@pytest.mark.clause("2017-5.1b", "2022-4.1b")
async def test_nobody_reads_who_is_behind_a_name(
    story: Story, capfd: pytest.CaptureFixture[str]
) -> None:
    """Everything that the public can ask for, everything stored in the open, every log line."""
    posted = await story.post("On the ferry", story.lin)
    await story.publish_all()
    await story.whole.settle()
    ways = [
        *(f"{PLACE}/comments", f"{PLACE}/comments?sort=top", f"{PLACE}/comments?after=x"),
        *("/t/daily/article", f"/t/daily/article?comment={posted['id']}", "/t/daily/nothing"),
        *("/embed/thread/daily/article.html", "/openapi.json", "/docs", "/metrics"),
        *("/log/checkpoint", "/log/tile/entries/000", "/log/vkey", "/account/agreement"),
        *(f"/api/v1/comments/{posted['id']}/replies", "/api/v1/sites/daily/rules"),
        *("/transparency", "/api/v1/account/session", "/api/v1/me/comments", "/no/such/page"),
        "/api/v1/sites/daily/counts?key=article&key=blog",
    ]
    size = int((await story.web.get("/log/checkpoint")).text.splitlines()[1])
    ways += [f"/log/tile/entries/000.p/{size}", f"/log/tile/0/000.p/{size}"]

    public = {way: (await story.web.get(way)).text for way in ways}
    stored = await story.whole.rows()
    kept = "\n".join(row for rows in stored.values() for row in rows)
    lines = "".join(capfd.readouterr())

    assert "Ferryman" in public[f"{PLACE}/comments"]
    assert "Ferryman" in public["/t/daily/article"]
    assert "request" in lines
    for canary in CANARIES:
        assert [way for way, text in public.items() if canary in text] == []
        assert canary not in kept
        assert canary not in lines


@pytest.mark.clause("2017-5.1c", "2022-4.1c")
async def test_who_is_no_longer_verified_is_not_published(story: Story) -> None:
    """Revoked while the comment waits: it stays unpublished, and its author learns why."""
    await story.post("Soon to be read", story.lin)
    me = await story.web.get("/api/v1/account/session", headers=story.lin)
    compliance = actor_of_staff(msgspec.structs.replace(ANN, role=Role.COMPLIANCE))
    revoke = partial(revoke_verification, account=AccountId(me.json()["id"]), why="issuer")
    await story.whole.db.act(partial(revoke, acting=compliance, now=story.whole.now))

    (item,) = await story.waiting()
    answer = await story.decide(item["id"], "publish")

    assert told(answer) == (409, "author-not-verified")
    assert await story.page() == []
    notices = (await story.web.get("/api/v1/me/notices", headers=story.lin)).json()
    assert "identity-revoked" in str(notices)


@pytest.mark.clause("2017-5.3", "2022-4.4b", "2022f-4.3")
async def test_news_is_read_by_a_person_first_and_so_is_each_edit(story: Story) -> None:
    posted = await story.post("As first written", story.lin)
    assert posted["state"] == "held"
    await story.publish_all()

    path = f"/api/v1/comments/{posted['id']}"
    edited = await story.web.patch(path, json={"text": "As edited"}, headers=story.lin)
    await story.whole.settle()
    assert edited.json()["state"] == "held"
    assert [one["text"] for one in await story.page()] == ["As first written"]

    await story.publish_all()
    assert [one["text"] for one in await story.page()] == ["As edited"]


@pytest.mark.clause("2017-5.5d")
async def test_what_is_removed_is_nowhere(story: Story) -> None:
    posted = await story.post("Cheap pans", story.lin)
    await story.publish_all()
    ways = (f"{PLACE}/comments", "/t/daily/article", "/embed/thread/daily/article.html")
    assert all(["Cheap pans" in (await story.web.get(way)).text for way in ways])

    removed = await story.web.post(
        f"{DESK}/comments/{posted['id']}/remove", json=SPAM, headers=story.desk
    )
    await story.whole.settle()

    assert removed.status_code == 201
    assert not any(["Cheap pans" in (await story.web.get(way)).text for way in ways])
