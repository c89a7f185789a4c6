"""Open an account for somebody whom a site has introduced, in their own browser."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import SESSION_TERM, NewSession, SessionKind
from gentie.actions.identity.open_account import open_account
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_secret
from gentie.kernel.ids import ActorId
from gentie.visits.model import SiteUserTaken, Way
from gentie.visits.users import store as users


@fulfils("2017-5.1b", "2022-4.1b")
def join_as_user(
    tx: sa.Connection,
    way: Way,
    handle: str,
    *,
    name: str,
    stored: str | None,
    acting: Actor,
    now: datetime,
) -> NewSession:
    """Open it and a session for it, and tie it to the site's user. `stored`: see `open_account`.

    Who has an account already signs in to it: the site's word is never enough for that.

    Raises:
        BadName, NameTaken, CodeInvalid: nothing was changed.
        SiteUserTaken: this user of the site has an account.
    """
    acting.require("account:open")
    introduced = users.find_introduction(tx, handle, way, now=now)
    if users.account_of(tx, introduced) is not None:
        raise SiteUserTaken
    account = open_account(tx, name, stored=stored, acting=acting, now=now)
    users.tie(tx, introduced, account, now=now)
    kind = SessionKind.COOKIE
    session = NewSession(
        token=new_secret(),
        holder=ActorId(account),
        kind=kind,
        expires_at=now + SESSION_TERM[kind],
    )
    store.add_session(tx, session, now=now)
    return session
