"""People for the tests of identity: signed up, verified, or on the staff."""

from functools import cache, partial

from gentie.accounts import passwords, queries
from gentie.accounts.model import Credentials, Purpose, Role, Staff
from gentie.accounts.names import name_key
from gentie.accounts.roles import actor_of_account
from gentie.actions.identity.give_consent import give_consent
from gentie.actions.identity.open_account import open_account
from gentie.actions.identity.open_staff import NewStaff, open_staff
from gentie.kernel.actor import ANYONE, Actor, Kind
from gentie.kernel.ids import ActorId
from gentie.storage.db import Database
from tests.accounts.build import NOON

PASSWORD = "ein langes Wort 很长"
FACTOR = b"12345678901234567890"
FACTOR_KEY = bytes(32)
ADMIN = Actor(
    id=ActorId("staff:1"), kind=Kind.STAFF, scopes=frozenset({"staff:manage"}), role="admin"
)
COMPLIANCE = Actor(
    id=ActorId("staff:2"), kind=Kind.STAFF, scopes=frozenset({"identity:revoke"}), role="compliance"
)


@cache
def stored() -> str:
    return passwords.hash_password(PASSWORD)


async def a_commenter(db: Database, name: str = "渡口的风") -> Actor:
    opening = partial(open_account, name=name, stored=stored(), acting=ANYONE, now=NOON)
    return actor_of_account(await db.act(opening))


async def a_consenting(db: Database, name: str = "渡口的风") -> Actor:
    acting = await a_commenter(db, name)
    await db.act(partial(give_consent, purpose=Purpose.IDENTITY_CHECK, acting=acting, now=NOON))
    return acting


async def a_moderator(db: Database, name: str = "顾江") -> Staff:
    new = NewStaff(name=name, role=Role.MODERATOR, stored=stored(), factor=FACTOR)
    opening = partial(open_staff, new=new, factor_key=FACTOR_KEY, acting=ADMIN, now=NOON)
    return await db.act(opening)


async def proven_for(db: Database, name: str) -> Credentials | None:
    """As if the right password had been given."""
    return await db.read(partial(queries.find_credentials, name_key=name_key(name)))


async def proven_for_staff(db: Database, name: str) -> Credentials | None:
    return await db.read(partial(queries.find_staff_credentials, name_key=name_key(name)))


def a_verifier() -> Actor:
    """Somebody on the way through a verification."""
    return Actor(id=ActorId("account-1"), kind=Kind.ACCOUNT, scopes=frozenset({"identity:verify"}))
