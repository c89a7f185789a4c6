from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.vault.shares import join, split


@given(st.binary(min_size=1, max_size=64), st.integers(2, 4), st.integers(0, 3))
def test_enough_shares_give_the_secret(secret: bytes, needed: int, more: int) -> None:
    shares = split(secret, among=needed + more, needed=needed)

    for some in combinations(shares.items(), needed):
        assert join(dict(some)) == secret
    assert join(shares) == secret


def test_one_share_of_two_fits_every_secret() -> None:
    """For whatever secret there is another share that would give it: one alone says nothing."""
    shares = split(b"\x07", among=3, needed=2)

    reached = {join({1: shares[1], 2: bytes([other])}) for other in range(256)}

    assert len(reached) == 256


def test_a_changed_share_gives_another_secret() -> None:
    shares = split(b"secret", among=3, needed=2)
    shares[1] = bytes([shares[1][0] ^ 1]) + shares[1][1:]

    assert join({1: shares[1], 2: shares[2]}) != b"secret"


def test_known_answer() -> None:
    """3 + 2x over GF(2^8): 1 at 1, 7 at 2 and 5 at 3, by hand."""
    assert join({1: b"\x01", 2: b"\x07"}) == join({2: b"\x07", 3: b"\x05"}) == b"\x03"


@pytest.mark.parametrize(("among", "needed"), [(3, 1), (1, 2), (256, 2)])
def test_what_cannot_be_is_refused(among: int, needed: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        split(b"x", among=among, needed=needed)


def test_shares_of_different_secrets_do_not_join() -> None:
    with pytest.raises(ValueError, match="no shares"):
        join({1: b"a", 2: b"bc"})
