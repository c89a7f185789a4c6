"""The inventory as it is shipped, and what is wrong with it beside the tables there really are."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Final

import msgspec

from gentie.catalogue.regimes import Text
from gentie.catalogue.sources import legal_sources
from gentie.privacy.model import ASSESSED, Ends, Inventory, Line, Purpose, Record

CONSENT: Final = "consent"
"""The basis of what people are asked for."""
NEEDS_SINCE: Final = (Ends.TIME, Ends.ANSWER)
RUNS_OUT_ELSEWHERE: Final = frozenset({"message", "rate_window"})
"""Kept for minutes by machinery that empties itself."""


@cache
def load_inventory() -> Inventory:
    file = resources.files("gentie.privacy").joinpath("data/inventory.toml")
    return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Inventory)


def lines_of(inventory: Inventory) -> tuple[Line, ...]:
    """What the public page says, in the order of the inventory."""
    return tuple(_line(inventory, one) for one in inventory.records)


def faults_of(
    inventory: Inventory, tables: Mapping[str, Mapping[str, frozenset[str]]]
) -> Iterator[str]:
    """What the inventory lacks or makes up. `tables` are columns by table by database."""
    listed = {(one.where, one.table) for one in inventory.records}
    real = {(where, name) for where, names in tables.items() for name in names}
    apart = {("main", name) for name in inventory.apart} | {
        ("vault", name) for name in inventory.apart
    }
    for where, name in sorted(real - listed - apart):
        yield f"{where}.{name} is neither in the inventory nor in [apart]: what is kept of whom?"
    for where, name in sorted(listed - real):
        yield f"{where}.{name} is in the inventory, and there is no such table"
    for name in sorted(set(inventory.apart) - {name for _, name in real}):
        yield f"{name} is set apart, and there is no such table"
    for name in sorted(set(inventory.apart) & {name for _, name in listed}):
        yield f"{name} is in the inventory and set apart"
    for where, name in sorted(listed & real):
        yield from _columns(inventory, where, name, tables[where][name])
    for one in inventory.records:
        yield from _words(inventory, one)


def _columns(inventory: Inventory, where: str, name: str, real: frozenset[str]) -> Iterator[str]:
    said = [
        field
        for one in inventory.records
        if (one.where, one.table) == (where, name)
        for field in one.fields
    ]
    for field in sorted(real - set(said)):
        yield f"{where}.{name}.{field} is not in the inventory"
    for field in sorted(set(said) - real):
        yield f"{where}.{name}.{field} is in the inventory, and there is no such column"
    for field in sorted({one for one in said if said.count(one) > 1}):
        yield f"{where}.{name}.{field} is there twice"


def _words(inventory: Inventory, one: Record) -> Iterator[str]:
    if one.purpose not in inventory.purposes:
        yield f"{one.table}: no purpose {one.purpose}"
    elif inventory.purposes[one.purpose].basis not in inventory.bases:
        yield f"{one.purpose}: no basis {inventory.purposes[one.purpose].basis}"
    elif unknown := set(inventory.purposes[one.purpose].assess) - set(ASSESSED):
        yield f"{one.purpose}: no reason to assess {sorted(unknown)}"
    elif not _is_allowed(inventory.purposes[one.purpose]):
        yield f"{one.purpose}: neither a consent nor a law that allows it"
    if one.retention not in inventory.retentions:
        yield f"{one.table}: no retention {one.retention}"
    elif one.table not in RUNS_OUT_ELSEWHERE and _lacks_since(inventory, one):
        yield f"{one.table}: from which column do its days run?"
    if one.since and one.since not in one.fields:
        yield f"{one.table}: its days run from {one.since}, which it does not have"
    if bool(one.copy) == bool(one.kept_back):
        yield f"{one.table}: either a person gets a copy of it or there is a reason"


def _is_allowed(purpose: Purpose) -> bool:
    """People are asked, or the law that asks for it or allows it is named: never both, nor none."""
    return (purpose.basis == CONSENT) != (purpose.law in legal_sources())


def _law(purpose: Purpose) -> Text | None:
    source = legal_sources().get(purpose.law)
    if source is None:
        return None
    zh = f"{source.title.zh} 第 {source.article} 条" if source.article else source.title.zh
    en = f"{source.title.en}, art. {source.article}" if source.article else source.title.en
    return Text(zh=zh, en=en)


def _lacks_since(inventory: Inventory, one: Record) -> bool:
    return inventory.retentions[one.retention].ends in NEEDS_SINCE and not one.since


def _line(inventory: Inventory, one: Record) -> Line:
    purpose, kept = inventory.purposes[one.purpose], inventory.retentions[one.retention]
    return Line(
        table=one.table,
        where=one.where,
        what=one.what,
        purpose=Text(zh=purpose.zh, en=purpose.en),
        basis=inventory.bases[purpose.basis],
        retention=Text(zh=kept.zh, en=kept.en),
        days=kept.days,
        fields=one.fields,
        copy=one.copy,
        kept_back=one.kept_back,
        law=_law(purpose),
    )
