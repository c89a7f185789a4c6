from functools import partial

import pytest

from gentie.accounts import queries, store
from gentie.accounts.model import (
    Acceptance,
    AccountState,
    Attested,
    NameTaken,
    NewSession,
    NoAgreement,
    NoSuchAccount,
    SessionKind,
)
from gentie.kernel.ids import AccountId, ActorId
from gentie.storage.db import Database
from tests.accounts.build import NOON, SOMEBODY, a_staff_member, an_agreement, days_ago

ATTESTED = Attested(
    framework="sandbox",
    level="high",
    method="phone",
    verified_at=days_ago(1),
    valid_until=days_ago(-100),
)


@pytest.fixture
async def db(db: Database) -> Database:
    await db.act(partial(store.add_account, account=SOMEBODY, name="渡口的风", now=days_ago(5)))
    return db


class TestGetPoster:
    async def test_a_new_account_has_shown_nothing(self, db: Database) -> None:
        poster = await db.read(partial(queries.get_poster, account=SOMEBODY))

        assert (poster.name, poster.state) == ("渡口的风", AccountState.ACTIVE)
        assert (poster.verification, poster.accepted, poster.badges) == (None, (), ())

    async def test_the_latest_verification_counts(self, db: Database) -> None:
        add = partial(store.add_verification, account=SOMEBODY, attested=ATTESTED, provider="p")
        await db.act(partial(add, person="one", now=days_ago(3)))
        revoke = partial(store.revoke_verifications, account=SOMEBODY, why="", now=days_ago(2))
        assert await db.act(revoke) == 1
        await db.act(partial(add, person="two", now=days_ago(1)))

        locked = await db.act(partial(store.get_poster, account=SOMEBODY))

        assert locked.verification is not None
        assert (locked.verification.person, locked.verification.revoked_at) == ("two", None)
        assert locked == await db.read(partial(queries.get_poster, account=SOMEBODY))

    async def test_lists_what_was_accepted_once_each(self, db: Database) -> None:
        acceptance = Acceptance(regime="neutral", number=1, at=NOON)
        for _ in range(2):
            await db.act(partial(store.add_acceptance, account=SOMEBODY, acceptance=acceptance))

        poster = await db.read(partial(queries.get_poster, account=SOMEBODY))

        assert poster.accepted == (acceptance,)

    async def test_refuses_who_is_not_there(self, db: Database) -> None:
        for get in (queries.get_poster, store.get_poster):
            with pytest.raises(NoSuchAccount):
                await db.act(partial(get, account=AccountId("f" * 32)))


async def test_a_name_belongs_to_one_account_for_good(db: Database) -> None:
    await db.act(partial(store.take_name, name_key="abc", account=SOMEBODY, now=NOON))
    await db.act(partial(store.take_name, name_key="abc", account=SOMEBODY, now=NOON))

    with pytest.raises(NameTaken):
        await db.act(partial(store.take_name, name_key="abc", account=AccountId("b"), now=NOON))


async def test_an_agreement_is_in_force_when_its_day_has_come(db: Database) -> None:
    with pytest.raises(NoAgreement):
        await db.read(partial(queries.agreement_in_force, regime_id="neutral", now=NOON))
    first, second = an_agreement(), an_agreement(number=2, in_force_from=NOON)
    for version in (first, second):
        await db.act(partial(store.add_agreement, version=version))

    in_force = partial(queries.agreement_in_force, regime_id="neutral")
    assert await db.read(partial(in_force, now=days_ago(1))) == first
    assert await db.read(partial(in_force, now=NOON)) == second
    assert not await db.act(partial(store.add_agreement, version=second))
    assert await db.read(partial(queries.agreement_versions, regime_id="neutral")) == [
        first,
        second,
    ]


async def test_sessions_of_one_holder_end_together(db: Database) -> None:
    for token, holder in (("t1", "a"), ("t2", "a"), ("t3", "b")):
        session = NewSession(
            token=token,
            holder=ActorId(holder),
            kind=SessionKind.BEARER,
            expires_at=days_ago(-1),
        )
        await db.act(partial(store.add_session, session=session, now=NOON))

    ended = await db.act(partial(store.end_sessions_of, holder=ActorId("a"), now=NOON))

    assert ended == 2
    left = [await db.read(partial(queries.find_session, token=t)) for t in ("t1", "t2", "t3")]
    assert [one.revoked_at is None for one in left if one] == [False, False, True]


async def test_staff_come_back_as_they_were(db: Database) -> None:
    member = a_staff_member()
    await db.act(partial(store.add_staff, member=member, now=NOON))

    assert await db.read(partial(queries.find_staff, staff_id=member.id)) == member
    assert await db.read(queries.all_staff) == [member]
