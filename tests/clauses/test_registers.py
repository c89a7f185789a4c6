"""Personal data got out, and what keeping data does to people: both through the doors."""

import re

import pytest

from gentie.accounts.model import Role
from tests.clauses.build import Story
from tests.clauses.test_privacy import account_of, at_home
from tests.newsroom import NOON
from tests.privacy.build import WORDS
from tests.whole import Headers

FOUND = NOON.strftime("%Y-%m-%dT%H:%M")


async def compliance(story: Story) -> Headers:
    await story.whole.employ("Compliance", Role.COMPLIANCE)
    return await story.whole.on_duty(story.web, "Compliance")


@pytest.mark.clause("2017-5.2a", "2022-4.2a")
async def test_a_leak_is_recorded_reported_and_told(story: Story) -> None:
    """Bad input loses nothing, a moderator sees nothing, the person reads what they can do."""
    web, who, whole = story.web, await compliance(story), story.whole
    lin = await account_of(await at_home(story), story.lin)
    web.cookies.clear()
    assert (await web.get("/console/leaks", headers=story.desk)).status_code == 403

    form = WORDS | {"found_at": FOUND, "advice": "Choose another password."}
    form |= {"concerns": "listed", "accounts": lin, "data.account_password": "yes"}
    refused = await web.post("/console/leaks", data=form | {"found_at": ""}, headers=who)
    assert refused.status_code == 422
    assert "Choose another password." in refused.text
    for wrong in ({"accounts": "nobody"}, {"accounts": ""}, {"cause": " "}):
        assert (await web.post("/console/leaks", data=form | wrong, headers=who)).is_client_error
    await web.post("/console/leaks", data=form, headers=who)
    page = (await web.get("/console/leaks", headers=who)).text
    number = re.search(r"L-\w{4}-\w{4}", page)
    assert number
    assert "told so far: 0" in page

    entry = {"number": number.group(), "words": "No. 7 of the office"}
    for step in ("authority", "telling"):
        answer = await web.post("/console/leaks/entry", data=entry | {"step": step}, headers=who)
        assert answer.status_code in {200, 303}, answer.text
    again = await web.post("/console/leaks/entry", data=entry | {"step": "telling"}, headers=who)
    strange = await web.post("/console/leaks/entry", data=entry | {"step": "hide"}, headers=who)
    made_up = await web.post(
        "/console/leaks/entry", data={"number": "L-1", "words": "x", "step": "measure"}, headers=who
    )
    assert [one.status_code for one in (again, strange, made_up)] == [409, 422, 404]
    await whole.settle()

    assert "told so far: 1" in (await web.get("/console/leaks", headers=who)).text
    browser = await at_home(story)
    assert f"What got out: {number.group()}" in (await browser.get("/account/notices")).text
    mine = (await browser.get("/account/privacy")).text
    assert "Choose another password." in mine
    assert "No. 7 of the office" in mine
    told = (await browser.get("/api/v1/me/export")).json()["author"]["notices"]
    assert [(one["notice"], one["about"]) for one in told if one["notice"] == "data-leak"] == [
        ("data-leak", number.group())
    ]


@pytest.mark.clause("2017-5.2a", "2022-4.2a")
async def test_a_purpose_is_assessed_before_its_review_is_due(story: Story) -> None:
    """The page says what needs one and why; a form that lacks something keeps the rest."""
    web, who = story.web, await compliance(story)
    assert (await web.get("/console/impact", headers=story.desk)).status_code == 403
    page = (await web.get("/console/impact", headers=who)).text
    assert page.count("not assessed") >= 7

    form = {"purpose": "identity-check", "need": "The law asks for it.", "risk": "Small."}
    form |= {"measures": "Sealed.", "review_at": "2026-12-01T00:00", "result": "with-measures"}
    for wrong in ({"review_at": "2099-01-01T00:00"}, {"review_at": "soon"}, {"result": ""}):
        refused = await web.post("/console/impact", data=form | wrong, headers=who)
        assert refused.status_code == 422
        assert "The law asks for it." in refused.text
    await web.post("/console/impact", data=form, headers=who)

    after = (await web.get("/console/impact", headers=who)).text
    assert page.count("not assessed") - after.count("not assessed") == 1
    assert "acceptable with these measures" in after
