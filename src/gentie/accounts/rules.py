"""Who may post: the gates an author passes before anything else is looked at.

Pure: facts and `now` in, a refusal or nothing out. Each refusal names the page that helps.
"""

from datetime import datetime, timedelta

from gentie.accounts.model import (
    AGREEMENT_PATH,
    CONSENT_VERSION,
    ME_PATH,
    VERIFY_PATH,
    AccountClosed,
    AccountRestricted,
    AccountState,
    AgreementHead,
    AgreementRequired,
    Consent,
    ConsentRequired,
    IdentityExpired,
    IdentityRequired,
    IdentityRevoked,
    PosterFacts,
    Purpose,
    Session,
    SessionExpired,
    Verification,
)
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import Identity


def require_good_standing(poster: PosterFacts) -> None:
    """Let only accounts on that may post.

    Raises:
        AccountClosed, AccountRestricted: reading, reports and appeals stay open all the same.
    """
    if poster.state is AccountState.CLOSED:
        raise AccountClosed(path=ME_PATH)
    if poster.state is AccountState.RESTRICTED:
        raise AccountRestricted(path=ME_PATH)


@fulfils("2017-5.1a", "2017-5.1c", "2022-4.1a", "2022-4.1c")
def require_identity(poster: PosterFacts, identity: Identity, *, now: datetime) -> None:
    """Let only verified people on where the regime asks for it.

    Asked at submit and again at publish, so that an expiry or a revocation in between counts.

    Raises:
        IdentityRequired: never verified, or by a method this regime does not know.
        IdentityRevoked, IdentityExpired: the account is read-only until verified again.
    """
    if not identity.required:
        return
    verification = poster.verification
    if verification is None or verification.method not in identity.methods:
        raise IdentityRequired(path=VERIFY_PATH, methods=sorted(identity.methods))
    if verification.revoked_at is not None and verification.revoked_at <= now:
        raise IdentityRevoked(path=VERIFY_PATH)
    if ends_at(verification, identity) <= now:
        raise IdentityExpired(path=VERIFY_PATH)


def ends_at(verification: Verification, identity: Identity) -> datetime:
    """When the verification stops counting: the issuer's end or the regime's, whichever is first.

    Age runs from the check at the issuer, so that coming back with an old one gains nothing.
    """
    oldest = verification.verified_at + timedelta(days=identity.max_age_days)
    return min(verification.valid_until, oldest)


@fulfils("2017-6.1a")
def require_agreement(
    poster: PosterFacts, in_force: AgreementHead, *, grace: timedelta, now: datetime
) -> None:
    """Let only those on who accepted the agreement in force.

    Who accepted an earlier version of the same agreement has `grace` to read the new one.

    Raises:
        AgreementRequired: with the page to read and accept it on.
    """
    numbers = {one.number for one in poster.accepted if one.regime == in_force.regime}
    in_grace = now < in_force.in_force_from + grace
    if in_force.number in numbers or (numbers and in_grace):
        return
    raise AgreementRequired(
        path=f"{AGREEMENT_PATH}?regime={in_force.regime}",
        regime=in_force.regime,
        version=in_force.number,
    )


def has_changed_for(poster: PosterFacts, in_force: AgreementHead) -> bool:
    """Whether somebody accepted an earlier version of this agreement, and not this one."""
    numbers = {one.number for one in poster.accepted if one.regime == in_force.regime}
    return bool(numbers) and in_force.number not in numbers


def require_consent(latest: Consent | None, purpose: Purpose) -> None:
    """Raises ConsentRequired: not given, withdrawn, or given to an older wording."""
    if latest is None or not latest.given or latest.version < CONSENT_VERSION[purpose]:
        raise ConsentRequired(purpose=purpose.value, version=CONSENT_VERSION[purpose])


def require_open(session: Session | None, *, now: datetime) -> Session:
    """Raises SessionExpired: unknown, ended or revoked. Which of them is nobody's business."""
    if session is None or session.revoked_at is not None or session.expires_at <= now:
        raise SessionExpired
    return session
