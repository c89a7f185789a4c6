"""Enter a leak of personal data in the register, when it is found."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.actions.registering import register
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import get_regime
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_number
from gentie.kernel.ids import AccountId
from gentie.privacy.inventory import load_inventory
from gentie.privacy.leaks import rules, store
from gentie.privacy.leaks.model import Clocks, Concerns, Found, Leak
from gentie.sites.queries import all_sites

_WORDS: Final = ("cause", "harm", "measures", "advice", "contact")


class LeakFound(Found, frozen=True, kw_only=True):
    """The same with whom it concerns."""

    accounts: Sequence[AccountId] | None
    """None: everybody who had an account when it was found."""


@fulfils("2017-5.2a", "2022-4.2a")
def record_leak(tx: sa.Connection, found: LeakFound, *, acting: Actor, now: datetime) -> Leak:
    """Enter it. Its clocks run from the moment it was found, not from this one.

    Raises:
        MayNot, LeakUnfit, NoSuchAccount: nothing was changed.
    """
    acting.require("leak:record")
    clocks, listed = _clocks(tx), [*dict.fromkeys(found.accounts or ())]
    said = {name: getattr(found, name).strip() for name in _WORDS}
    leak = Leak(
        number=new_number("L"),
        found_at=found.found_at,
        happened_at=found.happened_at,
        data=tuple(sorted(set(found.data))),
        concerns=Concerns.EVERYBODY if found.accounts is None else Concerns.LISTED,
        authority_before=found.found_at + clocks.authority,
        people_before=found.found_at + clocks.people,
        recorded_at=now,
        by=acting.id,
        role=acting.role,
        **said,
    )
    tables = {one.table for one in load_inventory().records}
    rules.require_fit(leak, tables=tables, listed=len(listed), now=now)
    for one in listed:
        accounts.get_poster(tx, one)
    store.record(tx, leak, **msgspec.structs.asdict(register(tx, leak, now=now)))
    store.concern(tx, leak.number, listed)
    return leak


def _clocks(tx: sa.Connection) -> Clocks:
    """Of the strictest regime of all sites; without a site, of the default one."""
    regimes = {site.regime for site in all_sites(tx)} or {"neutral"}
    return rules.strictest(
        Clocks(
            authority=timedelta(hours=windows.leak_authority_hours),
            people=timedelta(hours=windows.leak_people_hours),
        )
        for windows in (get_regime(one).windows for one in sorted(regimes))
    )
