"""A code is used once, by the page that asked; a visit ends with everything that it hangs on."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from gentie.accounts.model import AccountClosed, AccountState, SessionExpired
from gentie.accounts.store import set_state
from gentie.actions.identity.close_account import close_account
from gentie.actions.identity.connect_site import connect_site
from gentie.actions.identity.disconnect_site import disconnect_site
from gentie.actions.identity.leave_visit import leave_visit
from gentie.actions.identity.purge_sign_ins import purge_sign_ins
from gentie.actions.identity.renew_visit import renew_visit
from gentie.actions.identity.sign_out import sign_out
from gentie.kernel.actor import ANYONE, SERVICE, Actor, MayNot
from gentie.kernel.ids import SiteId
from gentie.sites.model import NoSuchSite
from gentie.sites.tables import sites
from gentie.storage.db import Database
from gentie.visits import queries
from gentie.visits.model import CODE_TERM, TOKEN_TERM, CodeInvalid, Door, NotForThisPage, Opened
from gentie.visits.tables import offers, visits
from gentie.web.access import Visiting, actor_of_visit
from tests.newsroom import DAILY, NOON
from tests.visits import build
from tests.visits.build import PAGE, VERIFIER, Guest, a_guest, a_house, a_way
from tests.web.embed.build import count

THREAD = "/api/v1/sites/daily/threads/blog/comments"


@pytest.fixture
async def guest(db: Database) -> Guest:
    await a_house(db)
    return await a_guest(db)


async def acting_with(db: Database, token: str, *, path: str = THREAD, **changes: Any) -> Actor:
    given: dict[str, Any] = {
        "token": token,
        "door": Door.PAGE,
        "origin": PAGE,
        "path": path,
        "now": NOON,
    }
    given |= changes
    now = given.pop("now")
    return await db.read(partial(actor_of_visit, visiting=Visiting(**given), now=now))


async def renewed(db: Database, opened: Opened, **changes: Any) -> Opened | None:
    given: dict[str, Any] = {
        "renewal": opened.refresh,
        "origin": PAGE,
        "acting": ANYONE,
        "now": NOON,
        **changes,
    }
    return await db.act(partial(renew_visit, **given))


class TestCode:
    async def test_opens_a_visit(self, guest: Guest) -> None:
        opened = await guest.visit()

        visit = opened.visit
        assert (visit.account, visit.site, visit.origin) == (guest.acting.account, DAILY, PAGE)
        assert visit.access_until == NOON + TOKEN_TERM
        acting = await acting_with(guest.db, opened.token)
        assert (acting.id, acting.site) == (guest.acting.id, DAILY)
        assert not acting.scopes & {"account:self", "identity:verify", "decision:appeal"}

    async def test_is_kept_as_a_digest(self, guest: Guest) -> None:
        code = await guest.code()
        opened = await guest.exchange(code)

        assert opened is not None
        rows = await guest.db.read(
            lambda tx: str([tx.execute(sa.select(one)).all() for one in (offers, visits)])
        )
        secrets = [opened.token.split(".")[2], opened.refresh.split(".")[2]]
        assert not [one for one in (code, guest.token, *secrets) if one in rows]

    @pytest.mark.parametrize(
        "changes",
        [
            {"verifier": VERIFIER + "x"},
            {"verifier": ""},
            {"origin": "https://elsewhere.example"},
            {"origin": "null"},
            {"origin": ""},
            {"door": Door.FRAME},
            {"now": NOON + CODE_TERM},
        ],
    )
    async def test_is_worth_nothing_to_others(self, guest: Guest, changes: dict[str, Any]) -> None:
        code = await guest.code()

        with pytest.raises(CodeInvalid):
            await guest.exchange(code, **changes)
        with pytest.raises(CodeInvalid):
            await guest.exchange("made-up")
        assert await guest.exchange(code) is not None

    async def test_that_comes_again_ends_the_visit(self, guest: Guest) -> None:
        code = await guest.code()
        opened = await guest.exchange(code)

        assert opened is not None
        assert await guest.exchange(code) is None
        with pytest.raises(SessionExpired):
            await acting_with(guest.db, opened.token)

    async def test_that_somebody_saw_cannot_end_the_visit(self, guest: Guest) -> None:
        code = await guest.code()
        opened = await guest.exchange(code)

        assert opened is not None
        with pytest.raises(CodeInvalid):
            await guest.exchange(code, verifier="another-verifier-of-at-least-43-characters-")
        await acting_with(guest.db, opened.token)

    async def test_used_twice_at_once_works_once(self, guest: Guest) -> None:
        code = await guest.code()

        both = await asyncio.gather(guest.exchange(code), guest.exchange(code))

        assert sum(one is not None for one in both) == 1
        assert await guest.db.read(partial(count, table=visits)) == 1

    async def test_dies_with_the_session(self, guest: Guest) -> None:
        code = await guest.code()
        await guest.db.act(partial(sign_out, token=guest.token, acting=guest.acting, now=NOON))

        with pytest.raises(SessionExpired):
            await guest.exchange(code)


class TestNobodyGetsACode:
    async def test_for_another_page(self, guest: Guest) -> None:
        for origin in ("https://elsewhere.example", "https://page.example.evil.test", "null"):
            with pytest.raises(NotForThisPage):
                await guest.code(origin=origin)

    async def test_for_no_site(self, guest: Guest) -> None:
        with pytest.raises(NoSuchSite):
            await guest.code(site=SiteId("nowhere"))

    async def test_with_a_session_of_nobody(self, guest: Guest) -> None:
        guest.token = "made-up"
        with pytest.raises(SessionExpired):
            await guest.code()

    async def test_without_the_scope(self, guest: Guest) -> None:
        opened = await guest.visit()
        visitor = await acting_with(guest.db, opened.token)

        for acting in (ANYONE, visitor):
            giving = partial(connect_site, way=a_way(), service=build.SERVICE, token=guest.token)
            with pytest.raises(MayNot):
                await guest.db.act(partial(giving, acting=acting, now=NOON))


class TestToken:
    @pytest.mark.parametrize(
        "changes",
        [
            {"origin": "https://elsewhere.example"},
            {"origin": "null"},
            {"origin": ""},
            {"door": Door.FRAME},
            {"now": NOON + TOKEN_TERM},
        ],
    )
    async def test_is_good_in_one_place(self, guest: Guest, changes: dict[str, Any]) -> None:
        opened = await guest.visit()

        with pytest.raises(SessionExpired):
            await acting_with(guest.db, opened.token, **changes)

    @pytest.mark.parametrize(
        "path",
        [
            "/api/v1/sites/notebook/threads/blog/comments",
            "/api/v1/sites/nowhere/threads/blog/comments",
            "/api/v1/me/comments",
            "/api/v1/me/decisions",
            "/api/v1/account/session",
            "/api/v1/account/consents",
            "/api/v1/decisions/1",
            "/api/v1/decisions/1/appeals",
            "/api/v1/cases/x",
            "/api/v1/moderation/queue",
            "/account/me",
            "/account/close",
            "/",
        ],
    )
    async def test_is_good_for_little(self, guest: Guest, path: str) -> None:
        opened = await guest.visit()

        with pytest.raises(MayNot):
            await acting_with(guest.db, opened.token, path=path)

    @pytest.mark.parametrize("after", ["sign-out", "close", "leave", "disconnect", "delist"])
    async def test_ends_with_what_it_hangs_on(self, guest: Guest, after: str) -> None:
        opened = await guest.visit()
        visitor = await acting_with(guest.db, opened.token)
        ends: dict[str, Callable[[sa.Connection], object]] = {
            "sign-out": partial(sign_out, token=guest.token, acting=guest.acting, now=NOON),
            "close": partial(close_account, acting=guest.acting, now=NOON),
            "leave": partial(leave_visit, token=opened.token, acting=visitor, now=NOON),
            "disconnect": partial(disconnect_site, site=DAILY, acting=guest.acting, now=NOON),
            "delist": lambda tx: tx.execute(sites.update().values(origins=[])),
        }

        await guest.db.act(ends[after])

        with pytest.raises(SessionExpired):
            await acting_with(guest.db, opened.token)
        with pytest.raises(SessionExpired):
            await renewed(guest.db, opened)

    async def test_made_up_is_worth_nothing(self, guest: Guest) -> None:
        opened = await guest.visit()
        visit = opened.visit.id

        for token in ("", "v", f"v.{visit}.{'x' * 22}", opened.refresh, f"v.{'x' * 22}.{'x' * 22}"):
            with pytest.raises(SessionExpired):
                await acting_with(guest.db, token)

    async def test_of_another_is_not_ended(self, guest: Guest) -> None:
        opened = await guest.visit()
        other = await a_guest(guest.db, "Lake")
        theirs = await acting_with(guest.db, (await other.visit()).token)

        with pytest.raises(SessionExpired):
            await guest.db.act(partial(leave_visit, token=opened.token, acting=theirs, now=NOON))
        await acting_with(guest.db, opened.token)


class TestRenewal:
    async def test_gives_new_ones_for_old_ones(self, guest: Guest) -> None:
        first = await guest.visit()
        later = NOON + timedelta(minutes=9)
        second = await renewed(guest.db, first, now=later)

        assert second is not None
        assert second.visit.access_until == later + TOKEN_TERM
        await acting_with(guest.db, second.token, now=later)
        with pytest.raises(SessionExpired):
            await acting_with(guest.db, first.token)

    async def test_that_comes_twice_ends_the_visit(self, guest: Guest) -> None:
        first = await guest.visit()
        second = await renewed(guest.db, first)

        assert second is not None
        assert await renewed(guest.db, first) is None
        with pytest.raises(SessionExpired):
            await acting_with(guest.db, second.token)
        with pytest.raises(SessionExpired):
            await renewed(guest.db, second)

    async def test_twice_at_once_gives_one(self, guest: Guest) -> None:
        first = await guest.visit()

        both = await asyncio.gather(renewed(guest.db, first), renewed(guest.db, first))

        assert sum(one is not None for one in both) == 1

    @pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
    async def test_from_elsewhere_changes_nothing(self, guest: Guest, origin: str) -> None:
        first = await guest.visit()

        with pytest.raises(SessionExpired):
            await renewed(guest.db, first, origin=origin)
        assert await renewed(guest.db, first) is not None

    async def test_ends_with_the_visit(self, guest: Guest) -> None:
        first = await guest.visit()

        with pytest.raises(SessionExpired):
            await renewed(guest.db, first, now=first.visit.ends_at)


async def test_a_frame_keeps_one_token_as_long_as_the_session(guest: Guest) -> None:
    code = await guest.code(door=Door.FRAME, origin=build.SERVICE)
    opened = await guest.exchange(code, door=Door.FRAME, origin=build.SERVICE)

    assert opened is not None
    assert (opened.refresh, opened.visit.refresh) == ("", "")
    assert opened.visit.access_until == opened.visit.ends_at == NOON + timedelta(days=14)
    with pytest.raises(SessionExpired):
        await renewed(guest.db, opened, renewal=f"r.{opened.visit.id}.{'x' * 22}")


async def test_who_left_is_asked_the_next_time(guest: Guest) -> None:
    opened = await guest.visit()
    known = partial(queries.connections_of, account=guest.acting.account)
    assert [one.asks for one in await guest.db.read(known)] == [False]
    visitor = await acting_with(guest.db, opened.token)

    await guest.db.act(partial(leave_visit, token=opened.token, acting=visitor, now=NOON))
    assert [one.asks for one in await guest.db.read(known)] == [True]

    await guest.visit()
    assert [one.asks for one in await guest.db.read(known)] == [False]
    await guest.db.act(partial(disconnect_site, site=DAILY, acting=guest.acting, now=NOON))
    assert await guest.db.read(known) == []


async def test_what_ended_is_forgotten_after_a_week(guest: Guest) -> None:
    await guest.visit()
    purge = partial(purge_sign_ins, acting=SERVICE)

    await guest.db.act(partial(purge, now=NOON + timedelta(days=7)))
    assert await guest.db.read(partial(count, table=visits)) == 1
    await guest.db.act(partial(purge, now=NOON + timedelta(days=8)))

    assert await guest.db.read(partial(count, table=visits)) == 0
    assert await guest.db.read(partial(count, table=offers)) == 0


async def test_nobody_gives_out_a_code_from_a_session_of_another(guest: Guest) -> None:
    guest.acting = (await a_guest(guest.db, "Lake")).acting

    with pytest.raises(SessionExpired):
        await guest.code()


async def test_a_closed_account_gets_no_code(guest: Guest) -> None:
    closed = partial(set_state, account=guest.acting.account, state=AccountState.CLOSED)
    await guest.db.act(closed)

    with pytest.raises(AccountClosed):
        await guest.code()
