"""The link to a closed account. Pure.

It is signed with a key that lies outside the database and is stored nowhere: who has it was given
it when the account was closed.
"""

import hmac
from typing import Final

from gentie.kernel.ids import AccountId

_LONGEST: Final = 200


def link_to(account: AccountId, key: bytes) -> str:
    return f"{account}.{_signature(account, key)}"


def account_in(link: str, key: bytes) -> AccountId | None:
    """None: we did not make it."""
    found, dot, signature = link.partition(".")
    if not dot or len(link) > _LONGEST:
        return None
    account = AccountId(found)
    made = _signature(account, key)
    return account if hmac.compare_digest(signature.encode(), made.encode()) else None


def _signature(account: AccountId, key: bytes) -> str:
    return hmac.digest(key, f"after|{account}".encode(), "sha256").hex()[:40]
