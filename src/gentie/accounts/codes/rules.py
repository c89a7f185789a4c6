"""Codes that are sent: to whom, and which one is right. Pure."""

import hmac
from datetime import datetime, timedelta
from typing import Final

from gentie.accounts.codes.model import (
    BadNumber,
    BadOrgCode,
    CodeWrong,
    Gateway,
    Proof,
    SentCode,
)
from gentie.accounts.model import Attested
from gentie.catalogue import fulfils
from gentie.kernel.ids import AccountId

TERM: Final = timedelta(minutes=5)
TRIES: Final = 5
DIGITS: Final = 6
_SHORTEST, _LONGEST = 8, 15
"""Digits of a number with its country, as E.164 has them."""
_HOME: Final = "86"
_HOME_DIGITS: Final = 11
_BETWEEN: Final = str.maketrans("", "", " -()\u00a0")
_CREDIT: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of a unified social credit code (GB 32100-2015); the place is the value."""
_CREDIT_LENGTH: Final = 18


def normal_target(typed: str, proof: Proof) -> str:
    """Raises BadNumber, BadOrgCode."""
    return normal_number(typed) if proof is Proof.PHONE else normal_org_code(typed)


def normal_number(typed: str) -> str:
    """A phone number in the one form that the blind index knows: +8613900000000.

    Eleven digits that begin with 1 are a mobile number of mainland China.

    Raises:
        BadNumber: this is none.
    """
    text = typed.strip().translate(_BETWEEN)
    digits = text.removeprefix("+") if text.startswith("+") else text.removeprefix("00")
    if not digits.isascii() or not digits.isdecimal():
        raise BadNumber
    if text == digits and len(digits) == _HOME_DIGITS and digits.startswith("1"):
        return f"+{_HOME}{digits}"
    international = text != digits
    if not international or not _SHORTEST <= len(digits) <= _LONGEST or digits.startswith("0"):
        raise BadNumber
    return f"+{digits}"


def normal_org_code(typed: str) -> str:
    """A unified social credit code as the register writes it.

    Raises:
        BadOrgCode: the length, a character or the check character is wrong.
    """
    code = typed.strip().upper().translate(_BETWEEN)
    if len(code) != _CREDIT_LENGTH or any(one not in _CREDIT for one in code):
        raise BadOrgCode
    total = sum(_CREDIT.index(one) * pow(3, place, 31) for place, one in enumerate(code[:-1]))
    if _CREDIT[-total % 31] != code[-1]:
        raise BadOrgCode
    return code


def mark_of(what: str, *parts: str, key: bytes) -> str:
    """What is kept of a number, a code or a session: keyed, so that the table gives nothing away.

    A code has a million values: without the key the digest of one would be the code.
    """
    return hmac.digest(key, "\0".join((what, *parts)).encode(), "sha256").hex()


@fulfils("2022f-4.1")
def require_right(
    kept: SentCode | None,
    *,
    account: AccountId,
    session: str,
    target: str,
    code: str,
    now: datetime,
) -> SentCode:
    """Let only the right code on: in time, not tried too often, in the session that asked for it.

    `session`, `target` and `code` are marks. Which of it was wrong is nobody's business.

    Raises:
        CodeWrong: nothing else is said.
    """
    if kept is None or kept.account != account or kept.used_at is not None:
        raise CodeWrong
    if kept.expires_at <= now or kept.tries > TRIES:
        raise CodeWrong
    same = [
        hmac.compare_digest(one, other)
        for one, other in ((kept.session, session), (kept.target, target), (kept.code, code))
    ]
    if not all(same):
        raise CodeWrong
    return kept


def attested_by(gateway: Gateway, *, now: datetime) -> Attested:
    """What the right code shows."""
    return Attested(
        framework="one-time-code",
        level="possession",
        method=gateway.proof.value,
        verified_at=now,
        valid_until=now + timedelta(days=gateway.max_age_days),
    )
