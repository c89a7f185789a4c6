import asyncio
from datetime import datetime, timedelta
from functools import partial

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from gentie.accounts import passwords, queries, totp
from gentie.accounts.model import (
    FACTOR_TRIES,
    FACTOR_WAIT,
    Credentials,
    NameTaken,
    NewSession,
    PasswordTooLong,
    PasswordTooShort,
    SecondFactorWait,
    SessionExpired,
    SessionKind,
    WrongCredentials,
)
from gentie.accounts.names import BadName
from gentie.accounts.rules import require_open
from gentie.actions.identity.change_name import change_name
from gentie.actions.identity.close_account import close_account
from gentie.actions.identity.count_factor_try import count_factor_try
from gentie.actions.identity.end_staff import end_staff
from gentie.actions.identity.open_account import open_account
from gentie.actions.identity.purge_sign_ins import purge_sign_ins
from gentie.actions.identity.sign_in import sign_in
from gentie.actions.identity.sign_in_staff import sign_in_staff
from gentie.actions.identity.sign_out import sign_out
from gentie.kernel.actor import ANYONE, SERVICE, MayNot
from gentie.storage.db import Database
from tests.accounts.build import NOON
from tests.actions.identity.build import (
    ADMIN,
    FACTOR,
    FACTOR_KEY,
    PASSWORD,
    a_commenter,
    a_moderator,
    proven_for,
    proven_for_staff,
    stored,
)


async def signed_in(db: Database, proven: Credentials | None) -> NewSession:
    return await db.act(
        partial(sign_in, proven=proven, kind=SessionKind.COOKIE, acting=ANYONE, now=NOON)
    )


async def signed_in_staff(
    db: Database, proven: Credentials | None, code: str, *, now: datetime = NOON
) -> NewSession:
    """As the door does it: the try is counted first."""
    await db.act(partial(count_factor_try, proven=proven, acting=ANYONE, now=now))
    return await db.act(
        partial(
            sign_in_staff,
            proven=proven,
            code=code,
            factor_key=FACTOR_KEY,
            kind=SessionKind.COOKIE,
            acting=ANYONE,
            now=now,
        )
    )


def code_at(moment: datetime) -> str:
    return totp.code_of(FACTOR, totp.counter_at(moment))


@pytest.mark.clause("2017-5.1b", "2022-4.1b")
class TestOpenAccount:
    async def test_asks_for_a_name_and_nothing_else(self, db: Database) -> None:
        acting = await a_commenter(db)

        poster = await db.read(partial(queries.get_poster, account=acting.account))
        assert poster.name == "渡口的风"
        assert len(acting.account) == 32

    @pytest.mark.parametrize("name", ["ferryman", "FERRYMAN", "fеrryman", "ｆerryman", "ferry man"])
    async def test_a_look_alike_is_the_same_name(self, db: Database, name: str) -> None:
        await a_commenter(db, "Ferryman")

        with pytest.raises(NameTaken):
            await a_commenter(db, name)

    @pytest.mark.parametrize("name", ["a\u202eb", "a\u200bb", "x", "!!!", "a" * 25])
    async def test_refuses_names_that_hide_something(self, db: Database, name: str) -> None:
        with pytest.raises(BadName):
            await a_commenter(db, name)

    async def test_of_two_at_once_one_gets_the_name(self, db: Database) -> None:
        answers = await asyncio.gather(
            *(a_commenter(db, "Ferryman") for _ in range(4)), return_exceptions=True
        )

        assert sorted(type(one).__name__ for one in answers) == ["Actor"] + ["NameTaken"] * 3

    async def test_is_for_strangers(self, db: Database) -> None:
        member = await a_commenter(db)
        opening = partial(open_account, name="other", stored=stored(), acting=member, now=NOON)

        with pytest.raises(MayNot):
            await db.act(opening)


