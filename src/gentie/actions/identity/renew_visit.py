"""Renew the short-lived token of a visit."""

import hmac
from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts.model import SessionExpired
from gentie.accounts.queries import find_session_under
from gentie.accounts.rules import require_open
from gentie.kernel.actor import Actor
from gentie.kernel.chance import digest_of, new_secret
from gentie.sites import queries as sites
from gentie.sites.rules import serves_origin
from gentie.visits import rules, store
from gentie.visits.model import Opened, Visit


def renew_visit(
    tx: sa.Connection, renewal: str, *, origin: str, acting: Actor, now: datetime
) -> Opened | None:
    """Put a new token and a new renewal in the place of the old ones.

    Who brings an older renewal has it from somewhere, so the visit ends. That has to stay
    written: the answer is None and the door says no.

    Raises:
        MayNot, SessionExpired: nothing was changed.
    """
    acting.require("visit:open")
    visit_id, secret = rules.read_renewal(renewal) or ("", "")
    visit = store.find_visit(tx, visit_id)
    if visit is None or not visit.refresh or origin != visit.origin:
        raise SessionExpired
    if not rules.is_open(visit, now=now):
        raise SessionExpired
    if not hmac.compare_digest(digest_of(secret), visit.refresh):
        store.end(tx, visit.id, now=now)
        return None
    _require_standing(tx, visit, now=now)
    return _renew(tx, visit, now=now)


def _require_standing(tx: sa.Connection, visit: Visit, *, now: datetime) -> None:
    require_open(find_session_under(tx, visit.session), now=now)
    site = sites.find_site(tx, visit.site)
    if site is None or not serves_origin(site, visit.origin):
        raise SessionExpired


def _renew(tx: sa.Connection, visit: Visit, *, now: datetime) -> Opened:
    token, refresh = new_secret(), new_secret()
    renewed = msgspec.structs.replace(
        visit,
        access=digest_of(token),
        access_until=rules.token_until(visit.door, ends=visit.ends_at, now=now),
        refresh=digest_of(refresh),
    )
    store.renew(
        tx,
        visit.id,
        access=renewed.access,
        refresh=renewed.refresh,
        until=renewed.access_until,
    )
    return Opened(
        visit=renewed,
        token=rules.write_token(visit.id, token),
        refresh=rules.write_renewal(visit.id, refresh),
    )
