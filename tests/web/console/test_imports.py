"""The chief editor's page of imports."""

from collections.abc import AsyncIterator
from functools import partial

import httpx
import pytest

from gentie.actions.posting.import_archive import Archived, ArchivePage, import_archive
from gentie.comments.archive.queries import open_batches
from gentie.comments.queries import count_published
from gentie.kernel.actor import OPERATOR
from gentie.screening.model import Outcome
from gentie.sites.queries import find_thread
from gentie.storage.db import Database
from tests.newsroom import DAILY, NOON, a_draft, found
from tests.web.console.build import Client, Room, desk_of

CLEO = {"x-who": "cleo", "accept-language": "en"}
PAGE = ArchivePage(
    site=DAILY, source="wxr:https://old.example", key="old", title="Old", url="https://o.example"
)


@pytest.fixture
async def client(db: Database, room: Room) -> AsyncIterator[Client]:
    async with desk_of(db, room) as client:
        yield client


@pytest.fixture
async def batch(db: Database, client: Client) -> str:
    drafts = {
        "1": a_draft("Long ago & far."),
        "2": a_draft("Then."),
        "3": a_draft("Buy.", verdict=found(Outcome.HOLD)),
    }
    items = [
        Archived(source_id=name, author="Old hand", created_at=NOON, draft=draft)
        for name, draft in drafts.items()
    ]
    act = partial(import_archive, page=PAGE, items=items, acting=OPERATOR, now=NOON)
    return (await db.act(act)).batch


async def decided(client: Client, how: str, **form: str) -> httpx.Response:
    return await client.post(
        f"/console/imports/{how}", data=form, headers=CLEO, follow_redirects=False
    )


async def shown(db: Database) -> int:
    thread = await db.read(partial(find_thread, site=DAILY, key="old"))
    assert thread is not None
    return await db.read(partial(count_published, thread=thread.id))


async def test_shows_numbers_and_a_look_into_it(client: Client, batch: str) -> None:
    page = (await client.get("/console/imports", headers=CLEO)).text

    assert "wxr:https://old.example" in page
    assert "2 wait for this decision." in page
    assert "In 1 screening found something" in page
    assert "Long ago &amp; far." in page
    assert "Old hand" in page
    assert f'name="batch" value="{batch}"' in page


async def test_is_published_by_one_decision(client: Client, db: Database, batch: str) -> None:
    answer = await decided(client, "approve", batch=batch)

    assert (answer.status_code, answer.headers["location"]) == (303, "/console/imports")
    assert await shown(db) == 2
    assert await db.read(partial(open_batches, site=None)) == []
    late = await decided(client, "refuse", batch=batch, reason="Not ours")
    assert (late.status_code, "decided on already" in late.text) == (409, True)


async def test_is_refused_with_a_reason(client: Client, db: Database, batch: str) -> None:
    without = await decided(client, "refuse", batch=batch, reason=" ")
    refused = await decided(client, "refuse", batch=batch, reason="Not ours")

    assert (without.status_code, "needs a reason" in without.text) == (422, True)
    assert refused.status_code == 303
    assert await shown(db) == 0
    assert await db.read(partial(open_batches, site=None)) == []


@pytest.mark.parametrize("how", ["approve", "refuse"])
async def test_rubbish_is_no_batch(client: Client, how: str) -> None:
    for number in ("rubbish", "", "7", "9" * 40):
        assert (await decided(client, how, batch=number, reason="No")).status_code == 404


async def test_is_not_for_moderators(client: Client, batch: str) -> None:
    page = await client.get("/console/imports")
    approving = await client.post("/console/imports/approve", data={"batch": batch})

    assert (page.status_code, approving.status_code) == (403, 403)
    assert "/console/imports" not in (await client.get("/console/queue")).text
