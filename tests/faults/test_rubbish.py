"""Whatever is sent: a problem with a stable code, nothing changed, nothing of our insides told."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import sqlalchemy as sa

from gentie.accounts.model import Role
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentId, CommentRef, ThreadId
from gentie.screening.tables import rates
from gentie.storage.db import Database
from tests.newsroom import NOTEBOOK, a_person, post
from tests.whole import Client, Headers, Whole

INSIDES = ("Traceback", "gentie.", ".py", "sqlalchemy", "sqlite", "msgspec", "litestar", "/usr/")
SITE = "/api/v1/sites/notebook"
BLOG = f"{SITE}/threads/blog/comments"
ACCOUNT = "/api/v1/account"
DESK = "/api/v1/moderation"
JSON = {"content-type": "application/json"}
MADE_UP = str(CommentRef(ThreadId("1"), CommentId("1")))
EVIL = {"origin": "https://evil.example"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
NOWHERE = BLOG.replace("notebook", "nowhere")


def a_token(**header: str) -> Headers:
    """A web token that says about itself how it is signed."""
    parts = ({"typ": "JWT", **header}, {"sub": "1", "aud": "https://elsewhere.example"})
    coded = [base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in parts]
    return {"authorization": f"Bearer {'.'.join(coded)}."}


class Bad(NamedTuple):
    id: str
    status: int
    code: str
    method: str = "POST"
    path: str = BLOG
    body: bytes | str = b""
    headers: Headers = JSON
    by: str = "author"
    """author, staff, nobody, or cookie: the author's browser."""


def a_text(text: str, **more: Any) -> str:
    return json.dumps({"text": text, **more})


BAD = (
    # JSON
    Bad("broken JSON", 400, "malformed", body='{"text": "a'),
    Bad("no JSON at all", 400, "malformed", body=b"\x00\xff\xfe"),
    Bad("nested JSON", 400, "malformed", body='{"text":' + "[" * 100_000),
    Bad("no body", 422, "invalid"),
    Bad("a list", 422, "invalid", body='["text"]'),
    Bad("an unknown field", 422, "invalid", body=a_text("a", state="published")),
    Bad("a number for a text", 422, "invalid", body='{"text": 7}'),
    Bad("null for a text", 422, "invalid", body='{"text": null}'),
    Bad("a form", 400, "malformed", body="text=a", headers={"content-type": "text/plain"}),
    Bad("a lone surrogate", 400, "malformed", body='{"text": "a \\ud800 b"}'),
    Bad("bytes that are no text", 400, "malformed", body=b'{"text": "\xed\xa0\x80"}'),
    # texts
    Bad("1 MB", 413, "too-large", body=a_text("a" * 1_000_000)),
    Bad("400 kB", 422, "text-too-long", body=a_text("a" * 400_000)),
    Bad("a NUL", 422, "bad-text", body=a_text("a\0b")),
    Bad("control characters", 422, "bad-text", body=a_text("a\x1b[31mb\x07")),
    Bad("nothing", 422, "text-empty", body=a_text("")),
    Bad("nothing that can be seen", 422, "text-empty", body=a_text("\u200b\u2060 \u202e\u202c\n")),
    Bad("an attachment", 403, "feature-offline", body=a_text("a", attachments=["x"])),
    Bad("a crooked language", 422, "invalid", body=a_text("a", lang='zh" onload="')),
    # places
    Bad("an unknown site", 404, "no-such-site", path=NOWHERE, body=a_text("a")),
    Bad("an unknown site to read", 404, "no-such-site", "GET", NOWHERE),
    Bad(
        "a crooked key", 422, "bad-thread-key", path=BLOG.replace("blog", "~%00"), body=a_text("a")
    ),
    Bad("a crooked key to read", 422, "bad-thread-key", "GET", BLOG.replace("blog", "%00")),
    Bad("a key that is no text", 422, "bad-thread-key", "GET", BLOG.replace("blog", "%FF")),
    Bad("a blank key", 422, "bad-thread-key", path=BLOG.replace("blog", "%20"), body=a_text("a")),
    Bad("a crooked key to count", 422, "bad-thread-key", "GET", f"{SITE}/counts?key=%00"),
    Bad("a crooked key of mine", 422, "bad-thread-key", "GET", f"{SITE}/threads/%00/mine"),
    Bad("no such parent", 404, "no-such-parent", body=a_text("a", parent=MADE_UP)),
    Bad("a crooked parent", 404, "no-such-comment", body=a_text("a", parent="../../x")),
    Bad("a crooked comment", 404, "no-such-comment", "PATCH", "/api/v1/comments/x", a_text("a")),
    Bad("a made-up comment", 404, "no-such-comment", "DELETE", f"/api/v1/comments/{MADE_UP}"),
    Bad("a vote of two", 422, "invalid", "PUT", f"/api/v1/comments/{MADE_UP}/vote", '{"value": 2}'),
    Bad("a wrong cursor", 400, "bad-cursor", "GET", f"{BLOG}?after=rubbish"),
    Bad("a wrong order", 422, "invalid", "GET", f"{BLOG}?sort=worst"),
    Bad("too many at once", 422, "invalid", "GET", f"{BLOG}?limit=100000"),
    Bad("a wrong method", 405, "method-not-allowed", "DELETE", BLOG),
    Bad("a made-up method", 405, "method-not-allowed", "BREW", BLOG),
    Bad("nowhere", 404, "not-found", "GET", "/api/v1/../../etc/passwd"),
    Bad("no item", 404, "no-such-item", path=f"{DESK}/items/1'%20OR%201=1/claim", by="staff"),
    # people
    Bad("a stranger", 401, "not-signed-in", body=a_text("a"), by="nobody"),
    Bad("a stranger at the desk", 403, "may-not", "GET", f"{DESK}/queue", by="nobody"),
    Bad("an author at the desk", 403, "may-not", "GET", f"{DESK}/queue"),
    Bad(
        "no session",
        401,
        "session-expired",
        body=a_text("a"),
        headers={**JSON, "authorization": "Bearer x"},
    ),
    Bad(
        "a token of nobody",
        401,
        "session-expired",
        body=a_text("a"),
        headers={**JSON, **a_token(alg="none")},
    ),
    Bad(
        "a token for others",
        401,
        "session-expired",
        body=a_text("a"),
        headers={**JSON, **a_token(alg="HS256")},
    ),
    Bad(
        "another page",
        403,
        "foreign-origin",
        body=a_text("a"),
        headers={**JSON, **EVIL},
        by="cookie",
    ),
    Bad(
        "no page at all",
        403,
        "foreign-origin",
        body=a_text("a"),
        headers={**JSON, "origin": "null"},
        by="cookie",
    ),
    Bad("a cookie alone", 403, "csrf", body=a_text("a"), by="cookie"),
    Bad(
        "a form of another page",
        403,
        "foreign-origin",
        body="text=a",
        headers={**FORM, **EVIL},
        by="cookie",
    ),
    Bad(
        "an empty key",
        400,
        "bad-idempotency-key",
        body=a_text("a"),
        headers={**JSON, "idempotency-key": ""},
    ),
    Bad(
        "a long key",
        400,
        "bad-idempotency-key",
        body=a_text("a"),
        headers={**JSON, "idempotency-key": "k" * 300},
    ),
    Bad(
        "a wrong password",
        401,
        "wrong-credentials",
        path=f"{ACCOUNT}/sign-in",
        body='{"name": "River Song", "password": "x"}',
        by="nobody",
    ),
    Bad(
        "a name of controls",
        422,
        "bad-name",
        path=f"{ACCOUNT}/sign-up",
        body='{"name": "a\\u202eb", "password": "several plain words"}',
        by="nobody",
    ),
    Bad(
        "a surrogate for a name",
        400,
        "malformed",
        path=f"{ACCOUNT}/sign-up",
        body='{"name": "\\udfff", "password": "several plain words"}',
        by="nobody",
    ),
)


