"""Nothing is taken from people but what is listed: fields, headers, addresses."""

import msgspec
import pytest
from litestar.routes import HTTPRoute

from gentie.main.compose import ROUTES
from gentie.privacy.collected import Collected, faults_of, load_collected
from gentie.privacy.inventory import load_inventory
from gentie.storage.db import Database
from gentie.web.app import create_app
from tests.clauses.build import told
from tests.newsroom import DAILY
from tests.web.build import a_services
from tests.whole import Whole
from tests.whole import quick_hashes as quick_hashes  # noqa: PLC0414 a fixture
from tests.whole import whole as whole  # noqa: PLC0414 a fixture

INSIDE = ("/console", "/api/v1/moderation")
"""Doors of those who work here."""
BY_SITES = {"NewDeclaration", "Video"}
"""What sites' own servers say of their pages."""
CANARY = "canary-4711"


def bodies(db: Database) -> dict[str, type]:
    """What each path for people takes as a body."""
    app = create_app(a_services(db), ROUTES)
    return {
        f"{route.path_format} {handler.handler_name}": handler.parsed_data_field.annotation
        for route in app.router.routes
        if isinstance(route, HTTPRoute) and not route.path.startswith(INSIDE)
        for handler in route.route_handlers
        if handler.parsed_data_field is not None
    }


def test_every_field_ends_up_where_the_inventory_says() -> None:
    collected, inventory = load_collected(), load_inventory()

    assert list(faults_of(collected, inventory)) == []
    planted = Collected(kept={"shoe": "account.shoe_size"}, forms={})
    assert [one.partition(" ")[0] for one in faults_of(planted, inventory)] == ["shoe"]


def test_every_form_and_body_is_listed(sqlite_db: Database) -> None:
    collected, unlisted, lax = load_collected(), set[str](), set[str]()
    for where, body in bodies(sqlite_db).items():
        path = where.partition(" ")[0]
        if not issubclass(body, msgspec.Struct):
            unlisted |= {path} - set(collected.forms)
        elif body.__name__ not in BY_SITES:
            names = {field.encode_name for field in msgspec.structs.fields(body)}
            unlisted |= {f"{path} {name}" for name in names - set(collected.kept)}
            lax |= set() if body.__struct_config__.forbid_unknown_fields else {path}
    in_forms = {name for names in collected.forms.values() for name in names}

    assert unlisted == set()
    assert lax == set()
    assert {one for one in in_forms if one[0] != "q"} <= set(collected.kept)


@pytest.mark.clause("2017-5.2b")
async def test_a_surplus_field_is_refused_everywhere(whole: Whole) -> None:
    """Forms and JSON alike, before anything is looked at."""
    async with whole.browser() as web:
        for path in load_collected().forms:
            at = path.replace("{site}", DAILY)
            answer = await web.post(at, data={"shoe_size": CANARY, "csrf": ""})
            assert answer.status_code == 422, path
            assert "shoe_size" in answer.text
        form = {"name": "Ferryman", "password": "several plain words", "phone": "13800000000"}
        assert (await web.post("/account/sign-up", data=form)).status_code == 422
        answer = await web.post("/api/v1/account/sign-up", json=form | {"mail": "a@b.example"})
        assert told(answer) == (422, "invalid")
    counted = whole.app.services.registry.get_sample_value
    for route in ("/account/sign-up", "/api/v1/account/sign-up"):
        assert counted("gentie_surplus_fields_total", {"route": route}) == 2, route
    assert CANARY not in str(await whole.rows())
    assert "13800000000" not in str(await whole.rows())


@pytest.mark.clause("2017-5.2b")
async def test_nothing_of_a_reader_is_kept(
    whole: Whole, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever their browser says of them: no header, no address, no query."""
    said = {
        name: f"{CANARY}-{name}"
        for name in ("user-agent", "referer", "accept-language", "x-forwarded-for", "x-real-ip")
    } | {"cookie": f"tracker={CANARY}", "from": CANARY, "sec-ch-ua": CANARY}
    async with whole.browser() as web:
        for path in (
            f"/t/{DAILY}/article",
            f"/api/v1/sites/{DAILY}/threads/article/comments",
            "/privacy",
            "/log",
            "/account/sign-in",
        ):
            answer = await web.get(f"{path}?utm={CANARY}", headers=said)
            assert answer.status_code == 200, path
        await web.post("/account/sign-up", data={"name": "x", "password": "y"}, headers=said)
    await whole.settle()

    rows = str(await whole.rows())
    assert CANARY not in rows
    assert "testclient" not in rows
    assert CANARY not in capsys.readouterr().out
