from functools import partial

import pytest

from gentie.checks.model import Outcome, Violation
from gentie.checks.run import run_all
from gentie.sites.store import add_site
from gentie.storage.db import Database
from tests.sites.build import NOON, a_site

NAME = "gentie.checks.rows.regimes.only_test_sites_rehearse"


@pytest.mark.clause("2017-13", "2022-15")
@pytest.mark.parametrize(("regime", "row"), [("cn-2017", "2017-13"), ("cn-2022-draft", "2022-15")])
async def test_a_real_site_under_a_text_that_is_not_in_force_is_found(
    db: Database, regime: str, row: str
) -> None:
    for name, test in (("rehearsal", True), ("real", False)):
        site = a_site(id=name, regime=regime, test=test)
        await db.act(partial(add_site, site=site, now=NOON))

    report = await db.read(partial(run_all, now=NOON))

    found = {
        (site.site, one.obligation): (one.outcome, one.violations)
        for site in report.sites
        for one in site.results
        if one.check == NAME
    }
    assert found == {
        ("real", row): (Outcome.VIOLATED, (Violation("real", regime),)),
        ("rehearsal", row): (Outcome.HOLDS, ()),
    }
