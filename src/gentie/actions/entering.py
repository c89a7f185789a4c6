"""How a session is opened for a person who has shown who they are."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import SESSION_TERM, AccountState, NewSession, PosterFacts, SessionKind
from gentie.kernel.chance import new_secret
from gentie.kernel.ids import ActorId


def enter(
    tx: sa.Connection, poster: PosterFacts, kind: SessionKind, *, now: datetime
) -> NewSession:
    """Open a session; of a closed account one in which nothing can be said any more."""
    if poster.state is AccountState.CLOSED:
        kind = SessionKind.AFTER
    session = NewSession(
        token=new_secret(),
        holder=ActorId(poster.account),
        kind=kind,
        expires_at=now + SESSION_TERM[kind],
    )
    store.add_session(tx, session, now=now)
    return session
