"""How a check asks the database: how many rows it looked at, and which break the duty."""

from typing import Any

import sqlalchemy as sa

from gentie.checks.model import Finding, Violation

MOST = 200
"""Violations that are listed; more would only hide the first."""


def ask(
    tx: sa.Connection,
    examined: sa.Select[Any],
    broken: sa.Select[Any],
    **facts: object,
) -> Finding:
    """Count with one statement, list what is broken with another. The first column is the id."""
    count = tx.scalar(examined, facts) or 0
    rows = tx.scalars(broken.limit(MOST), facts).all() if count else []
    return Finding(examined=count, violations=tuple(Violation(str(row)) for row in rows))
