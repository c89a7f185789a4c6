"""What holds for every request, whatever handler it is for."""

import pkgutil
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Annotated, Any

import httpx
import msgspec
import pytest
import structlog
from litestar import get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath, JSONBody
from litestar.testing import AsyncTestClient
from prometheus_client import CollectorRegistry

import gentie
from gentie.kernel.actor import Actor, MayNot
from gentie.kernel.refusal import Refusal
from gentie.storage.db import Database
from gentie.web.app import LARGEST, Application
from gentie.web.problems import STATUS
from gentie.web.services import Connection
from tests.web.build import client_for

Client = AsyncTestClient[Application]


class Note(msgspec.Struct, forbid_unknown_fields=True):
    text: Annotated[str, msgspec.Meta(max_length=10)]
    inner: Any = None


@get("/api/v1/notes/{note:str}")
async def read_note(note: FromPath[str]) -> Note:
    """Read a note."""
    if note == "secret":
        raise MayNot(scope="note:read")
    if note == "broken":
        raise ValueError("the password is rosebud")
    return Note(note)


@post("/api/v1/notes", tags=["notes"])
async def write_note(data: JSONBody[Note]) -> Note:
    """Write a note."""
    return data


@get("/notes/{note:str}")
async def note_page(note: FromPath[str]) -> str:
    if note == "gone":
        raise HTTPException(status_code=410)
    if note == "secret":
        raise MayNot(scope="note:read")
    raise ValueError("the password is rosebud")


@post("/notes")
async def note_form(data: JSONBody[Note]) -> str:
    return data.text


plain = (note_page, note_form)


@pytest.fixture
async def client(sqlite_db: Database) -> AsyncIterator[Client]:
    async with client_for(sqlite_db, read_note, write_note) as client:
        yield client


class TestNo:
    @pytest.mark.parametrize(
        ("method", "path", "body", "status", "code"),
        [
            ("POST", "/api/v1/notes", b'{"text":', 400, "malformed"),
            ("POST", "/api/v1/notes", b"\xff\xfe", 400, "malformed"),
            ("POST", "/api/v1/notes", b"[" * 100_000, 400, "malformed"),
            ("POST", "/api/v1/notes", b'{"text":"\\ud800"}', 400, "malformed"),
            ("POST", "/api/v1/notes", b"", 422, "invalid"),
            ("POST", "/api/v1/notes", b'{"text":1}', 422, "invalid"),
            ("POST", "/api/v1/notes", b'{"text":"a","more":1}', 422, "invalid"),
            ("POST", "/api/v1/notes", b'{"text":"far too long"}', 422, "invalid"),
            ("POST", "/api/v1/notes", b'{"text":"' + b"a" * LARGEST + b'"}', 413, "too-large"),
            ("GET", "/api/v1/notes", b"", 405, "method-not-allowed"),
            ("BREW", "/api/v1/notes", b"", 405, "method-not-allowed"),
            ("GET", "/api/v1/nowhere", b"", 404, "not-found"),
            ("GET", "/api/v1/notes/secret", b"", 403, "may-not"),
            ("GET", "/api/v1/notes/broken", b"", 500, "internal-error"),
        ],
    )
    async def test_is_a_problem_with_a_code(
        self, client: Client, method: str, path: str, body: bytes, status: int, code: str
    ) -> None:
        with structlog.testing.capture_logs():
            answer = await client.request(
                method, path, content=body, headers={"content-type": "application/json"}
            )

        assert (answer.status_code, answer.headers["content-type"]) == (
            status,
            "application/problem+json",
        )
        told = answer.json()
        assert (told["type"], told["title"], told["status"]) == (f"/problems/{code}", code, status)
        assert answer.headers["cache-control"] == "no-store"
        for inside in ("rosebud", "Traceback", "msgspec", "litestar", "gentie."):
            assert inside not in answer.text

    async def test_says_which_fields(self, client: Client) -> None:
        answer = await client.post("/api/v1/notes", json={"text": 7})

        assert answer.json()["faults"] == [{"field": "text", "says": "Expected `str`, got `int`"}]

    async def test_names_the_methods_that_are_there(self, client: Client) -> None:
        answer = await client.put("/api/v1/notes")

        assert "POST" in answer.headers["allow"]

    async def test_speaks_chinese(self, client: Client) -> None:
        answer = await client.get("/nowhere", headers={"accept-language": "zh-TW,zh;q=0.9"})

        assert answer.json()["detail"] == "这里没有内容。"
        assert answer.headers["content-language"] == "zh-CN"

    @pytest.mark.parametrize(
        ("method", "path", "status", "says"),
        [
            ("GET", "/nowhere", 404, "There is nothing here."),
            ("GET", "/notes", 405, "This cannot be done here."),
            ("POST", "/notes", 422, "Some fields are missing"),
            ("GET", "/notes/gone", 410, "not here any more"),
            ("GET", "/notes/broken", 500, "Something went wrong on our side."),
            ("GET", "/notes/secret", 403, "no permission"),
        ],
    )
    async def test_is_a_page_for_a_reader(
        self, sqlite_db: Database, method: str, path: str, status: int, says: str
    ) -> None:
        headers = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "en"}
        async with client_for(sqlite_db, *plain) as client:
            with structlog.testing.capture_logs():
                answer = await client.request(method, path, headers=headers)
                chinese = await client.request(method, f"{path}?lang=zh-CN", headers=headers)

        assert (answer.status_code, chinese.status_code) == (status, status)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-language"] == "en"
        assert answer.headers["cache-control"] == "no-store"
        assert says in answer.text
        assert "没有成功" in chinese.text
        assert "rosebud" not in answer.text

    @pytest.mark.parametrize(
        "accept",
        ["*/*", "application/json", "text/html;q=0.5, application/json", "text/html;q=x", ""],
    )
    async def test_is_data_for_who_asks_for_no_page(self, client: Client, accept: str) -> None:
        answer = await client.get("/nowhere", headers={"accept": accept})

        assert answer.headers["content-type"] == "application/problem+json"

    async def test_of_the_api_is_data_for_browsers_too(self, client: Client) -> None:
        answer = await client.get("/api/v1/nowhere", headers={"accept": "text/html"})

        assert answer.headers["content-type"] == "application/problem+json"

    @pytest.mark.parametrize(
        ("referer", "back"),
        [
            ("http://gentie.test/t/daily/a?sort=top", '<a href="/t/daily/a?sort=top">Back</a>'),
            ("http://gentie.test//elsewhere.test/a", '<a href="/elsewhere.test/a">Back</a>'),
        ],
    )
    async def test_leads_back(self, client: Client, referer: str, back: str) -> None:
        headers = {"accept": "text/html", "referer": referer}

        assert back in (await client.get("/nowhere", headers=headers)).text

    @pytest.mark.parametrize("referer", ["https://elsewhere.test/a", "rubbish", "http://[::1"])
    async def test_leads_nowhere_else(self, client: Client, referer: str) -> None:
        headers = {"accept": "text/html", "referer": referer}

        assert ">Back<" not in (await client.get("/nowhere", headers=headers)).text

    async def test_from_the_one_who_looks_who_is_asking(self, sqlite_db: Database) -> None:
        async def expired(connection: Connection) -> Actor:
            raise MayNot(scope="session")

        async with client_for(sqlite_db, read_note, authenticate=expired) as client:
            answer = await client.get("/api/v1/notes/a")
            health = await client.get("/healthz")

        assert (answer.status_code, answer.json()["title"]) == (403, "may-not")
        assert health.status_code == 200

    def test_every_refusal_has_a_status(self) -> None:
        for module in pkgutil.walk_packages(gentie.__path__, "gentie."):
            if not module.name.startswith("gentie.migrations."):
                import_module(module.name)
        ours = {one for one in Refusal.__subclasses__() if one.__module__.startswith("gentie.")}

        assert ours - set(STATUS) == set()


