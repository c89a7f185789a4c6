"""Which passkey lets its person in. Pure."""

from datetime import timedelta
from typing import Final

from gentie.accounts.passkeys.model import PasskeyWrong, TooManyPasskeys

TERM: Final = timedelta(minutes=5)
"""For a person to answer their device."""
MOST: Final = 10


def require_room(had: int) -> None:
    """Raises TooManyPasskeys."""
    if had >= MOST:
        raise TooManyPasskeys


def require_newer(kept: int, shown: int) -> None:
    """A counter that does not grow is a key that was copied; many keys do not count at all.

    Raises:
        PasskeyWrong.
    """
    if (kept or shown) and shown <= kept:
        raise PasskeyWrong
