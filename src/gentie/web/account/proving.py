"""Looking at a password: slow on purpose, counted first, and the same for names nobody has."""

import asyncio
import hmac
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

import sqlalchemy as sa

from gentie.accounts import queries
from gentie.accounts.model import Credentials
from gentie.accounts.names import name_key
from gentie.accounts.passwords import hash_password, is_right
from gentie.actions.identity.count_factor_try import count_factor_try
from gentie.actions.posting.count_attempt import count_attempt
from gentie.kernel.actor import ANYONE, SERVICE
from gentie.screening.rates import Rate
from gentie.web.account.asking import Asking

_WINDOW: Final = timedelta(minutes=5)
BY_NAME: Final = 10
"""Tries for one name in `_WINDOW`."""
BY_ADDRESS: Final = 60
"""Tries from one address in `_WINDOW`: whole schools share one."""
_LONGEST_NAME: Final = 200
BY_OLD_SITE: Final = 600
"""Statements from one address in `_WINDOW`: an old site hands over for all its people."""
Find = Callable[[sa.Connection, str], Credentials | None]


async def prove(asking: Asking, name: str, password: str) -> Credentials | None:
    """Whose password this is, of all commenters. None: nobody's.

    Raises:
        TooMany: with `retry_after` in seconds; nothing was looked at.
    """
    return await _prove(asking, queries.find_credentials, name, password)


async def prove_staff(asking: Asking, name: str, password: str) -> Credentials | None:
    """The same for staff; where the password was right, the try of a code is counted too.

    Raises:
        TooMany, WrongCredentials, SecondFactorWait: nothing was looked at any further.
    """
    proven = await _prove(asking, queries.find_staff_credentials, name, password)
    await asking.act(partial(count_factor_try, proven=proven, acting=ANYONE, now=asking.now))
    return proven


async def hash_new(asking: Asking, password: str) -> str:
    """The password of a new account as it is stored.

    Raises:
        TooMany, PasswordTooShort, PasswordTooLong: nothing was hashed.
    """
    await _count(asking, [_by_address(asking, "open")])
    return await asyncio.to_thread(hash_password, password)


async def count_statement(asking: Asking) -> None:
    """Count a statement of an old site, before it is looked at. Raises TooMany."""
    await _count(asking, [_by_address(asking, "statement", most=BY_OLD_SITE)])


async def count_passkey(asking: Asking) -> None:
    """Count a try to sign in by a passkey. Raises TooMany."""
    await _count(asking, [_by_address(asking, "passkey", most=BY_ADDRESS * 2)])


async def hash_or_none(asking: Asking, password: str) -> str | None:
    """The same where a password may be left out.

    Raises:
        TooMany, PasswordTooShort, PasswordTooLong: nothing was hashed.
    """
    if password:
        return await hash_new(asking, password)
    await _count(asking, [_by_address(asking, "open")])
    return None


async def _prove(asking: Asking, find: Find, name: str, password: str) -> Credentials | None:
    key = name_key(name[:_LONGEST_NAME])
    by_name = Rate(f"sign-in:name:{keyed(asking, key)}", _WINDOW, BY_NAME)
    await _count(asking, [by_name, _by_address(asking, "sign-in")])
    found = await asking.read(lambda tx: find(tx, key))
    right = await asyncio.to_thread(is_right, password, found.stored if found else None)
    return found if right else None


async def _count(asking: Asking, rates: list[Rate]) -> None:
    await asking.act(partial(count_attempt, attempted=rates, acting=SERVICE, now=asking.now))


def _by_address(asking: Asking, what: str, *, most: int = BY_ADDRESS) -> Rate:
    client = asking.request.client
    address = client.host if client else ""
    return Rate(f"{what}:address:{keyed(asking, address)}", _WINDOW, most)


def keyed(asking: Asking, value: str) -> str:
    """Neither an address nor a name that somebody tried is kept readable."""
    key = asking.people.index_key.derive("rates")
    return hmac.digest(key, value.encode("utf-8", "replace"), "sha256").hex()[:32]
