"""What the rest of the house may know of visits."""

import sqlalchemy as sa

from gentie.kernel.ids import AccountId
from gentie.visits import rows
from gentie.visits.model import Connection, Visit


def find_visit(tx: sa.Connection, visit: str) -> Visit | None:
    """By its id; whether it still counts is for the rules to say."""
    row = tx.execute(rows.VISIT, {"id": visit}).one_or_none()
    return None if row is None else rows.visit_of(row)


def connections_of(tx: sa.Connection, account: AccountId) -> list[Connection]:
    """The sites a person takes part on, in the order in which they came there."""
    found = tx.execute(rows.CONNECTIONS, {"account": account})
    return [rows.connection_of(row) for row in found]
