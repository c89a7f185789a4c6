"""The list of a site can be changed afterwards, and what is taken off it ends at once."""

from functools import partial

import pytest
import sqlalchemy as sa

from gentie.accounts.model import SessionExpired
from gentie.actions.operations.list_origin import list_origin
from gentie.actions.operations.renew_site_token import renew_site_token
from gentie.kernel.actor import ANYONE, OPERATOR, Actor, MayNot
from gentie.kernel.chance import digest_of
from gentie.kernel.ids import SiteId
from gentie.sites import queries
from gentie.sites.model import BadOrigin, NoSuchSite
from gentie.storage.db import Database
from gentie.visits.model import Door, NotForThisPage
from gentie.web.access import Visiting, actor_of_visit
from tests.newsroom import DAILY, NOON
from tests.visits.build import PAGE, a_guest, a_house

OTHER = "https://shop.example"


async def change(
    db: Database, origin: str, *, listed: bool, site: SiteId = DAILY, acting: Actor = OPERATOR
) -> tuple[str, ...]:
    body = partial(list_origin, site=site, origin=origin, listed=listed, acting=acting, now=NOON)
    return await db.act(body)


async def test_what_is_taken_off_ends_at_once(db: Database) -> None:
    await a_house(db)
    guest = await a_guest(db)
    opened = await guest.visit()
    visiting = Visiting(
        token=opened.token, door=Door.PAGE, origin=PAGE, path=f"/api/v1/sites/{DAILY}/threads/t"
    )
    await db.read(partial(actor_of_visit, visiting=visiting, now=NOON))

    left = await change(db, PAGE, listed=False)

    assert PAGE not in left
    with pytest.raises(SessionExpired):
        await db.read(partial(actor_of_visit, visiting=visiting, now=NOON))
    with pytest.raises(NotForThisPage):
        await guest.code()


async def test_an_origin_is_listed_once(db: Database) -> None:
    await a_house(db)

    twice = [await change(db, OTHER, listed=True) for _ in range(2)]

    assert [one.count(OTHER) for one in twice] == [1, 1]
    site = await db.read(partial(queries.get_site, site=DAILY))
    assert site.origins == twice[1]


@pytest.mark.parametrize(
    ("origin", "site", "acting", "no"),
    [
        ("https://*.example", DAILY, OPERATOR, BadOrigin),
        ("https://news.example/path", DAILY, OPERATOR, BadOrigin),
        (OTHER, SiteId("nowhere"), OPERATOR, NoSuchSite),
        (OTHER, DAILY, ANYONE, MayNot),
    ],
)
async def test_refuses(
    db: Database, origin: str, site: SiteId, acting: Actor, no: type[Exception]
) -> None:
    await a_house(db)

    with pytest.raises(no):
        await change(db, origin, listed=True, site=site, acting=acting)


async def test_a_new_token_takes_the_place_of_the_old(db: Database) -> None:
    await a_house(db)
    renewing = partial(renew_site_token, site=DAILY, acting=OPERATOR, now=NOON)

    old, new = [await db.act(renewing) for _ in range(2)]

    def holders(tx: sa.Connection) -> list[bool]:
        return [queries.find_by_token(tx, digest_of(one)) is not None for one in (old, new)]

    assert await db.read(holders) == [False, True]
