"""The processing rules as readers see them: grouped by purpose, and what changed since when."""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from gentie.catalogue.regimes import Text
from gentie.kernel.ids import AccountId
from gentie.privacy import queries
from gentie.privacy.model import Change, Line, Rules
from gentie.privacy.rules import changes, is_material


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept for one purpose on one legal ground."""

    purpose: Text
    basis: Text
    lines: tuple[Line, ...]


class RulesPage(msgspec.Struct, frozen=True, kw_only=True):
    rules: Rules
    groups: tuple[Group, ...]
    versions: tuple[Rules, ...]
    """All there ever were, newest first."""
    before: Rules | None
    """The one before, which `changes` is held against."""
    changes: tuple[Change, ...]


class News(msgspec.Struct, frozen=True, kw_only=True):
    """What a person has not seen yet, since the version they saw last."""

    number: int
    changes: tuple[Change, ...]


def load_rules_page(tx: sa.Connection, number: int | None) -> RulesPage | None:
    """A version by number, or the newest. None: there is none."""
    versions = queries.versions(tx)
    found = next((one for one in versions if number in (None, one.number)), None)
    if found is None:
        return None
    before = next((one for one in versions if one.number == found.number - 1), None)
    return RulesPage(
        rules=found,
        groups=tuple(_groups(found.lines)),
        versions=tuple(versions),
        before=before,
        changes=changes(before, found) if before else (),
    )


def find_news(tx: sa.Connection, account: AccountId) -> News | None:
    """A material change since the version that the person has seen. None: nothing to ask about.

    Who has seen none was shown the newest when the account was opened, or asks for none: they are
    told of what is newer than the first.
    """
    versions = queries.versions(tx)
    if not versions:
        return None
    seen = queries.newest_seen(tx, account) or versions[-1].number
    first = next((one for one in versions if one.number == seen), None)
    newest = versions[0]
    if first is None or first.number == newest.number:
        return None
    found = changes(first, newest)
    return News(number=newest.number, changes=found) if is_material(found) else None


def _groups(lines: Sequence[Line]) -> list[Group]:
    together: dict[str, list[Line]] = {}
    for one in lines:
        together.setdefault(f"{one.purpose.en}\0{one.basis.en}", []).append(one)
    return [
        Group(purpose=some[0].purpose, basis=some[0].basis, lines=tuple(some))
        for some in together.values()
    ]
