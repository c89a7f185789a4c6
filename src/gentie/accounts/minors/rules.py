"""How old somebody is, and who may answer for a child. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from gentie.accounts.minors.model import (
    GUARDIAN_PATH,
    AgeBand,
    GuardianRequired,
    Guardianship,
    GuardianUnfit,
)
from gentie.accounts.model import NotVerified, Verification
from gentie.catalogue import fulfils

_ADULT_AT: Final = 18
_CONSENTS_AT: Final = 14


def band_in(said: object, *, today: date) -> AgeBand | None:
    """What an issuer says of an age: a band, or a date of birth, of which only the band is kept.

    None: it says nothing.

    Raises:
        NotVerified: what it says is neither.
    """
    if said is None:
        return None
    if said in [one.value for one in AgeBand]:
        return AgeBand(said)
    try:
        born = date.fromisoformat(said if isinstance(said, str) else "")
    except ValueError as error:
        raise NotVerified(reason="age") from error
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years < 0:
        raise NotVerified(reason="age")
    if years >= _ADULT_AT:
        return AgeBand.ADULT
    return AgeBand.YOUTH if years >= _CONSENTS_AT else AgeBand.CHILD


@fulfils("2017-5.2b")
def require_guardian(band: AgeBand | None, consents: Iterable[Guardianship]) -> None:
    """Let a child under fourteen on only while a guardian's consent stands.

    Raises:
        GuardianRequired: with the page that explains it to the child.
    """
    if band is AgeBand.CHILD and all(one.revoked_at is not None for one in consents):
        raise GuardianRequired(path=GUARDIAN_PATH)


def require_fit(
    band: AgeBand | None,
    verification: Verification | None,
    *,
    child: Verification | None,
    now: datetime,
) -> None:
    """Let only a verified adult answer for a child, and nobody for themselves.

    Raises:
        GuardianUnfit: which of it is wrong is said by the page, not by the refusal.
    """
    if band is not AgeBand.ADULT or verification is None or verification.revoked_at is not None:
        raise GuardianUnfit
    if verification.valid_until <= now or child is None or child.person == verification.person:
        raise GuardianUnfit
