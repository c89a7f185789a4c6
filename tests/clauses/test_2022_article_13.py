"""2022, articles 4 and 13: whoever objects is heard, in few steps, account or none."""

import pytest

from tests.clauses.build import DESK, SPAM, Story


@pytest.mark.clause("2022-13.1a", "2022-4.4a")
async def test_from_the_notice_to_an_appeal_in_three_steps(story: Story) -> None:
    """The author opens the notice, reads the reasons, appeals: number, due date, secret link."""
    posted = await story.post("Cheap pans", story.lin)
    await story.publish_all()
    await story.web.post(f"{DESK}/comments/{posted['id']}/remove", json=SPAM, headers=story.desk)
    await story.whole.settle()

    notices = await story.web.get("/api/v1/me/notices", headers=story.lin)
    newest = notices.json()[0]
    decision = newest["decision"]
    reasons = await story.web.get(f"/api/v1/decisions/{decision}", headers=story.lin)
    appeal = await story.web.post(
        f"/api/v1/decisions/{decision}/appeals",
        json={"statement": "They are good pans."},
        headers=story.lin,
    )

    assert newest["about"] == posted["id"]
    assert (reasons.json()["measure"], reasons.json()["appealable"]) == ("remove", True)
    filed = appeal.json()
    assert (appeal.status_code, filed["case"][:2]) == (201, "A-")
    assert filed["due"] > story.whole.now.isoformat()
    status = await story.web.get(filed["secret_url"])
    assert (status.status_code, filed["case"] in status.text) == (200, True)
    (stone,) = [one["tombstone"] for one in await story.page()]
    assert stone["appeal"] in {"open", "none"}


@pytest.mark.clause("2022-13.1a")
async def test_who_was_right_is_told_that_the_comment_is_back(story: Story) -> None:
    """Each step stands on the page of notices, new until it is marked as seen."""
    posted = await story.post("Cheap pans", story.lin)
    await story.publish_all()
    removed = await story.web.post(
        f"{DESK}/comments/{posted['id']}/remove", json=SPAM, headers=story.desk
    )
    decision = removed.json()["decision"]
    back = await story.web.post(
        f"{DESK}/decisions/{decision}/reverse", json={"source": "appeal"}, headers=story.desk
    )

    speaking = {**story.lin, "accept-language": "en"}
    page = await story.web.get("/account/notices", headers=speaking)
    told = [one for one in page.text.splitlines() if "Your comment" in one]
    assert [one.partition("Your comment ")[2].partition(".")[0] for one in told] == [
        "was restored",
        "was removed",
        "was published",
    ]
    assert f'href="/d/{back.json()["decision"]}"' in page.text
    assert await unseen(story) == 3

    newest = (await story.web.get("/api/v1/me/notices", headers=story.lin)).json()[0]
    seen = await story.web.post(
        "/account/notices", data={"upto": newest["id"]}, headers=speaking, follow_redirects=False
    )
    after = await story.web.get("/account/notices", headers=speaking)
    assert (seen.status_code, seen.headers["location"]) == (303, "/account/notices")
    assert ("Mark all as seen" in page.text, "Mark all as seen" in after.text) == (True, False)
    assert await unseen(story) == 0


async def unseen(story: Story) -> int:
    me = await story.web.get("/api/v1/account/session", headers=story.lin)
    return int(me.json()["unseen"])


@pytest.mark.clause("2022-13.1a", "2022-4.4a")
async def test_from_an_item_to_a_report_in_three_steps_without_account(story: Story) -> None:
    """A stranger reads, looks up the rules, reports."""
    posted = await story.post("Cheap pans", story.lin)
    await story.publish_all()

    (item,) = await story.page()
    rules = await story.web.get("/api/v1/sites/daily/rules")
    filed = await story.web.post("/api/v1/reports", json={"subject": item["id"], "class": "spam"})

    assert item["id"] == posted["id"]
    assert "spam" in rules.text
    assert (filed.status_code, filed.json()["case"][:2]) == (201, "R-")
    status = await story.web.get(filed.json()["secret_url"])
    assert filed.json()["case"] in status.text
    assert (await story.web.get(f"{filed.json()['secret_url']}x")).status_code == 404


@pytest.mark.clause("2022-4.4b", "2017-5.5a")
@pytest.mark.parametrize("key", ["article", "unheard-of"])
async def test_where_a_person_looks_first_nothing_is_public_before(story: Story, key: str) -> None:
    """All wait in one queue, oldest first. A thread that nobody declared is in the strictest."""
    posted = [await story.post(text, story.lin, key=key) for text in ("One", "Two")]
    queue = await story.waiting()
    before = await story.page(key=key)
    await story.publish_all()

    assert [one["state"] for one in posted] == ["held", "held"]
    assert [item["text"] for item in queue] == ["One", "Two"]
    assert (before, len(await story.page(key=key))) == ([], 2)
