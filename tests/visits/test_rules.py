"""Which pages get a code, who may exchange it, and when a token counts."""

import base64
import hashlib
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.kernel.ids import AccountId
from gentie.visits import rules
from gentie.visits.model import Door, NotForThisPage, Offer
from tests.newsroom import NOON
from tests.visits.build import PAGE, SERVICE, VERIFIER, a_visit, a_way

OFFER = Offer(
    account=AccountId("a1"),
    way=a_way(),
    session="s1",
    expires_at=NOON + timedelta(minutes=2),
    visit="",
)
SOON = NOON + timedelta(minutes=1)
LOOK_ALIKES = (
    "https://page.example.evil.test",
    "https://evil.test/https://page.example",
    "https://page.example:8443",
    "https://page.example:443",
    "https://page.example/",
    "https://page.example.",
    "https://PAGE.example",
    "https://page.example@evil.test",
    "https://sub.page.example",
    "https://p\u0430ge.example",  # a Cyrillic letter
    "http://page.example",
    "https://*.example",
    "*",
    "null",
    "",
    "javascript:alert(1)",
    "file://",
)


class TestDoor:
    def test_lets_a_listed_page_and_our_own_frame_in(self) -> None:
        rules.require_door(a_way(), listed=(PAGE,), service=SERVICE)
        framed = a_way(door=Door.FRAME, origin=SERVICE)
        rules.require_door(framed, listed=(), service=SERVICE)

    @pytest.mark.parametrize("origin", LOOK_ALIKES)
    def test_knows_no_page_that_only_looks_like_one(self, origin: str) -> None:
        with pytest.raises(NotForThisPage):
            rules.require_door(a_way(origin=origin), listed=(PAGE,), service=SERVICE)

    def test_is_shut_for_foreign_frames(self) -> None:
        with pytest.raises(NotForThisPage):
            rules.require_door(a_way(door=Door.FRAME), listed=(PAGE,), service=SERVICE)

    @pytest.mark.parametrize("challenge", ["", "x" * 42, "x" * 44, "x" * 42 + "="])
    def test_wants_a_challenge(self, challenge: str) -> None:
        with pytest.raises(NotForThisPage):
            rules.require_door(a_way(challenge=challenge), listed=(PAGE,), service=SERVICE)


class TestTrusted:
    @pytest.mark.parametrize(
        "origin",
        [
            "http://page.example",
            "https://localhost:3000",
            "https://127.0.0.1",
            "https://127.9.9.9:1",
            "https://[::1]",
            "https://[::1]:8443",
            "https://app.localhost",
            "null",
            "",
        ],
    )
    def test_is_no_page_that_anybody_can_stand_in_for(self, origin: str) -> None:
        with pytest.raises(NotForThisPage):
            rules.require_trusted(origin, service=SERVICE)

    @pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1:9", PAGE])
    def test_is_anything_for_who_tries_things_out(self, origin: str) -> None:
        rules.require_trusted(origin, service="http://127.0.0.1:8080")


class TestReturn:
    @pytest.mark.parametrize("tail", ["", "/", "/a/b?c=d&e=%E5%A4%9C", "/it's", "?a=1"])
    def test_leads_to_the_page(self, tail: str) -> None:
        rules.require_return(PAGE + tail, origin=PAGE)

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "/here",
            "//page.example/x",
            "https://page.example.evil.test/",
            "https://page.example@evil.test/",
            "https://page.example:80/",
            "https://page.example\\@evil.test",
            "https://page.example/a b",
            "https://page.example/\n",
            "https://page.example/#x",
            'https://page.example/"x',
            "https://page.example/夜",
            "https://page.example/" + "x" * 1000,
            "javascript:alert(1)",
        ],
    )
    def test_never_leads_elsewhere(self, address: str) -> None:
        with pytest.raises(NotForThisPage):
            rules.require_return(address, origin=PAGE)


class TestCode:
    def test_fits_the_page_that_asked(self) -> None:
        assert rules.fits(OFFER, verifier=VERIFIER, origin=PAGE, now=SOON)

    @given(verifier=st.text(max_size=200))
    def test_fits_no_other_secret(self, verifier: str) -> None:
        fitting = verifier == VERIFIER
        assert rules.fits(OFFER, verifier=verifier, origin=PAGE, now=SOON) is fitting

    @pytest.mark.parametrize("origin", LOOK_ALIKES)
    def test_fits_no_other_page(self, origin: str) -> None:
        assert not rules.fits(OFFER, verifier=VERIFIER, origin=origin, now=SOON)

    def test_is_late_after_two_minutes(self) -> None:
        assert not rules.fits(OFFER, verifier=VERIFIER, origin=PAGE, now=OFFER.expires_at)

    @given(verifier=st.from_regex(r"[A-Za-z0-9._~-]{43,128}", fullmatch=True))
    def test_is_challenged_as_the_standard_says(self, verifier: str) -> None:
        digest = hashlib.sha256(verifier.encode("ascii")).digest()
        expected = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
        assert rules.challenge_of(verifier) == expected
        assert rules.CHALLENGE.fullmatch(expected)

    def test_of_no_verifier_fits_no_empty_challenge(self) -> None:
        empty = msgspec.structs.replace(OFFER, way=a_way(challenge=""))
        # The door lets no empty challenge in; this is why it must not.
        assert rules.fits(empty, verifier="", origin=PAGE, now=SOON)


class TestToken:
    def test_counts_on_its_page(self) -> None:
        assert rules.may_use(a_visit(), door=Door.PAGE, origin=PAGE, now=SOON)

    @pytest.mark.parametrize("origin", LOOK_ALIKES)
    def test_counts_on_no_other_page(self, origin: str) -> None:
        assert not rules.may_use(a_visit(), door=Door.PAGE, origin=origin, now=SOON)

    @pytest.mark.parametrize(
        "changes",
        [
            {"ended_at": NOON},
            {"ends_at": SOON},
            {"access_until": SOON},
            {"door": Door.FRAME},
        ],
    )
    def test_has_an_end(self, changes: dict[str, object]) -> None:
        assert not rules.may_use(a_visit(**changes), door=Door.PAGE, origin=PAGE, now=SOON)

    def test_of_a_frame_comes_from_here_or_says_nothing(self) -> None:
        framed = a_visit(door=Door.FRAME, origin=SERVICE)
        for origin, right in ((SERVICE, True), ("", True), (PAGE, False), ("null", False)):
            assert rules.may_use(framed, door=Door.FRAME, origin=origin, now=SOON) is right

    @given(seconds=st.integers(1, 10**8))
    def test_never_outlives_the_session(self, seconds: int) -> None:
        session = NOON + timedelta(seconds=seconds)
        for door in Door:
            ends = rules.ends_at(door, session_ends=session, now=NOON)
            assert rules.token_until(door, ends=ends, now=NOON) <= ends <= session
        page = rules.ends_at(Door.PAGE, session_ends=session, now=NOON)
        assert rules.token_until(Door.PAGE, ends=page, now=NOON) <= NOON + timedelta(minutes=15)

    @given(st.text(max_size=60))
    def test_is_not_made_of_anything(self, text: str) -> None:
        for read, write in (
            (rules.read_token, rules.write_token),
            (rules.read_renewal, rules.write_renewal),
        ):
            kept = read(text)
            assert kept is None or write(*kept) == text
        assert rules.read_token(rules.write_renewal("v" * 22, "s" * 22)) is None
