"""Two sites with pages of their own: each page may write on its site, and on no other."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from gentie.sites.model import BadOrigin
from gentie.storage.db import Database
from tests.newsroom import DAILY, NOTEBOOK, a_person, a_site
from tests.web.embed.build import Client, People, a_client

NEWS, NOTES = "https://news.example", "https://notes.example"
THREAD = {NEWS: "/api/v1/sites/daily/threads/blog", NOTES: "/api/v1/sites/notebook/threads/blog"}


@pytest.fixture
async def client(sqlite_db: Database) -> AsyncIterator[Client]:
    people = People()
    await sqlite_db.act(partial(a_site, site=DAILY, origins=(NEWS,)))
    await sqlite_db.act(partial(a_site, site=NOTEBOOK, regime="neutral", origins=(NOTES,)))
    river = people.add("river", await sqlite_db.act(a_person))
    async with a_client(sqlite_db, people) as client:
        client.headers.update(river)
        yield client


async def written(client: Client, path: str, origin: str, method: str = "POST") -> int:
    body = {"text": "A kind word."} if method in ("POST", "PATCH") else {"value": 1}
    answer = await client.request(method, path, json=body, headers={"origin": origin})
    allowed = answer.headers.get("access-control-allow-origin")
    assert allowed == (origin if answer.status_code != 403 else None)
    return answer.status_code


@pytest.mark.parametrize(("own", "other"), [(NEWS, NOTES), (NOTES, NEWS)])
async def test_a_page_writes_on_its_own_site_alone(client: Client, own: str, other: str) -> None:
    comments = {origin: f"{THREAD[origin]}/comments" for origin in THREAD}

    assert await written(client, comments[own], own) == 201
    assert await written(client, comments[other], own) == 403
    assert await written(client, comments[own], "https://elsewhere.example") == 403


@pytest.mark.parametrize(("own", "other"), [(NEWS, NOTES), (NOTES, NEWS)])
async def test_a_comment_belongs_to_its_site(client: Client, own: str, other: str) -> None:
    made = await client.post(f"{THREAD[own]}/comments", json={"text": "A word."})
    path = f"/api/v1/comments/{made.json()['id']}"

    assert await written(client, path, other, "PATCH") == 403
    assert await written(client, f"{path}/vote", other, "PUT") == 403
    assert await written(client, path, own, "PATCH") == 200


@pytest.mark.parametrize(
    ("path", "origin", "status"),
    [
        (f"{THREAD[NEWS]}/comments", NEWS, 204),
        (f"{THREAD[NEWS]}/comments", NOTES, 403),
        (f"{THREAD[NEWS]}/mine", NEWS, 204),
        (f"{THREAD[NEWS]}/mine", NOTES, 403),
        ("/api/v1/reports", NOTES, 204),
        ("/api/v1/reports", "https://elsewhere.example", 403),
        ("/api/v1/moderation/switches", NEWS, 403),
        ("/api/v1/account/sign-in", NEWS, 403),
        ("/api/v1/comments/rubbish", NEWS, 403),
        ("/api/v1/comments/A3hDEr0TAAADeEMUsNMAAw", NEWS, 403),
        ("/api/v1/sites/nowhere/threads/blog/comments", NEWS, 403),
        ("/api/v1/sites/%00/threads/blog/comments", NEWS, 403),
    ],
)
async def test_a_browser_that_asks_first_hears_the_same(
    client: Client, path: str, origin: str, status: int
) -> None:
    asked = {
        "origin": origin,
        "access-control-request-method": "GET" if path.endswith("mine") else "POST",
        "access-control-request-headers": "authorization, content-type",
    }

    assert (await client.options(path, headers=asked)).status_code == status


@pytest.mark.parametrize(
    "origin",
    [
        "https://news.example/",
        "https://news.example.",
        "https://news.example:443",
        "http://news.example:80",
        "https://news.example:0443",
        "https://*.example",
        "https://*",
        "https://NEWS.example",
        "https://nеws.example",  # a Cyrillic letter
        "https://a@news.example",
        "https://-news.example",
        "https://",
        "news.example",
        "file://",
        "*",
        "null",
        "",
    ],
)
async def test_no_site_lists_what_no_browser_sends(sqlite_db: Database, origin: str) -> None:
    with pytest.raises(BadOrigin):
        await sqlite_db.act(partial(a_site, origins=(origin,)))


@pytest.mark.parametrize(
    "origin",
    [
        "https://news.example",
        "https://news.example:8443",
        "http://localhost:3000",
        "http://127.0.0.1:443",
        "https://[2001:db8::1]:8443",
        "https://xn--80ak6aa92e.example",
    ],
)
async def test_sites_list_what_browsers_send(sqlite_db: Database, origin: str) -> None:
    await sqlite_db.act(partial(a_site, origins=(origin,)))
