"""A run of checks as it could be: something that holds, something violated, nothing examined."""

from gentie.catalogue.regimes import Text
from gentie.checks.model import Finding, Report, Result, SiteRun, Violation
from gentie.kernel.ids import SiteId
from tests.sites.build import NOON

BROKEN = Violation("77", "published <b>12:00</b>, [red]reviewed 12:05")
HOLDING = Finding(examined=3)
VIOLATED = Finding(examined=3, violations=(BROKEN,))
EMPTY = Finding(examined=0)


def a_result(obligation: str, finding: Finding) -> Result:
    return Result(
        obligation=obligation,
        article="5(3)",
        check="gentie.checks.rows.review.reviewed_first",
        title=Text(zh="先审后发", en="Reviewed first"),
        outcome=finding.outcome,
        examined=finding.examined,
        violations=finding.violations,
    )


def a_report(*findings: Finding) -> Report:
    rows = ("2017-5.3", "2017-7.1a", "2017-8.c")
    results = tuple(a_result(row, one) for row, one in zip(rows, findings, strict=False))
    site = SiteRun(
        site=SiteId("daily"),
        policy="cn-2017/1",
        source="historic",
        test=True,
        results=results,
        unchecked=("2017-1",),
    )
    return Report(at=NOON, version="0", sites=(site,) if findings else ())
