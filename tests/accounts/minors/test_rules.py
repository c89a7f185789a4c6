from datetime import date, timedelta

import msgspec
import pytest

from gentie.accounts.minors.model import AgeBand, GuardianRequired, Guardianship, GuardianUnfit
from gentie.accounts.minors.rules import band_in, require_fit, require_guardian
from gentie.accounts.model import NotVerified, Verification
from gentie.kernel.ids import AccountId
from tests.accounts.build import NOON, a_verification

TODAY = date(2026, 3, 1)
CHILD = a_verification(person="child")


@pytest.mark.parametrize(
    ("said", "band"),
    [
        (None, None),
        ("adult", AgeBand.ADULT),
        ("2012-03-02", AgeBand.CHILD),
        ("2012-03-01", AgeBand.YOUTH),
        ("2008-03-02", AgeBand.YOUTH),
        ("2008-03-01", AgeBand.ADULT),
        ("2008-02-29", AgeBand.ADULT),
    ],
)
def test_of_a_date_of_birth_only_the_band_is_kept(said: object, band: AgeBand | None) -> None:
    assert band_in(said, today=TODAY) is band


@pytest.mark.parametrize("said", ["", "old", "2026-03-02", 18, {"over": 18}])
def test_what_says_no_age_verifies_nobody(said: object) -> None:
    with pytest.raises(NotVerified):
        band_in(said, today=TODAY)


def test_only_children_need_a_guardian_whose_consent_stands() -> None:
    given = Guardianship(
        child=AccountId("c"), guardian=AccountId("g"), given_at=NOON, revoked_at=None
    )
    for band in (None, AgeBand.YOUTH, AgeBand.ADULT):
        require_guardian(band, [])
    require_guardian(AgeBand.CHILD, [given])
    for consents in ([], [msgspec.structs.replace(given, revoked_at=NOON)]):
        with pytest.raises(GuardianRequired):
            require_guardian(AgeBand.CHILD, consents)


@pytest.mark.parametrize(
    ("band", "verification"),
    [
        (None, a_verification()),
        (AgeBand.YOUTH, a_verification()),
        (AgeBand.ADULT, None),
        (AgeBand.ADULT, a_verification(revoked_at=NOON)),
        (AgeBand.ADULT, a_verification(valid_until=NOON)),
        (AgeBand.ADULT, CHILD),
    ],
)
def test_only_another_verified_adult_answers_for_a_child(
    band: AgeBand | None, verification: Verification | None
) -> None:
    adult = a_verification(valid_until=NOON + timedelta(days=1))
    require_fit(AgeBand.ADULT, adult, child=CHILD, now=NOON)
    with pytest.raises(GuardianUnfit):
        require_fit(band, verification, child=CHILD, now=NOON)
