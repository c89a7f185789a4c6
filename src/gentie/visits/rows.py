"""How rows of visits become values: shared by `store` (locking) and `queries`."""

from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.kernel.ids import AccountId, SiteId
from gentie.visits.model import Connection, Door, Offer, Visit, Way
from gentie.visits.tables import connections, offers, visits

OFFER = sa.select(offers).where(offers.c.code == sa.bindparam("code"))
VISIT = sa.select(visits).where(visits.c.id == sa.bindparam("id"))
CONNECTIONS = (
    sa.select(connections.c.site, connections.c.since, connections.c.asks)
    .where(connections.c.account_id == sa.bindparam("account"))
    .order_by(connections.c.since)
)


def offer_of(row: Any) -> Offer:
    way = Way(
        site=SiteId(row.site), origin=row.origin, door=Door(row.door), challenge=row.challenge
    )
    return Offer(
        account=AccountId(row.account),
        way=way,
        session=row.session,
        expires_at=row.expires_at,
        visit=row.visit,
    )


def visit_of(row: Any) -> Visit:
    return msgspec.convert(row, Visit, from_attributes=True)


def connection_of(row: Any) -> Connection:
    return msgspec.convert(row, Connection, from_attributes=True)
