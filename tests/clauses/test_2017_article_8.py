"""2017, article 8 (2022, article 7): measures step by step, recorded, answered by a promise."""

import pytest

from tests.clauses.build import DESK, SPAM, Story, at, told
from tests.newsroom import DAILY
from tests.web.account.build import csrf_of

BLOG = f"{at(DAILY, 'blog')}/comments"


async def warned(story: Story) -> str:
    """Something is removed, and its author is warned. Returns the id of the measure's decision."""
    posted = await story.post("Buy my ferries", story.lin, key="blog")
    removing = f"{DESK}/comments/{posted['id']}/remove"
    removed = await story.web.post(removing, json=SPAM, headers=story.desk)
    assert removed.status_code == 201, removed.text
    taking = f"{DESK}/decisions/{removed.json()['decision']}/measure"
    wanted = {"measure": "warn", "message": "Please, no advertising."}
    taken = await story.web.post(taking, json=wanted, headers=story.desk)
    assert taken.status_code in {200, 201}, taken.text
    return str(taken.json()["decision"])


@pytest.mark.clause("2017-6.2a", "2017-8.a", "2022-7.b", "2022f-7")
async def test_after_a_measure_one_promises_anew_and_may_contest_it_all_the_same(
    story: Story,
) -> None:
    web, whole = story.web, story.whole
    measure = await warned(story)
    refused = await web.post(BLOG, json={"text": "As before"}, headers=story.lin)
    assert told(refused) == (403, "undertaking-due")
    assert refused.json()["path"] == "/account/undertaking"
    assert (await web.get(BLOG, headers=story.lin)).status_code == 200
    assert (await web.get("/api/v1/me/export", headers=story.lin)).status_code == 200

    await whole.enter(web, "Ferryman")
    page = (await web.get("/account/undertaking")).text
    assert "Your promise, once more" in page
    assert f"/d/{measure}" in page
    appeal = {"csrf": await csrf_of(web), "statement": "It was no advertisement."}
    assert (await web.post(f"/d/{measure}/appeal", data=appeal)).status_code == 200
    form = {"csrf": await csrf_of(web), "next": "/t/daily/blog"}
    done = await web.post("/account/undertaking", data=form, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/t/daily/blog")
    assert "you have promised it" in (await web.get("/account/undertaking")).text
    web.cookies.clear()

    await story.post("Better so", story.lin, key="blog")
    (sanction,) = (await web.get("/api/v1/me/export", headers=story.lin)).json()["author"][
        "sanctions"
    ]
    assert (sanction["measure"], bool(sanction["affirmed_at"])) == ("warn", True)
    again = await web.post("/api/v1/account/undertaking", headers=story.lin)
    assert (again.status_code, again.json()) == (200, {"measures": 0})
