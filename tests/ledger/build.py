"""Builders for the log. Each gives a valid value; a test names only what it is about."""

from datetime import UTC, datetime

import msgspec

from gentie.ledger import Leaf

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def a_leaf(**changes: object) -> Leaf:
    leaf = Leaf(kind="decision", hour=NOON, site="daily", measure="remove", clause="3.2")
    return msgspec.structs.replace(leaf, **changes)