class TestEveryAnswer:
    @pytest.mark.parametrize("path", ["/api/v1/notes/a", "/nowhere", "/docs", "/static/tokens.css"])
    async def test_carries_the_security_headers(self, client: Client, path: str) -> None:
        headers = (await client.get(path)).headers

        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        for wall in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert wall in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "server" not in headers

    async def test_asks_for_https_where_there_is_https(self, sqlite_db: Database) -> None:
        async with client_for(sqlite_db, base_url="https://gentie.test") as client:
            answer = await client.get("/healthz")

        assert answer.headers["strict-transport-security"].startswith("max-age=")

    async def test_leaves_one_line_without_path_or_body(self, client: Client) -> None:
        with structlog.testing.capture_logs() as lines:
            await client.get("/api/v1/notes/private-key?q=hidden")

        line = {key: value for key, value in lines[0].items() if key != "ms"}
        assert len(lines) == 1
        assert line == {
            "event": "request",
            "log_level": "info",
            "method": "GET",
            "route": "/api/v1/notes/{note}",
            "status": 200,
        }


class TestOrigins:
    FOREIGN = "https://elsewhere.test"
    LISTED = "https://news.test"

    @pytest.fixture
    async def client(self, sqlite_db: Database) -> AsyncIterator[Client]:
        listed = frozenset({self.LISTED})
        async with client_for(sqlite_db, read_note, write_note, origins=listed) as client:
            yield client

    async def test_everybody_may_read_without_credentials(self, client: Client) -> None:
        answer = await client.get("/api/v1/notes/a", headers={"origin": self.FOREIGN})

        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers

    @pytest.mark.parametrize("origin", [LISTED, "http://gentie.test"])
    async def test_listed_and_own_pages_may_write(self, client: Client, origin: str) -> None:
        answer = await client.post("/api/v1/notes", json={"text": "a"}, headers={"origin": origin})

        assert answer.status_code == 201
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["vary"] == "origin"

    @pytest.mark.parametrize(
        "origin", [FOREIGN, "null", "https://gentie.test.evil.test", "rubbish"]
    )
    async def test_others_may_not_write(self, client: Client, origin: str) -> None:
        answer = await client.post("/api/v1/notes", json={"text": "a"}, headers={"origin": origin})

        assert (answer.status_code, answer.json()["title"]) == (403, "foreign-origin")

    @pytest.mark.parametrize(
        ("origin", "method", "headers", "status"),
        [
            (FOREIGN, "GET", "", 204),
            (FOREIGN, "GET", "authorization", 403),
            (FOREIGN, "POST", "content-type", 403),
            (LISTED, "POST", "content-type, authorization", 204),
            (LISTED, "DELETE", "authorization", 204),
        ],
    )
    async def test_answers_what_a_browser_asks_first(
        self, client: Client, origin: str, method: str, headers: str, status: int
    ) -> None:
        answer = await client.options(
            "/api/v1/notes",
            headers={
                "origin": origin,
                "access-control-request-method": method,
                "access-control-request-headers": headers,
            },
        )

        assert answer.status_code == status
        if status == 204:
            assert answer.headers["access-control-allow-methods"] == method


