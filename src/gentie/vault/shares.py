"""Splitting a key into shares (Shamir's scheme, bytewise over GF(2^8)). Pure but for the chance.

Fewer shares than needed say nothing at all about the key: whatever it is, some line through them
leads to it. Which shares belong together is not for this module to know.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from gentie.kernel.chance import new_salt

_POLYNOMIAL: Final = 0x11B
_SIZE: Final = 256


def _powers() -> Iterator[int]:
    """All elements but 0, as powers of 3."""
    value = 1
    for _ in range(_SIZE - 1):
        yield value
        doubled = value << 1
        value ^= doubled ^ _POLYNOMIAL if doubled & _SIZE else doubled


_EXP: Final = tuple(_powers())
_LOG: Final = {value: power for power, value in enumerate(_EXP)}


def split(secret: bytes, *, among: int, needed: int) -> dict[int, bytes]:
    """Shares by their number, from 1: any `needed` of them give the secret back.

    Raises:
        ValueError: fewer than two are needed, or more than there are.
    """
    if not 1 < needed <= among < _SIZE:
        raise ValueError(f"{needed} of {among} shares cannot be")
    rest = [_chance(len(secret)) for _ in range(needed - 1)]
    return {
        number: bytes(_at(number, byte, *more) for byte, *more in zip(secret, *rest, strict=True))
        for number in range(1, among + 1)
    }


def join(shares: Mapping[int, bytes]) -> bytes:
    """The secret of which these are shares. Too few, or strange ones, give another one."""
    lengths = {len(share) for share in shares.values()}
    if len(lengths) != 1:
        raise ValueError("these are no shares of one secret")
    weights = {number: _weight(number, [*shares]) for number in shares}
    return bytes(
        _sum(_times(shares[number][place], weights[number]) for number in shares)
        for place in range(lengths.pop())
    )


def _at(number: int, *coefficients: int) -> int:
    """The value at `number` of the polynomial with these coefficients, constant first."""
    value = 0
    for one in reversed(coefficients):
        value = _times(value, number) ^ one
    return value


def _weight(number: int, numbers: list[int]) -> int:
    """What the share with this number counts for at 0 (Lagrange)."""
    value = 1
    for other in numbers:
        if other != number:
            value = _times(value, _times(other, _inverse(other ^ number)))
    return value


def _times(one: int, other: int) -> int:
    return _EXP[(_LOG[one] + _LOG[other]) % (_SIZE - 1)] if one and other else 0


def _inverse(one: int) -> int:
    return _EXP[-_LOG[one] % (_SIZE - 1)]


def _sum(values: Iterator[int]) -> int:
    total = 0
    for value in values:
        total ^= value
    return total


def _chance(length: int) -> bytes:
    return b"".join(new_salt() for _ in range(-(-length // 32)))[:length]
