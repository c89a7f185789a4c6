"""Run checks: each site under its own regime, and only for the rows that the regime carries."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa

import gentie
from gentie.catalogue.obligations import obligations
from gentie.catalogue.regimes import Regime, get_regime
from gentie.checks.model import Report, Result, SiteRun
from gentie.checks.registry import Check, all_checks
from gentie.checks.vaulted import Vaulted
from gentie.sites.model import Site
from gentie.sites.queries import all_sites


def run_all(tx: sa.Connection, *, vaulted: Vaulted | None = None, now: datetime) -> Report:
    """Every check on every site, on the one snapshot that `tx` sees. Writes nothing.

    `vaulted` is what was seen in the vault before. None: nobody looked.
    """
    return run_checks(tx, all_sites(tx), all_checks(vaulted), now=now)


def run_checks(
    tx: sa.Connection, sites: Iterable[Site], checks: Iterable[Check], *, now: datetime
) -> Report:
    asked = tuple(checks)
    runs = tuple(_run_site(tx, site, asked, now) for site in sites)
    return Report(at=now, version=gentie.__version__, sites=runs)


def _run_site(tx: sa.Connection, site: Site, checks: tuple[Check, ...], now: datetime) -> SiteRun:
    regime = get_regime(site.regime)
    found = [one for check in checks for one in _run_check(tx, check, site, regime, now)]
    order = {row: place for place, row in enumerate(obligations()) if regime.carries_row(row)}
    checked = {result.obligation for result in found}
    return SiteRun(
        site=site.id,
        policy=regime.policy,
        source=regime.source,
        test=site.test,
        results=tuple(sorted(found, key=lambda result: order[result.obligation])),
        unchecked=tuple(row for row in order if row not in checked),
    )


def _run_check(
    tx: sa.Connection, check: Check, site: Site, regime: Regime, now: datetime
) -> Iterator[Result]:
    """One result for each carried row of the check; it is run once, and not for none."""
    carried = [row for row in check.obligations if regime.carries_row(row)]
    if not carried:
        return
    finding = check.run(tx, site, regime, now=now)
    for row in carried:
        yield Result(
            obligation=row,
            article=obligations()[row].article,
            check=check.name,
            title=check.title,
            outcome=finding.outcome,
            examined=finding.examined,
            violations=finding.violations,
        )