class TestPasswords:
    def test_fits_itself_alone(self) -> None:
        assert passwords.is_right(PASSWORD, stored())
        assert not passwords.is_right(PASSWORD + " ", stored())
        assert not passwords.is_right(PASSWORD, None)
        assert PASSWORD not in stored()

    @pytest.mark.parametrize(
        ("password", "refusal"),
        [("9 letters", PasswordTooShort), ("x" * 257, PasswordTooLong)],
    )
    def test_has_a_length(self, password: str, refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            passwords.hash_password(password)

    def test_beyond_the_limit_nothing_fits(self) -> None:
        assert not passwords.is_right("x" * 300, passwords.hash_password("x" * 256))

    def test_a_name_that_nobody_has_costs_the_same_work(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[str] = []
        real = Argon2id

        class Watched:
            @staticmethod
            def verify_phc_encoded(password: bytes, encoded: str) -> None:
                seen.append(encoded.rsplit("$", 2)[0])
                real.verify_phc_encoded(password, encoded)

        known = stored()
        passwords.is_right("nobody's hash is made once", None)
        monkeypatch.setattr(passwords, "Argon2id", Watched)
        passwords.is_right("wrong password", known)
        passwords.is_right("wrong password", None)

        assert len(seen) == 2
        assert seen[0] == seen[1]


class TestSignIn:
    async def test_opens_a_session_that_names_its_holder(self, db: Database) -> None:
        acting = await a_commenter(db)

        session = await signed_in(db, await proven_for(db, "渡口的风"))

        found = await db.read(partial(queries.find_session, token=session.token))
        assert require_open(found, now=NOON).holder == acting.id
        with pytest.raises(SessionExpired):
            require_open(found, now=session.expires_at)

    async def test_refuses_in_one_voice(self, db: Database) -> None:
        await a_commenter(db)
        proven = await proven_for(db, "渡口的风")
        assert proven is not None
        stale = Credentials(holder=proven.holder, stored="$argon2id$older")

        for wrong in (None, stale):
            with pytest.raises(WrongCredentials):
                await signed_in(db, wrong)

    async def test_signing_out_ends_it_once(self, db: Database) -> None:
        acting = await a_commenter(db)
        session = await signed_in(db, await proven_for(db, "渡口的风"))
        other = await a_commenter(db, "another")
        leave = partial(sign_out, token=session.token, now=NOON)

        with pytest.raises(SessionExpired):
            await db.act(partial(leave, acting=other))
        await db.act(partial(leave, acting=acting))
        with pytest.raises(SessionExpired):
            await db.act(partial(leave, acting=acting))

    async def test_closing_ends_all_sessions_and_lets_nobody_in(self, db: Database) -> None:
        acting = await a_commenter(db)
        proven = await proven_for(db, "渡口的风")
        sessions = [await signed_in(db, proven) for _ in range(3)]

        assert await db.act(partial(close_account, acting=acting, now=NOON)) == 3

        for session in sessions:
            found = await db.read(partial(queries.find_session, token=session.token))
            with pytest.raises(SessionExpired):
                require_open(found, now=NOON)
        with pytest.raises(WrongCredentials):
            await signed_in(db, proven)

    async def test_old_sessions_are_forgotten(self, db: Database) -> None:
        await a_commenter(db)
        session = await signed_in(db, await proven_for(db, "渡口的风"))
        purge = partial(purge_sign_ins, acting=SERVICE)

        assert await db.act(partial(purge, now=session.expires_at)) == 0
        assert await db.act(partial(purge, now=session.expires_at + timedelta(days=8))) == 1


class TestSignInStaff:
    async def test_needs_the_code_too(self, db: Database) -> None:
        await a_moderator(db)
        proven = await proven_for_staff(db, "顾江")

        with pytest.raises(WrongCredentials):
            await signed_in_staff(db, proven, "000000")
        session = await signed_in_staff(db, proven, code_at(NOON))

        assert session.holder.startswith("staff:")

    async def test_a_code_works_once(self, db: Database) -> None:
        await a_moderator(db)
        proven = await proven_for_staff(db, "顾江")
        await signed_in_staff(db, proven, code_at(NOON))

        with pytest.raises(WrongCredentials):
            await signed_in_staff(db, proven, code_at(NOON))
        later = NOON + timedelta(seconds=30)
        with pytest.raises(WrongCredentials):
            await signed_in_staff(db, proven, code_at(NOON), now=later)
        await signed_in_staff(db, proven, code_at(later), now=later)

    async def test_of_two_with_one_code_one_gets_in(self, db: Database) -> None:
        await a_moderator(db)
        proven = await proven_for_staff(db, "顾江")

        answers = await asyncio.gather(
            *(signed_in_staff(db, proven, code_at(NOON)) for _ in range(3)),
            return_exceptions=True,
        )

        assert [type(one) for one in answers].count(NewSession) == 1

    async def test_guessing_has_an_end(self, db: Database) -> None:
        await a_moderator(db)
        proven = await proven_for_staff(db, "顾江")
        for _ in range(FACTOR_TRIES):
            with pytest.raises(WrongCredentials):
                await signed_in_staff(db, proven, "000000")

        with pytest.raises(SecondFactorWait) as refused:
            await signed_in_staff(db, proven, code_at(NOON))
        assert refused.value.facts["retry_after"] == FACTOR_WAIT.total_seconds() + 1

        later = NOON + FACTOR_WAIT
        await signed_in_staff(db, proven, code_at(later), now=later)

    async def test_an_account_is_no_staff_member(self, db: Database) -> None:
        await a_commenter(db)

        for proven in (None, await proven_for(db, "渡口的风")):
            with pytest.raises(WrongCredentials):
                await signed_in_staff(db, proven, code_at(NOON))

    async def test_who_has_left_is_out_at_once(self, db: Database) -> None:
        member = await a_moderator(db)
        proven = await proven_for_staff(db, "顾江")
        session = await signed_in_staff(db, proven, code_at(NOON))

        ended = await db.act(partial(end_staff, member=member.id, acting=ADMIN, now=NOON))

        assert ended == 1
        found = await db.read(partial(queries.find_session, token=session.token))
        with pytest.raises(SessionExpired):
            require_open(found, now=NOON)
        later = NOON + timedelta(minutes=1)
        with pytest.raises(WrongCredentials):
            await signed_in_staff(db, proven, code_at(later), now=later)

    async def test_two_staff_names_may_not_look_alike(self, db: Database) -> None:
        await a_moderator(db, "Mira")

        with pytest.raises(NameTaken):
            await a_moderator(db, "МIRA")


class TestChangeName:
    async def test_keeps_the_earlier_name_for_its_owner(self, db: Database) -> None:
        acting = await a_commenter(db, "Ferryman")
        change = partial(change_name, now=NOON)

        assert await db.act(partial(change, name="Bridge", acting=acting)) == "Bridge"

        other = await a_commenter(db, "other")
        with pytest.raises(NameTaken):
            await db.act(partial(change, name="ferryman", acting=other))
        assert await db.act(partial(change, name="Ferryman", acting=acting)) == "Ferryman"


@pytest.mark.parametrize(
    ("counter", "code"), [(1, "287082"), (37037036, "081804"), (37037037, "050471")]
)
def test_codes_are_those_of_the_standard(counter: int, code: str) -> None:
    """RFC 6238 appendix B, cut to six digits."""
    assert totp.code_of(FACTOR, counter) == code
