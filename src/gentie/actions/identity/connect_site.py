"""Let a page of a site know who is here: give out a code that only that page can use."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.accounts.model import AccountClosed, AccountState, SessionExpired
from gentie.accounts.rules import require_open
from gentie.kernel.actor import Actor
from gentie.kernel.chance import digest_of, new_secret
from gentie.sites import queries as sites
from gentie.visits import rules, store
from gentie.visits.model import CODE_TERM, Offer, Way
from gentie.visits.users import store as users


def connect_site(
    tx: sa.Connection,
    way: Way,
    *,
    service: str,
    token: str,
    introduced: str = "",
    acting: Actor,
    now: datetime,
) -> str:
    """Give out a one-time code for `way`, from the person's own session with `token`.

    `service` is our own origin. `introduced` is the handle of the site's word for its user: that
    user and this account belong together from now on. Returns the code, which is stored nowhere.

    Raises:
        SiteUserTaken: the site means somebody who has another account.
        MayNot, NoSuchSite, NotForThisPage, SessionExpired, AccountClosed: nothing was given out.
    """
    acting.require("site:connect")
    account = acting.account
    site = sites.get_site(tx, way.site)
    rules.require_door(way, listed=site.origins, service=service)
    session = require_open(accounts.find_session(tx, token), now=now)
    if session.holder != acting.id:
        raise SessionExpired
    if accounts.get_poster(tx, account).state is AccountState.CLOSED:
        raise AccountClosed
    if introduced:
        users.tie(tx, users.find_introduction(tx, introduced, way, now=now), account, now=now)
    code = new_secret()
    offer = Offer(
        account=account,
        way=way,
        session=digest_of(token),
        expires_at=min(now + CODE_TERM, session.expires_at),
        visit="",
    )
    store.add_offer(tx, offer, code=code)
    store.connect(tx, account, way.site, now=now)
    return code
