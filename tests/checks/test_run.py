"""The frame of the live checks, tried with a check on a table of the test."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import pytest
import sqlalchemy as sa

from gentie.catalogue.regimes import Regime, Text, get_regime
from gentie.checks import registry
from gentie.checks.model import Finding, Outcome, Report, Violation
from gentie.checks.registry import Check, all_checks, live_check
from gentie.checks.run import run_all, run_checks
from gentie.sites.model import Site
from gentie.sites.store import add_site
from gentie.storage.db import Database
from tests.sites.build import NOON, a_site

published = sa.Table(
    "published",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("reviewed", sa.Boolean, nullable=False),
)
DAILY = a_site(id="daily", regime="cn-2022-final")
NOTEBOOK = a_site(id="notebook", regime="neutral")
REHEARSAL = a_site(id="rehearsal", regime="cn-2022-draft", test=True)


def reviewed_first(tx: sa.Connection, site: Site, regime: Regime, *, now: datetime) -> Finding:
    rows = tx.execute(sa.select(published).where(published.c.site == site.id)).all()
    broken = tuple(Violation(str(row.id)) for row in rows if not row.reviewed)
    return Finding(examined=len(rows), violations=broken)


CHECK = Check(
    obligations=("2017-5.3", "2022-4.4b"), title=Text(zh="甲", en="A"), run=reviewed_first
)


async def report_of(db: Database, sites: Sequence[Site], rows: list[tuple[str, bool]]) -> Report:
    def fill(tx: sa.Connection) -> None:
        published.create(tx)
        for site, reviewed in rows:
            tx.execute(published.insert(), {"site": site, "reviewed": reviewed})

    await db.act(fill)
    return await db.read(partial(run_checks, sites=sites, checks=[CHECK], now=NOON))


@pytest.mark.parametrize(
    ("rows", "outcome", "examined"),
    [
        ([], Outcome.NO_DATA, 0),
        ([("daily", True), ("daily", True), ("other", False)], Outcome.HOLDS, 2),
        ([("daily", True), ("daily", False)], Outcome.VIOLATED, 2),
    ],
)
async def test_says_what_is_stored(
    db: Database, rows: list[tuple[str, bool]], outcome: Outcome, examined: int
) -> None:
    report = await report_of(db, [DAILY], rows)

    [result] = report.results
    assert (result.obligation, result.outcome, result.examined) == ("2017-5.3", outcome, examined)
    assert len(result.violations) == sum(site == "daily" and not ok for site, ok in rows)
    assert report.violated == (outcome is Outcome.VIOLATED)
    assert report.counts == dict.fromkeys(Outcome, 0) | {outcome: 1}


async def test_each_site_answers_for_the_rows_of_its_own_regime(sqlite_db: Database) -> None:
    report = await report_of(sqlite_db, [DAILY, NOTEBOOK, REHEARSAL], [("notebook", False)])

    assert {site.site: [one.obligation for one in site.results] for site in report.sites} == {
        "daily": ["2017-5.3"],
        "notebook": [],
        "rehearsal": ["2022-4.4b"],
    }
    assert not report.violated


async def test_what_nobody_checks_is_said(sqlite_db: Database) -> None:
    report = await report_of(sqlite_db, [DAILY, NOTEBOOK], [])

    daily, notebook = report.sites
    assert "2017-5.3" not in daily.unchecked
    assert {"2017-5.1a", "2022f-2"} <= set(daily.unchecked)
    assert notebook.unchecked == ()
    assert daily.source == get_regime("cn-2022-final").source


async def test_runs_on_the_sites_that_are_stored(db: Database) -> None:
    await db.act(partial(add_site, site=REHEARSAL, now=NOON))

    report = await db.read(partial(run_all, now=NOON))

    assert [(site.site, site.policy, site.test) for site in report.sites] == [
        ("rehearsal", "cn-2022-draft/1", True)
    ]


def test_a_check_registers_itself_where_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Check] = []
    monkeypatch.setattr(registry, "_registered", found)

    same = live_check("2017-5.3", zh="甲", en="A")(reviewed_first)

    assert same is reviewed_first
    assert found == [
        Check(obligations=("2017-5.3",), title=Text(zh="甲", en="A"), run=reviewed_first)
    ]
    assert found[0].name == "tests.checks.test_run.reviewed_first"


def test_the_checks_of_the_house_name_rows_that_exist() -> None:
    names = [check.name for check in all_checks()]

    assert names == sorted(names)
    assert all(name.startswith("gentie.checks.rows.") for name in names)