class Stage(NamedTuple):
    whole: Whole
    browser: Client
    author: Headers
    staff: Headers

    async def send(self, bad: Bad) -> httpx.Response:
        known = {"author": self.author, "staff": self.staff}.get(bad.by, {})
        return await self.browser.request(
            bad.method, bad.path, content=bad.body, headers={**known, **bad.headers}
        )

    async def post(self, text: str, **headers: str) -> httpx.Response:
        sent = {
            **JSON,
            **self.author,
            **{name.replace("_", "-"): headers[name] for name in headers},
        }
        return await self.browser.post(BLOG, content=a_text(text), headers=sent)


@pytest.fixture
async def stage(whole: Whole) -> AsyncIterator[Stage]:
    await whole.employ("Gu Jiang", Role.MODERATOR)
    async with whole.browser() as browser:
        author = await whole.a_commenter(browser, "River Song", "lin")
        staff = await whole.on_duty(browser, "Gu Jiang")
        del browser.headers["origin"]
        yield Stage(whole, browser, author, staff)


async def rows_of(whole: Whole) -> dict[str, list[str]]:
    """Everything that is kept, but how often something was tried."""
    rows = await whole.rows()
    del rows[rates.name]
    return rows


def require_problem(answer: httpx.Response, status: int, code: str) -> None:
    """A problem document that tells what is wrong and nothing of our insides."""
    told = answer.json()
    assert (answer.status_code, told["title"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (told["type"], told["status"]) == (f"/problems/{code}", status)
    assert told["detail"]
    assert [word for word in INSIDES if word in answer.text] == []


async def test_is_refused_and_changes_nothing(stage: Stage, subtests: pytest.Subtests) -> None:
    before = await rows_of(stage.whole)
    for bad in (one for one in BAD if one.by != "cookie"):
        with subtests.test(bad.id):
            require_problem(await stage.send(bad), bad.status, bad.code)
            assert await rows_of(stage.whole) == before


async def test_a_cookie_alone_changes_nothing(stage: Stage, subtests: pytest.Subtests) -> None:
    await stage.whole.enter(stage.browser, "River Song")
    before = await rows_of(stage.whole)
    for bad in (one for one in BAD if one.by == "cookie"):
        with subtests.test(bad.id):
            require_problem(await stage.send(bad), bad.status, bad.code)
            assert await rows_of(stage.whole) == before


NULS = (
    ("GET", BLOG.replace("notebook", "%00"), ""),
    ("GET", BLOG.replace("blog", "%00"), ""),
    ("GET", f"{SITE}/counts?key=%00", ""),
    ("GET", "/api/v1/cases/%00", ""),
    ("GET", f"{ACCOUNT}/agreement?regime=%00", ""),
    ("GET", "/t/%00/%00", ""),
    ("GET", "/comment/%00", ""),
    ("POST", f"{ACCOUNT}/sign-in", '{"name": "\\u0000", "password": "several plain words"}'),
    ("POST", f"{ACCOUNT}/sign-in", '{"name": "\\u0000", "password": "x", "code": "123456"}'),
    ("POST", f"{ACCOUNT}/agreement", '{"regime": "\\u0000", "version": 1}'),
    ("POST", "/api/v1/reports", json.dumps({"subject": MADE_UP, "class": "x", "statement": "\0"})),
)


async def test_a_nul_is_no_fault_of_ours(
    db: Database, sqlite_vault: Database, tmp_path: Path, quick_hashes: None
) -> None:
    """PostgreSQL takes none in a text where SQLite does: there it was an error of the service."""
    whole = Whole(db, sqlite_vault, tmp_path)
    await whole.open()
    async with whole.browser() as browser:
        author = await whole.a_commenter(browser, "River Song", "lin")
        before = await rows_of(whole)
        for method, path, body in NULS:
            answer = await browser.request(method, path, content=body, headers={**JSON, **author})
            assert answer.status_code in {400, 401, 404, 422}, (path, answer.text)
            assert [word for word in INSIDES if word in answer.text] == []
        assert await rows_of(whole) == before


@pytest.mark.parametrize(
    "path", ["/t/nowhere/x", "/t/notebook/~%00", "/embed/thread/nowhere/x.html"]
)
async def test_pages_of_nowhere_tell_nothing(stage: Stage, path: str) -> None:
    answer = await stage.browser.get(path)

    assert answer.status_code in {404, 422}
    assert [word for word in INSIDES if word in answer.text] == []


async def test_an_expired_session_is_none(stage: Stage) -> None:
    stage.whole.now += timedelta(days=91)
    before = await rows_of(stage.whole)

    answers = [
        await stage.send(Bad("", 0, "", body=a_text("a"), by=by)) for by in ("author", "staff")
    ]

    for answer in answers:
        require_problem(answer, 401, "session-expired")
    assert await rows_of(stage.whole) == before


async def test_a_key_is_for_one_request(stage: Stage) -> None:
    first = await stage.post("One text", idempotency_key="k-1")
    before = await rows_of(stage.whole)

    again = await stage.post("One text", idempotency_key="k-1")
    other = await stage.post("Another text", idempotency_key="k-1")

    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    require_problem(other, 422, "idempotency-key-reused")
    assert await rows_of(stage.whole) == before


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("right \u202eto left", "right to left"),
        ("isolated \u2067text\u2069", "isolated text"),
        ("a\u200bb", "ab"),
        ("e" + "\u0301" * 10_000, ""),
        ("1\r\n2\u20283", "1\n2\n3"),
    ],
    ids=["override", "isolate", "zero width", "10,000 marks", "line ends"],
)
async def test_what_hides_or_towers_is_not_kept(stage: Stage, sent: str, kept: str) -> None:
    answer = await stage.post(sent)
    page = await stage.browser.get(BLOG)

    assert answer.status_code == 201, answer.text
    text = page.json()["comments"][0]["text"]
    assert text == kept or len(text) < 20
    assert "\u202e" not in page.text


async def test_a_chain_of_500_replies_is_read_to_its_end(stage: Stage) -> None:
    """Each answers the one before. Every page stays small, and nothing is lost or shown twice."""
    made = await stage.whole.db.act(partial(a_chain, length=500))

    page = (await stage.browser.get(BLOG)).json()
    (root,) = page["comments"]
    seen, after = [one["id"] for one in root["replies"]], root["more_replies"]
    while after:
        branch = await stage.browser.get(
            f"/api/v1/comments/{root['id']}/replies", params={"after": after}
        )
        assert len(branch.content) < 100_000
        seen += [one["id"] for one in branch.json()["comments"]]
        after = branch.json()["next"]

    assert [root["id"], *seen] == made
    assert root["reply_count"] == 500
    assert (await stage.browser.get("/t/notebook/blog")).status_code == 200


def a_chain(tx: sa.Connection, *, length: int) -> list[str]:
    """A comment and `length` replies. Returns the ids."""
    by: Actor = a_person(tx, "Chain")
    chain = [post(tx, by, text="The first", site=NOTEBOOK)]
    for number in range(length):
        chain.append(post(tx, by, text=f"Reply {number}", site=NOTEBOOK, to=chain[-1]))
    return [one.id for one in chain]