class TestHealth:
    async def test_is_up_and_ready(self, client: Client) -> None:
        assert (await client.get("/healthz")).text == "ok\n"
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"failing": []})

    async def test_is_not_ready_when_a_probe_or_the_database_fails(
        self, sqlite_db: Database
    ) -> None:
        async with client_for(sqlite_db, probes={"jobs": lambda: False}) as client:
            one = await client.get("/readyz")
            await sqlite_db.close()
            both = await client.get("/readyz")

        assert (one.status_code, one.json()) == (503, {"failing": ["jobs"]})
        assert (both.status_code, both.json()) == (503, {"failing": ["jobs", "database"]})

    async def test_numbers_are_for_this_machine(self, sqlite_db: Database) -> None:
        registry = CollectorRegistry()
        async with client_for(sqlite_db, read_note, registry=registry) as client:
            await client.get("/api/v1/notes/a")
            far = await client.get("/metrics")
            app = client.app
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 5))
        async with httpx.AsyncClient(transport=transport, base_url="http://gentie.test") as near:
            numbers = await near.get("/metrics")

        assert far.status_code == 403
        assert 'gentie_http_seconds_count{method="GET",route="/api/v1/notes/{note}"' in numbers.text

    async def test_security_contact(self, sqlite_db: Database) -> None:
        async with client_for(sqlite_db, security_contact="mailto:safe@gentie.test") as client:
            answer = await client.get("/.well-known/security.txt")

        assert "Contact: mailto:safe@gentie.test\nExpires: 2026-08-28T00:00:00Z\n" in answer.text
        async with client_for(sqlite_db) as client:
            assert (await client.get("/.well-known/security.txt")).status_code == 404


class TestDescription:
    async def test_is_openapi_of_our_routes_only(self, client: Client) -> None:
        schema = (await client.get("/openapi.json")).json()

        assert schema["openapi"].startswith("3.1")
        assert schema["paths"]["/api/v1/notes"]["post"]["description"] == "Write a note."
        refused = schema["paths"]["/api/v1/notes"]["post"]["responses"]["default"]
        assert list(refused["content"]) == ["application/problem+json"]
        assert not any(path.startswith(("/docs", "/embed")) for path in schema["paths"])

    @pytest.mark.parametrize(("lang", "title"), [("en", "The API"), ("zh-CN", "跟帖接口说明")])
    async def test_can_be_read_without_a_request_elsewhere(
        self, client: Client, lang: str, title: str
    ) -> None:
        page = (await client.get("/docs", headers={"accept-language": lang})).text

        assert title in page
        assert "POST /api/v1/notes" in page
        assert "http://" not in page
        assert "https://" not in page
        assert "<script" not in page


class TestStatic:
    async def test_plain_names_are_kept_for_a_while(self, client: Client) -> None:
        answer = await client.get("/static/tokens.css")

        assert answer.headers["content-type"] == "text/css; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=300"
        again = await client.get(
            "/static/tokens.css", headers={"if-none-match": answer.headers["etag"]}
        )
        assert again.status_code == 304

    async def test_names_with_their_digest_are_kept_for_ever(self, client: Client) -> None:
        page = (await client.get("/docs")).text
        url = page.split('href="/static/tokens.css')[1].split('"')[0]

        assert (
            "immutable" in (await client.get(f"/static/tokens.css{url}")).headers["cache-control"]
        )
        for other in ("?v=0", f"{url}0"):
            answer = await client.get(f"/static/tokens.css{other}")
            assert "immutable" not in answer.headers["cache-control"]

    @pytest.mark.parametrize(
        "path",
        [
            "/static/../app.py",
            "/static/%2e%2e/app.py",
            "/static/",
            "/static//etc/passwd",
            "/static/x",
        ],
    )
    async def test_nothing_else_is_served(self, client: Client, path: str) -> None:
        assert (await client.get(path)).status_code == 404

    async def test_says_when_the_widget_has_not_been_built(self, client: Client) -> None:
        answer = await client.get("/embed/v1/no-such-part.js")

        assert (answer.status_code, answer.json()["title"]) == (503, "widget-not-built")
