"""What screens and start-up read of screening rules."""

import msgspec
import sqlalchemy as sa

from gentie.screening.model import RuleSetVersion, State
from gentie.screening.rows import version_of
from gentie.screening.rules import BUILT_IN
from gentie.screening.tables import rule_sets

_LIVE = sa.select(rule_sets).where(rule_sets.c.state == State.LIVE.value)
_LIVE_VERSION = sa.select(rule_sets.c.version).where(rule_sets.c.state == State.LIVE.value)
_ONE = sa.select(rule_sets).where(rule_sets.c.version == sa.bindparam("version"))
_ALL = sa.select(rule_sets).order_by(rule_sets.c.version.desc())


def live_rules(tx: sa.Connection) -> RuleSetVersion:
    """What is in force: the approved version, else the one that came with the release."""
    row = tx.execute(_LIVE).one_or_none()
    return BUILT_IN if row is None else version_of(row)


def live_version(tx: sa.Connection) -> int:
    """The number of what is in force: cheap to ask, for whoever keeps compiled rules."""
    return tx.scalar(_LIVE_VERSION) or BUILT_IN.version


def find_rules(tx: sa.Connection, version: int) -> RuleSetVersion | None:
    """One version, for whoever wants to know what an old verdict rested on."""
    if version == BUILT_IN.version:
        return BUILT_IN
    row = tx.execute(_ONE, {"version": version}).one_or_none()
    return None if row is None else version_of(row)


def all_rules(tx: sa.Connection) -> list[RuleSetVersion]:
    """All versions, newest first; the one that came with the release is the last."""
    own = [version_of(row) for row in tx.execute(_ALL)]
    replaced = any(one.state is State.LIVE for one in own)
    first = msgspec.structs.replace(BUILT_IN, state=State.RETIRED) if replaced else BUILT_IN
    return [*own, first]
