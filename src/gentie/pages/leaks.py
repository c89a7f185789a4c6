"""The register of leaks as the console shows it."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.catalogue.regimes import Text
from gentie.privacy.inventory import load_inventory
from gentie.privacy.leaks import queries, rules
from gentie.privacy.leaks.model import History, Step


class ShownLeak(msgspec.Struct, frozen=True, kw_only=True):
    history: History
    late: frozenset[str]
    """Which clocks were missed: *authority*, *people*."""
    authority_at: datetime | None
    people_at: datetime | None
    """When everybody had been told, or enough people agreed that nobody has to be."""
    open: frozenset[Step]
    """What can still be entered."""


class Register(msgspec.Struct, frozen=True, kw_only=True):
    leaks: tuple[ShownLeak, ...]
    kinds: dict[str, Text]
    """What is kept, by table: what a leak may have been of."""


def load_register(tx: sa.Connection, *, now: datetime) -> Register:
    kinds: dict[str, Text] = {}
    for one in load_inventory().records:
        kinds.setdefault(one.table, one.what)
    shown = tuple(_shown(one, now) for one in queries.all_leaks(tx))
    return Register(leaks=shown, kinds=kinds)


def _shown(history: History, now: datetime) -> ShownLeak:
    done = rules.steps_of(history.entries)
    settled = rules.is_settled(history.entries)
    steps = {Step.MEASURE, Step.AUTHORITY} | ({Step.CLOSED} if settled else set())
    steps |= set() if done & {Step.TELLING, Step.TOLD} else {Step.TELLING, Step.SPARED}
    return ShownLeak(
        history=history,
        late=frozenset(rules.late_of(history, now=now)),
        authority_at=rules.authority_told_at(history.entries),
        people_at=rules.people_settled_at(history.entries),
        open=frozenset(() if Step.CLOSED in done else steps),
    )
