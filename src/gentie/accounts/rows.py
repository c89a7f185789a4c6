"""How rows of accounts are chosen and become values: shared by `store` (locking) and `queries`."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from gentie.accounts.model import (
    Acceptance,
    AccountState,
    AgreementText,
    AgreementVersion,
    Consent,
    PosterFacts,
    Purpose,
    Session,
    SessionKind,
    Staff,
    Verification,
)
from gentie.accounts.tables import acceptances, accounts, agreements, consents, sessions, staff
from gentie.accounts.tables import verifications as v
from gentie.kernel.ids import ActorId
from gentie.storage.prepared import Prepared

T = TypeVar("T", bound=msgspec.Struct)
Row = sa.Row[*tuple[Any, ...]]

POSTER = (
    sa.select(
        accounts.c.account_id,
        accounts.c.name,
        accounts.c.avatar,
        accounts.c.badges,
        accounts.c.state,
        v.c.framework,
        v.c.level,
        v.c.method,
        v.c.verified_at,
        v.c.valid_until,
        v.c.revoked_at,
        v.c.person,
    )
    .select_from(accounts.outerjoin(v, accounts.c.account_id == v.c.account_id))
    .where(accounts.c.account_id == sa.bindparam("account"))
    .order_by(v.c.id.desc())
    .limit(1)
)
ACCEPTED = Prepared(
    sa.select(acceptances.c.regime, acceptances.c.number, acceptances.c.at)
    .where(acceptances.c.account_id == sa.bindparam("account"))
    .order_by(acceptances.c.at)
)
NEWEST_AGREEMENT = (
    sa.select(agreements)
    .where(agreements.c.regime == sa.bindparam("regime"))
    .order_by(agreements.c.number.desc())
    .limit(1)
)
NEWEST_HEAD = NEWEST_AGREEMENT.with_only_columns(
    agreements.c.regime, agreements.c.number, agreements.c.policy, agreements.c.in_force_from
)
SESSION = sa.select(
    sessions.c.holder,
    sessions.c.kind,
    sessions.c.opened_at,
    sessions.c.expires_at,
    sessions.c.revoked_at,
).where(sessions.c.token == sa.bindparam("token"))
STAFF = sa.select(staff).where(staff.c.id == sa.bindparam("id"))
CONSENTS = (
    sa.select(consents.c.purpose, consents.c.version, consents.c.given, consents.c.at)
    .where(consents.c.account_id == sa.bindparam("account"))
    .order_by(consents.c.id)
)


def poster(row: Any, accepted: Sequence[Any]) -> PosterFacts:
    return PosterFacts(
        account=row.account_id,
        name=row.name,
        avatar=row.avatar,
        badges=tuple(row.badges),
        state=AccountState(row.state),
        verification=None if row.person is None else _verification(row),
        accepted=tuple(
            Acceptance(regime=one.regime, number=one.number, at=one.at) for one in accepted
        ),
    )


def _verification(row: Any) -> Verification:
    return Verification(
        framework=row.framework,
        level=row.level,
        method=row.method,
        verified_at=row.verified_at,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
        person=row.person,
    )


def agreement(row: Row) -> AgreementVersion:
    return AgreementVersion(
        regime=row.regime,
        number=row.number,
        policy=row.policy,
        in_force_from=row.in_force_from,
        text=msgspec.json.decode(row.text, type=AgreementText),
    )


def session(row: Row) -> Session:
    return Session(
        holder=ActorId(row.holder),
        kind=SessionKind(row.kind),
        opened_at=row.opened_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )


def staff_member(row: Row) -> Staff:
    return _convert(row, Staff)


def consents_by_purpose(rows: Sequence[Row]) -> dict[Purpose, Consent]:
    """The last word on each purpose; `rows` come oldest first."""
    return {one.purpose: one for one in (_convert(row, Consent) for row in rows)}


def _convert(row: Row, kind: type[T]) -> T:
    return msgspec.convert(row, kind, from_attributes=True)
