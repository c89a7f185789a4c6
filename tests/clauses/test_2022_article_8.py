"""2022 article 8 (2017 article 9): who was seriously dishonest gets no service, until a day."""

from datetime import timedelta
from functools import partial

import pytest

from gentie.kernel.ids import DecisionId
from gentie.standing import store
from gentie.standing.rules import bar_of
from gentie.vault.queries import held_until
from tests.clauses.build import at
from tests.clauses.test_identity_vault import account_of, person_of
from tests.newsroom import DAILY
from tests.web.account.build import csrf_of
from tests.whole import Client, Whole
from tests.whole import whole as whole  # noqa: PLC0414 a fixture

TERM = timedelta(days=50)
"""Short, so that its review is its end."""


async def bar(whole: Whole, person: str) -> None:
    """On the list, as the act leaves it; the message to the vault is still on its way."""
    entry = bar_of(person, DecisionId("77"), whole.now + TERM, now=whole.now)
    await whole.db.act(partial(store.bar, entry=entry))


async def erase(whole: Whole, web: Client, name: str) -> None:
    await whole.enter(web, name)
    form = {"csrf": await csrf_of(web), "sure": "yes"}
    assert (await web.post("/account/identity/erase", data=form)).status_code == 200
    web.cookies.clear()
    await whole.settle()


async def verify_anew(whole: Whole, web: Client, name: str) -> str:
    """Another account says it is Lin. Returns where the browser lands, or what it is told."""
    await whole.sign_up(web, name)
    await whole.enter(web, name)
    landed = await whole.verify(web, "lin")
    web.cookies.clear()
    return landed


@pytest.mark.clause("2017-9.1c", "2017-9.1d", "2022-8.c", "2022-8.d")
async def test_who_is_barred_cannot_return_by_having_the_identity_destroyed(whole: Whole) -> None:
    async with whole.browser() as web:
        lin = await whole.a_commenter(web, "River", "lin")
        person = await person_of(whole, await account_of(web, lin))
        await bar(whole, person)
        await erase(whole, web, "River")

        held = partial(held_until, person=person)
        assert await whole.vault.read(held) == whole.now + TERM
        assert "may not register here again" in await verify_anew(whole, web, "Creek")

        whole.now += TERM
        await whole.identities().let_go()
        assert await whole.vault.read(held) is None
        assert await verify_anew(whole, web, "Brook") == "/t/daily/article"


@pytest.mark.clause("2017-9.1c", "2022-8.c")
async def test_who_is_barred_may_read_and_not_post(whole: Whole) -> None:
    async with whole.browser() as web:
        lin = await whole.a_commenter(web, "River", "lin")
        person = await person_of(whole, await account_of(web, lin))
        await bar(whole, person)
        posted = await web.post(
            f"{at(DAILY, 'blog')}/comments", json={"text": "still here"}, headers=lin
        )
        assert posted.json()["type"] == "/problems/barred"
        read = await web.get(f"{at(DAILY, 'blog')}/comments", headers=lin)
        assert read.status_code == 200
