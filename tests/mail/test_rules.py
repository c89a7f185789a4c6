from datetime import timedelta

import pytest

from gentie.mail.model import BadAddress
from gentie.mail.rules import GIVE_UP_AFTER, first_due, hint_of, next_due, require_address
from tests.newsroom import NOON


@pytest.mark.parametrize(
    "given", ["a@b.example", " river.x+y@sub.example.org ", "x" * 64 + "@b.cd"]
)
def test_an_address_is_taken_without_the_spaces_around_it(given: str) -> None:
    assert require_address(given) == given.strip()


@pytest.mark.parametrize(
    "given",
    [
        "",
        "river",
        "@b.example",
        "a@b",
        "a@b..example",
        "a b@c.example",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example,c@d.example",
        "a@-b.example",
        "江@b.example",
        "x" * 65 + "@b.cd",
        "a@" + "b." * 130 + "cd",
        "a@[127.0.0.1]",
    ],
)
def test_what_could_be_anything_else_is_not(given: str) -> None:
    with pytest.raises(BadAddress):
        require_address(given)


def test_a_hint_shows_as_much_as_its_owner_needs() -> None:
    assert hint_of("river@example.org") == "r…@e….org"


def test_letters_keep_their_distance() -> None:
    assert first_due(None, now=NOON) == NOON + timedelta(minutes=1)
    assert first_due(NOON, now=NOON) == NOON + timedelta(minutes=15)
    assert first_due(NOON, now=NOON + timedelta(hours=1)) == NOON + timedelta(minutes=61)


def test_a_letter_is_tried_for_a_day_at_growing_distance() -> None:
    tries, now, attempt = [], NOON, 0
    while (again := next_due(attempt + 1, created_at=NOON, now=now)) is not None:
        tries.append(again - now)
        now, attempt = again, attempt + 1

    assert tries[:4] == [timedelta(minutes=n) for n in (1, 2, 4, 8)]
    assert max(tries) == timedelta(hours=2)
    assert GIVE_UP_AFTER - timedelta(hours=2) <= now - NOON <= GIVE_UP_AFTER
