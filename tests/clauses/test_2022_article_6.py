"""2022 article 6: the agreement with its changes, the notice of the law, lessons, a second look."""

from datetime import timedelta
from functools import partial

import pytest

from gentie.accounts import store
from gentie.accounts.agreement import write_agreement
from gentie.accounts.model import AgreementVersion
from gentie.catalogue.regimes import get_regime
from gentie.decisions.tables import decisions
from tests.clauses.build import SPAM, Story, at, told
from tests.newsroom import DAILY
from tests.web.account.build import csrf_of

REGIME = "cn-2022-final"
RISKY = "Call me: 13800138000"


@pytest.mark.clause("2017-6.1a", "2017-6.1b", "2022-6.a", "2022-6.b")
async def test_a_new_agreement_shows_what_changed_and_can_be_kept(story: Story) -> None:
    whole, web = story.whole, story.web
    regime = get_regime(REGIME)
    old = write_agreement(regime)
    newer = AgreementVersion(
        regime=REGIME,
        number=2,
        policy=regime.policy,
        in_force_from=whole.now,
        text=old.__class__(summary=old.summary, sections=old.sections[:-1]),
    )
    await whole.db.act(partial(store.add_agreement, version=newer))
    await whole.enter(web, "Ferryman")

    page = (await web.get(f"/account/agreement?regime={REGIME}")).text
    law = (await web.get(f"/account/law?regime={REGIME}")).text
    kept = await web.get(f"/account/agreement/{REGIME}/1/text")
    none = await web.get(f"/account/agreement/{REGIME}/7/text")
    told_of = (await web.get("/account/me")).text
    whole.now += timedelta(days=regime.windows.agreement_grace_days)
    web.cookies.clear()
    await whole.enter(web, "Ferryman")
    told_late = (await web.get("/account/me")).text

    assert "What changed since you accepted" in page
    assert "<del>" in page
    assert "Content Ecosystem" in law
    assert kept.headers["content-disposition"].endswith(f'"agreement-{REGIME}-1.txt"')
    assert "11. Notice of the law" in kept.text
    assert none.status_code == 404
    assert "See what changed and accept it, until" in told_of
    assert "until then you cannot post" in told_late


@pytest.mark.clause("2017-6.1c", "2022-6.c")
async def test_a_lesson_is_taken_without_script_and_gives_credit_back(story: Story) -> None:
    whole, web = story.whole, story.web
    await story.post("Buy at my shop", story.lin)
    (item,) = await story.waiting()
    assert (await story.decide(item["id"], "refuse", **SPAM)).status_code == 200
    whole.now = whole.now.replace(minute=30)
    await whole.settle()
    (mine,) = (await web.get("/api/v1/account/credit", headers=story.lin)).json()
    assert (mine["score"], mine["lesson_due"]) == (90, True)

    await whole.enter(web, "Ferryman")
    page = (await web.get("/account/credit")).text
    assert "90 of 100" in page
    assert f"/account/lessons/after-measure?site={DAILY}" in page
    where = "/account/lessons/after-measure"
    form = {"csrf": await csrf_of(web), "site": DAILY, "q0": "0", "q1": "0"}
    assert "Wrong answers cost nothing" in (await web.post(where, data=form)).text
    done = (await web.post(where, data=form | {"q1": "1"})).text
    assert "10 points of credit came back" in done
    assert "100 of 100" in (await web.get("/account/credit")).text
    assert "finished on" in (await web.get("/account/lessons")).text
    rules = (await web.get(f"/rules/{DAILY}")).text
    assert "fades by half in 90 days" in rules


@pytest.mark.clause("2017-6.2a")
async def test_a_risky_text_is_asked_about_once_and_never_blocked(story: Story) -> None:
    path = f"{at(DAILY, 'blog')}/comments"
    asked = await story.web.post(path, json={"text": RISKY, "ask": True}, headers=story.lin)
    assert told(asked) == (409, "look-again")
    assert asked.json()["found"] == ["Looks like a mobile number"]
    assert asked.json()["path"] == "/account/lessons/risky-draft"
    before = await story.whole.db.read(lambda tx: tx.execute(decisions.select()).all())

    calm = await story.web.post(path, json={"text": "Hello", "ask": True}, headers=story.lin)
    sent = await story.web.post(path, json={"text": RISKY}, headers=story.lin)

    assert before == []
    assert (calm.status_code, sent.status_code) == (201, 201)
    assert sent.json()["state"] == "held"
