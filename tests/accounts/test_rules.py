from datetime import timedelta

import msgspec
import pytest

from gentie.accounts.model import (
    CONSENT_VERSION,
    Acceptance,
    AccountClosed,
    AccountRestricted,
    AccountState,
    AgreementRequired,
    Consent,
    ConsentRequired,
    IdentityExpired,
    IdentityRequired,
    IdentityRevoked,
    Purpose,
    Session,
    SessionExpired,
    SessionKind,
)
from gentie.accounts.rules import (
    require_agreement,
    require_consent,
    require_good_standing,
    require_identity,
    require_open,
)
from gentie.kernel.ids import ActorId
from gentie.kernel.refusal import Refusal
from tests.accounts.build import (
    NOON,
    REAL_NAME,
    a_poster,
    a_verification,
    an_agreement,
    days_ago,
)

GRACE = timedelta(days=14)
SECOND = timedelta(seconds=1)


class TestRequireGoodStanding:
    def test_lets_an_active_account_on(self) -> None:
        require_good_standing(a_poster())

    @pytest.mark.parametrize(
        ("state", "refusal"),
        [(AccountState.CLOSED, AccountClosed), (AccountState.RESTRICTED, AccountRestricted)],
    )
    def test_refuses_who_may_not_post(self, state: AccountState, refusal: type[Refusal]) -> None:
        with pytest.raises(refusal):
            require_good_standing(a_poster(state=state))


@pytest.mark.clause("2017-5.1a", "2017-5.1c", "2022-4.1a", "2022-4.1c")
class TestRequireIdentity:
    def test_lets_a_verified_person_on(self) -> None:
        require_identity(a_poster(), REAL_NAME, now=NOON)

    def test_asks_nobody_where_the_regime_does_not(self) -> None:
        free = msgspec.structs.replace(REAL_NAME, required=False)

        require_identity(a_poster(verification=None), free, now=NOON)

    def test_names_the_page_that_helps(self) -> None:
        with pytest.raises(IdentityRequired) as refused:
            require_identity(a_poster(verification=None), REAL_NAME, now=NOON)

        assert refused.value.facts["path"] == "/account/verify"

    def test_refuses_a_method_that_the_regime_does_not_know(self) -> None:
        poster = a_poster(verification=a_verification(method="other"))

        with pytest.raises(IdentityRequired):
            require_identity(poster, REAL_NAME, now=NOON)

    @pytest.mark.parametrize(
        "changes",
        [{"valid_until": NOON}, {"verified_at": days_ago(365)}],
        ids=["the issuer's end", "the regime's age"],
    )
    def test_ends_at_the_second_it_says(self, changes: dict[str, object]) -> None:
        poster = a_poster(verification=a_verification(**changes))

        require_identity(poster, REAL_NAME, now=NOON - SECOND)
        with pytest.raises(IdentityExpired):
            require_identity(poster, REAL_NAME, now=NOON)

    def test_counts_until_it_is_revoked(self) -> None:
        poster = a_poster(verification=a_verification(revoked_at=NOON))

        require_identity(poster, REAL_NAME, now=NOON - SECOND)
        with pytest.raises(IdentityRevoked):
            require_identity(poster, REAL_NAME, now=NOON)


@pytest.mark.clause("2017-6.1a")
class TestRequireAgreement:
    def test_lets_those_on_who_accepted_it(self) -> None:
        require_agreement(a_poster(), an_agreement(), grace=GRACE, now=NOON)

    def test_gives_time_to_read_a_new_version(self) -> None:
        newer = an_agreement(number=2, in_force_from=NOON - GRACE)

        require_agreement(a_poster(), newer, grace=GRACE, now=NOON - SECOND)
        with pytest.raises(AgreementRequired) as refused:
            require_agreement(a_poster(), newer, grace=GRACE, now=NOON)
        assert refused.value.facts["path"] == "/account/agreement?regime=neutral"

    @pytest.mark.parametrize(
        "accepted", [(), (Acceptance(regime="cn-2017", number=1, at=days_ago(1)),)]
    )
    def test_grace_is_for_those_who_agreed_once(self, accepted: tuple[Acceptance, ...]) -> None:
        new = an_agreement(in_force_from=NOON)

        with pytest.raises(AgreementRequired):
            require_agreement(a_poster(accepted=accepted), new, grace=GRACE, now=NOON)


class TestRequireConsent:
    current = CONSENT_VERSION[Purpose.IDENTITY_CHECK]

    def test_lets_the_latest_yes_on(self) -> None:
        yes = Consent(
            purpose=Purpose.IDENTITY_CHECK, version=self.current, given=True, at=days_ago(1)
        )

        require_consent(yes, Purpose.IDENTITY_CHECK)

    @pytest.mark.parametrize(
        "latest",
        [
            None,
            Consent(purpose=Purpose.IDENTITY_CHECK, version=current, given=False, at=NOON),
            Consent(purpose=Purpose.IDENTITY_CHECK, version=current - 1, given=True, at=NOON),
        ],
        ids=["never asked", "withdrawn", "another wording"],
    )
    def test_anything_else_is_no_consent(self, latest: Consent | None) -> None:
        with pytest.raises(ConsentRequired):
            require_consent(latest, Purpose.IDENTITY_CHECK)


class TestRequireOpen:
    session = Session(
        holder=ActorId("staff:7"),
        kind=SessionKind.COOKIE,
        opened_at=days_ago(1),
        expires_at=NOON,
        revoked_at=None,
    )

    def test_lasts_until_its_end(self) -> None:
        assert require_open(self.session, now=NOON - SECOND) is self.session

    @pytest.mark.parametrize(
        "changes", [{"revoked_at": days_ago(0.5)}, {"expires_at": days_ago(1)}]
    )
    def test_ends(self, changes: dict[str, object]) -> None:
        with pytest.raises(SessionExpired):
            require_open(msgspec.structs.replace(self.session, **changes), now=NOON)

    def test_an_unknown_one_ends_in_the_same_words(self) -> None:
        with pytest.raises(SessionExpired):
            require_open(None, now=NOON)
