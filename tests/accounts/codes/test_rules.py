from datetime import timedelta
from typing import Any

import msgspec
import pytest

from gentie.accounts.codes.model import BadNumber, BadOrgCode, CodeWrong, SentCode
from gentie.accounts.codes.rules import (
    TRIES,
    mark_of,
    normal_number,
    normal_org_code,
    require_right,
)
from gentie.kernel.ids import AccountId
from tests.accounts.build import NOON

RIGHT: dict[str, Any] = {
    "account": AccountId("a"),
    "session": "s",
    "target": "t",
    "code": "c",
    "now": NOON,
}


def a_code(**changes: object) -> SentCode:
    sent = SentCode(
        account=AccountId("a"),
        provider="sms",
        session="s",
        target="t",
        code="c",
        tries=1,
        back_to="/",
        expires_at=NOON + timedelta(minutes=5),
        used_at=None,
    )
    return msgspec.structs.replace(sent, **changes)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("139 0000 0000", "+8613900000000"),
        ("+86 139-0000-0000", "+8613900000000"),
        ("008613900000000", "+8613900000000"),
        ("+49 (30) 1234567", "+49301234567"),
    ],
)
def test_one_number_has_one_form(typed: str, number: str) -> None:
    assert normal_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "12", "2390000000", "+0123456789", "+1234567890123456", "١٣٩"]
)
def test_what_is_no_number_is_told(typed: str) -> None:
    with pytest.raises(BadNumber):
        normal_number(typed)


def test_one_organisation_has_one_form() -> None:
    assert normal_org_code(" 91350100m000100y43 ") == "91350100M000100Y43"


@pytest.mark.parametrize(
    "typed",
    ["", "91350100M000100Y44", "91350100M000100Y4", "91350100I000100Y43", "93150100M000100Y43"],
)
def test_a_slip_of_the_pen_is_told(typed: str) -> None:
    with pytest.raises(BadOrgCode):
        normal_org_code(typed)


@pytest.mark.clause("2022f-4.1")
class TestRequireRight:
    def test_the_right_one_passes(self) -> None:
        assert require_right(a_code(tries=TRIES), **RIGHT) == a_code(tries=TRIES)

    @pytest.mark.parametrize(
        "kept",
        [
            None,
            a_code(account=AccountId("b")),
            a_code(session="x"),
            a_code(target="x"),
            a_code(code="x"),
            a_code(tries=TRIES + 1),
            a_code(expires_at=NOON),
            a_code(used_at=NOON),
        ],
    )
    def test_every_other_is_the_same_no(self, kept: SentCode | None) -> None:
        with pytest.raises(CodeWrong) as no:
            require_right(kept, **RIGHT)

        assert not no.value.facts


def test_a_mark_says_nothing_without_the_key() -> None:
    marks = {
        mark_of("code", "t", "123456", key=bytes(32)),
        mark_of("code", "t", "123456", key=bytes([1] * 32)),
        mark_of("code", "t1", "23456", key=bytes(32)),
        mark_of("target", "t", "123456", key=bytes(32)),
    }

    assert len(marks) == 4
