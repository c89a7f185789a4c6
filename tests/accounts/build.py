"""Builders for accounts. Each gives a valid value; a test names only what it is about."""

from datetime import UTC, datetime, timedelta

import msgspec

from gentie.accounts.agreement import write_agreement
from gentie.accounts.model import (
    Acceptance,
    AccountState,
    AgreementVersion,
    PosterFacts,
    Role,
    Staff,
    Verification,
)
from gentie.catalogue.regimes import Identity, get_regime
from gentie.kernel.ids import AccountId, StaffId

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SOMEBODY = AccountId("0123456789abcdef0123456789abcdef")
REAL_NAME = Identity(
    required=True,
    methods=frozenset({"phone", "id_number", "org_code"}),
    max_age_days=365,
    vaulted=False,
    accounts_per_person=0,
)


def days_ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def a_verification(**changes: object) -> Verification:
    verification = Verification(
        framework="sandbox",
        level="high",
        method="id_number",
        verified_at=days_ago(10),
        valid_until=days_ago(-700),
        person="person-1",
    )
    return msgspec.structs.replace(verification, **changes)


def a_poster(**changes: object) -> PosterFacts:
    poster = PosterFacts(
        account=SOMEBODY,
        name="渡口的风",
        avatar="",
        badges=(),
        state=AccountState.ACTIVE,
        verification=a_verification(),
        accepted=(Acceptance(regime="neutral", number=1, at=days_ago(9)),),
    )
    return msgspec.structs.replace(poster, **changes)


def an_agreement(**changes: object) -> AgreementVersion:
    version = AgreementVersion(
        regime="neutral",
        number=1,
        policy="neutral/1",
        in_force_from=days_ago(20),
        text=write_agreement(get_regime("neutral")),
    )
    return msgspec.structs.replace(version, **changes)


def a_staff_member(**changes: object) -> Staff:
    member = Staff(
        id=StaffId("7"),
        name="顾江",
        role=Role.MODERATOR,
        active=True,
        outside=False,
        site=None,
    )
    return msgspec.structs.replace(member, **changes)
