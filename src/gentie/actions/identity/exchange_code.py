"""Exchange a one-time code for a visit."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.queries import find_session_under
from gentie.accounts.rules import require_open
from gentie.kernel.actor import Actor
from gentie.kernel.chance import digest_of, new_secret
from gentie.sites import queries as sites
from gentie.sites.rules import serves_origin
from gentie.visits import rules, store
from gentie.visits.model import CodeInvalid, Door, Offer, Opened, Visit


def exchange_code(
    tx: sa.Connection,
    code: str,
    *,
    verifier: str,
    origin: str,
    door: Door,
    acting: Actor,
    now: datetime,
) -> Opened | None:
    """Open the visit that a code stands for, once, for the page that asked for it.

    A code that comes a second time, from where it belongs, ends the visit that it opened: two
    have it. That has to stay written, so the answer is None and the door says no.

    Raises:
        MayNot, CodeInvalid, SessionExpired: nothing was changed.
    """
    acting.require("visit:open")
    offer = store.find_offer(tx, code)
    if offer is None or offer.way.door is not door:
        raise CodeInvalid
    if not rules.fits(offer, verifier=verifier, origin=origin, now=now):
        raise CodeInvalid
    if offer.visit:
        store.end(tx, offer.visit, now=now)
        return None
    _require_listed(tx, offer)
    opened = _open(tx, offer, now=now)
    store.use_offer(tx, code, visit=opened.visit.id)
    return opened


def _require_listed(tx: sa.Connection, offer: Offer) -> None:
    """The site may have dropped the origin since."""
    way, site = offer.way, sites.find_site(tx, offer.way.site)
    if site is None or (way.door is Door.PAGE and not serves_origin(site, way.origin)):
        raise CodeInvalid


def _open(tx: sa.Connection, offer: Offer, *, now: datetime) -> Opened:
    session = require_open(find_session_under(tx, offer.session), now=now)
    way, visit = offer.way, new_secret()
    token, refresh = new_secret(), new_secret() if offer.way.door is Door.PAGE else ""
    ends = rules.ends_at(way.door, session_ends=session.expires_at, now=now)
    made = Visit(
        id=visit,
        account=offer.account,
        site=way.site,
        origin=way.origin,
        door=way.door,
        session=offer.session,
        access=digest_of(token),
        access_until=rules.token_until(way.door, ends=ends, now=now),
        refresh=digest_of(refresh) if refresh else "",
        opened_at=now,
        ends_at=ends,
        ended_at=None,
    )
    store.add_visit(tx, made)
    return Opened(
        visit=made,
        token=rules.write_token(visit, token),
        refresh=rules.write_renewal(visit, refresh) if refresh else "",
    )
