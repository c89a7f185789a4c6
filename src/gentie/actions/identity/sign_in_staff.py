"""Open a session for a staff member who knows their password and holds their second factor."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import queries, store, totp
from gentie.accounts.model import (
    STAFF_SESSION_TERM,
    Credentials,
    Factor,
    NewSession,
    SessionKind,
    WrongCredentials,
)
from gentie.accounts.roles import staff_of
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_secret
from gentie.kernel.ids import StaffId


def sign_in_staff(
    tx: sa.Connection,
    proven: Credentials | None,
    *,
    code: str,
    factor_key: bytes,
    kind: SessionKind,
    acting: Actor,
    now: datetime,
) -> NewSession:
    """Open a session. `count_factor_try` has counted this try before.

    Raises:
        WrongCredentials: name, password or code, or a code that was used before, or one who
            has left. Nobody can tell which.
    """
    acting.require("account:open")
    member = staff_of(proven.holder) if proven else None
    factor = store.find_factor(tx, member) if member else None
    if proven is None or member is None or factor is None or factor.stored != proven.stored:
        raise WrongCredentials
    who = queries.find_staff(tx, member)
    counter = _counter_of(code, factor, member, key=factor_key, now=now)
    if counter is None or who is None or not who.active:
        raise WrongCredentials
    store.set_factor(tx, member, counter=counter, failures=0, wait=None)
    session = NewSession(
        token=new_secret(), holder=proven.holder, kind=kind, expires_at=now + STAFF_SESSION_TERM
    )
    store.add_session(tx, session, now=now)
    return session


def _counter_of(
    code: str, factor: Factor, member: StaffId, *, key: bytes, now: datetime
) -> int | None:
    secret = totp.decrypt(factor.totp, key=key, holder=member)
    return totp.matching_counter(secret, code, after=factor.totp_counter, now=now)
