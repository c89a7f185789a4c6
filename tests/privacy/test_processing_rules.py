"""The processing rules: versions, what changed between them, and who is asked to look again."""

from datetime import timedelta
from functools import partial

import pytest
from msgspec.structs import replace

from gentie.accounts.roles import actor_of_account
from gentie.actions.identity.publish_rules import publish_rules
from gentie.actions.identity.see_rules import see_rules
from gentie.catalogue.regimes import Text
from gentie.kernel.actor import SERVICE
from gentie.kernel.ids import AccountId
from gentie.pages.privacy import find_news
from gentie.privacy import queries, store
from gentie.privacy.inventory import lines_of, load_inventory
from gentie.privacy.model import Line, Rules
from gentie.privacy.rules import changes, is_material
from gentie.storage.db import Database
from tests.web.build import NOON

ANN = AccountId("a" * 22)
LINES = lines_of(load_inventory())


def version(number: int, *lines: Line) -> Rules:
    return Rules(number=number, in_force_from=NOON + timedelta(days=number), lines=lines)


def changed(**fields: object) -> tuple[Line, Line]:
    line = next(one for one in LINES if one.table == "session")
    return line, replace(line, **fields)


@pytest.mark.parametrize(
    ("fields", "kind", "material"),
    [
        ({"fields": ("token", "device")}, "more-fields", True),
        ({"fields": ("token",)}, "fewer-fields", False),
        ({"purpose": Text("广告", "Advertising")}, "purpose", True),
        ({"basis": Text("同意", "consent")}, "basis", True),
        ({"days": 30}, "longer", True),
        ({"days": 0}, "longer", True),
        ({"days": 3}, "shorter", False),
        ({"where": "vault"}, "where", True),
        ({"what": Text("登录", "Sign-ins")}, "words", False),
    ],
)
def test_more_for_longer_or_for_something_else_is_material(
    fields: dict[str, object], kind: str, *, material: bool
) -> None:
    old, new = changed(**fields)
    found = changes(version(1, old), version(2, new))
    said = {one.kind: one.material for one in found}

    assert said[kind] is material
    assert is_material(found) is (True in said.values())


def test_what_comes_and_goes_is_said() -> None:
    first, second = LINES[0], LINES[1]
    found = changes(version(1, first), version(2, second))

    assert [(one.kind, one.table, one.material) for one in found] == [
        ("new", second.table, True),
        ("gone", first.table, False),
    ]
    assert changes(version(1, *LINES), version(2, *LINES)) == ()


async def test_a_version_is_published_where_the_inventory_says_something_new(db: Database) -> None:
    publish = partial(publish_rules, acting=SERVICE, now=NOON)
    first = await db.act(publish)
    assert first is not None
    assert first.number == 1
    assert await db.act(publish) is None
    older = replace(version(2, *LINES[1:]), in_force_from=NOON)
    assert await db.act(partial(store.publish, rules=older))
    again = await db.act(publish)
    assert again is not None
    assert (again.number, again.lines) == (3, LINES)
    assert [one.number for one in await db.read(queries.versions)] == [3, 2, 1]


async def test_a_material_change_is_shown_until_it_was_seen(db: Database) -> None:
    me = actor_of_account(ANN)
    await db.act(partial(store.publish, rules=version(1, *LINES[1:])))
    assert await db.read(partial(find_news, account=ANN)) is None
    await db.act(partial(store.publish, rules=version(2, *LINES)))
    news = await db.read(partial(find_news, account=ANN))
    assert news is not None
    assert [one.table for one in news.changes] == [LINES[0].table]
    await db.act(partial(see_rules, number=1, acting=me, now=NOON))
    assert await db.read(partial(find_news, account=ANN)) == news
    await db.act(partial(see_rules, number=2, acting=me, now=NOON))
    assert await db.read(partial(find_news, account=ANN)) is None
    await db.act(partial(store.publish, rules=version(3, *LINES[2:])))
    assert await db.read(partial(find_news, account=ANN)) is None
