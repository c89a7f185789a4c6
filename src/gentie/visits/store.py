"""The SQL of visits that writes, and loads that lock."""

from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.kernel.chance import digest_of
from gentie.kernel.ids import AccountId, SiteId
from gentie.visits import rows
from gentie.visits.model import Offer, Visit
from gentie.visits.tables import connections, offers, visits

_ADD_OFFER = offers.insert()
_OFFER = rows.OFFER.with_for_update()
_USE_OFFER = (
    offers.update()
    .where(offers.c.code == sa.bindparam("b_code"))
    .values(visit=sa.bindparam("b_visit"))
)
_ADD_VISIT = visits.insert()
_VISIT = rows.VISIT.with_for_update()
_RENEW = (
    visits.update()
    .where(visits.c.id == sa.bindparam("b_id"))
    .values(
        access=sa.bindparam("b_access"),
        access_until=sa.bindparam("until"),
        refresh=sa.bindparam("b_refresh"),
    )
)
_END = (
    visits.update()
    .where(visits.c.id == sa.bindparam("b_id"), visits.c.ended_at.is_(None))
    .values(ended_at=sa.bindparam("now"))
)
_END_AT = (
    visits.update()
    .where(
        visits.c.account == sa.bindparam("b_account"),
        visits.c.site == sa.bindparam("b_site"),
        visits.c.ended_at.is_(None),
    )
    .values(ended_at=sa.bindparam("now"))
)
_FORGET_OFFERS = offers.delete().where(offers.c.expires_at < sa.bindparam("before"))
_FORGET_VISITS = visits.delete().where(visits.c.ends_at < sa.bindparam("before"))
_KEY = [connections.c.account_id, connections.c.site]
_CONNECT = {
    "sqlite": sqlite.insert(connections).on_conflict_do_update(
        index_elements=_KEY, set_={"asks": False}
    ),
    "postgresql": postgresql.insert(connections).on_conflict_do_update(
        index_elements=_KEY, set_={"asks": False}
    ),
}
_ASK_AGAIN = (
    connections.update()
    .where(
        connections.c.account_id == sa.bindparam("b_account"),
        connections.c.site == sa.bindparam("b_site"),
    )
    .values(asks=True)
)
_DISCONNECT = connections.delete().where(
    connections.c.account_id == sa.bindparam("b_account"),
    connections.c.site == sa.bindparam("b_site"),
)
_DISCONNECT_ALL = connections.delete().where(connections.c.account_id == sa.bindparam("b_account"))


def add_offer(tx: sa.Connection, offer: Offer, *, code: str) -> None:
    row = {"code": digest_of(code), "account": offer.account, "session": offer.session}
    way = {**msgspec.structs.asdict(offer.way), "door": offer.way.door.value}
    tx.execute(_ADD_OFFER, {**row, **way, "expires_at": offer.expires_at, "visit": offer.visit})


def find_offer(tx: sa.Connection, code: str) -> Offer | None:
    """Load and lock, so that a code that comes twice at once works once."""
    row = tx.execute(_OFFER, {"code": digest_of(code)}).one_or_none()
    return None if row is None else rows.offer_of(row)


def use_offer(tx: sa.Connection, code: str, *, visit: str) -> None:
    tx.execute(_USE_OFFER, {"b_code": digest_of(code), "b_visit": visit})


def add_visit(tx: sa.Connection, visit: Visit) -> None:
    tx.execute(_ADD_VISIT, {**msgspec.structs.asdict(visit), "door": visit.door.value})


def find_visit(tx: sa.Connection, visit: str) -> Visit | None:
    """Load and lock, so that of two renewals at once one is the second."""
    row = tx.execute(_VISIT, {"id": visit}).one_or_none()
    return None if row is None else rows.visit_of(row)


def renew(tx: sa.Connection, visit: str, *, access: str, refresh: str, until: datetime) -> None:
    """Put new secrets (digests) in the place of the old ones."""
    facts = {"b_id": visit, "b_access": access, "b_refresh": refresh, "until": until}
    tx.execute(_RENEW, facts)


def end(tx: sa.Connection, visit: str, *, now: datetime) -> None:
    tx.execute(_END, {"b_id": visit, "now": now})


def end_at(tx: sa.Connection, account: AccountId, site: SiteId, *, now: datetime) -> int:
    """End every visit of a person on one site. Returns how many were open."""
    return tx.execute(_END_AT, {"b_account": account, "b_site": site, "now": now}).rowcount


def connect(tx: sa.Connection, account: AccountId, site: SiteId, *, now: datetime) -> None:
    """Note that a person takes part on a site, and need not be asked the next time."""
    row = {"account_id": account, "site": site, "since": now, "asks": False}
    tx.execute(_CONNECT[tx.dialect.name], row)


def ask_again(tx: sa.Connection, account: AccountId, site: SiteId) -> None:
    tx.execute(_ASK_AGAIN, {"b_account": account, "b_site": site})


def disconnect(tx: sa.Connection, account: AccountId, site: SiteId) -> bool:
    """False: the person did not take part there."""
    return tx.execute(_DISCONNECT, {"b_account": account, "b_site": site}).rowcount == 1


def disconnect_all(tx: sa.Connection, account: AccountId) -> int:
    """Take part on no site any more. Returns on how many."""
    return tx.execute(_DISCONNECT_ALL, {"b_account": account}).rowcount


def forget(tx: sa.Connection, *, before: datetime) -> int:
    """Drop codes and visits that ended before then. Returns how many."""
    gone = tx.execute(_FORGET_OFFERS, {"before": before}).rowcount
    return gone + tx.execute(_FORGET_VISITS, {"before": before}).rowcount
