import copy
import io
import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from rich.console import Console

from gentie.catalogue.obligations import obligations
from gentie.checks.model import Report
from gentie.checks.report.machine import as_json
from gentie.checks.report.oscal import as_oscal, control_of, faults_of_oscal
from gentie.checks.report.page import as_html
from gentie.checks.report.terminal import as_tables
from tests.checks.build import BROKEN, EMPTY, HOLDING, VIOLATED, a_report

REPORT = a_report(HOLDING, VIOLATED, EMPTY)
UNCHECKED = msgspec.structs.replace(
    REPORT, sites=(msgspec.structs.replace(REPORT.sites[0], results=()),)
)


def shown(report: Report) -> str:
    file = io.StringIO()
    Console(width=200, file=file).print(as_tables(report))
    return file.getvalue()


def test_the_terminal_shows_every_result_and_what_is_unchecked() -> None:
    said = shown(REPORT)

    for part in ("2017-5.3", "holds", "violated", "no data", "[red]reviewed 12:05", "not checked"):
        assert part in said
    assert "1 holds, 1 violated, 1 no data" in said


def test_the_terminal_cuts_long_lists_and_says_so() -> None:
    assert "and 2 more" in shown(
        a_report(msgspec.structs.replace(VIOLATED, violations=(BROKEN,) * 7))
    )


def test_json_has_all_of_it() -> None:
    body = json.loads(as_json(REPORT))

    assert body["violated"] is True
    assert body["counts"] == {"holds": 1, "violated": 1, "no data": 1}
    assert [one["outcome"] for one in body["sites"][0]["results"]] == [
        "holds",
        "violated",
        "no data",
    ]
    assert body["sites"][0]["unchecked"] == ["2017-1"]


class TestPage:
    def test_lets_no_markup_in(self) -> None:
        page = as_html(REPORT, lang="en")

        assert "published &lt;b&gt;12:00&lt;/b&gt;" in page
        assert "<script" not in page
        assert re.findall(r'(?:src|href)="', page) == []

    def test_speaks_the_language_asked_for(self) -> None:
        page = as_html(REPORT, lang="zh-CN")

        assert '<html lang="zh-CN">' in page
        assert "先审后发" in page
        assert re.search(r"<td[^>]*>无数据</td>", page)


class TestOscal:
    def faults(self, document: dict[str, Any]) -> list[str]:
        return list(faults_of_oscal(document, rows=obligations()))

    @pytest.mark.parametrize(
        "report", [REPORT, a_report(), UNCHECKED], ids=["a site", "no site", "no check"]
    )
    def test_ours_refers_to_nothing_that_is_not_there(self, report: Report) -> None:
        assert self.faults(as_oscal(report)) == []

    def test_nothing_examined_is_neither_satisfied_nor_failed(self) -> None:
        [result] = as_oscal(REPORT)["assessment-results"]["results"]

        assert [one["target"]["status"] for one in result["findings"]] == [
            {"state": "satisfied", "reason": "pass"},
            {"state": "not-satisfied", "reason": "fail"},
            {"state": "not-satisfied", "reason": "other"},
        ]

    def test_the_same_run_gives_the_same_document(self) -> None:
        assert as_oscal(REPORT) == as_oscal(REPORT)

    def test_every_control_has_a_name_that_oscal_accepts(self) -> None:
        token = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*\Z")

        assert [row for row in obligations() if not token.match(control_of(row))] == []

    @pytest.mark.parametrize(
        ("damage", "fault"),
        [
            (lambda r: r["observations"].pop(), "is not there"),
            (lambda r: r["findings"].pop(), "has no finding"),
            (lambda r: r["findings"][0].pop("related-observations"), "supports no finding"),
            (
                lambda r: r["findings"][0]["target"].update({"target-id": "cac2017-1_obj"}),
                "a finding on cac2017-1, which was not reviewed",
            ),
            (
                lambda r: r["reviewed-controls"]["control-selections"][0][
                    "include-controls"
                ].append({"control-id": "cac2017-99"}),
                "control cac2017-99 is not in the catalogue",
            ),
            (
                lambda r: r["reviewed-controls"]["control-selections"][0][
                    "include-controls"
                ].append({"control-id": "cac2017-5.3"}),
                "control cac2017-5.3 is listed 2 times",
            ),
            (lambda r: r.update(uuid=r["findings"][0]["uuid"]), "is there 2 times"),
        ],
    )
    def test_a_reference_that_leads_nowhere_is_found(
        self, damage: Callable[[dict[str, Any]], object], fault: str
    ) -> None:
        document = copy.deepcopy(as_oscal(REPORT))

        damage(document["assessment-results"]["results"][0])

        assert any(fault in said for said in self.faults(document)), self.faults(document)

    def test_a_plan_that_is_not_there_is_found(self) -> None:
        document = as_oscal(REPORT)
        document["assessment-results"]["import-ap"]["href"] = "#elsewhere"

        assert self.faults(document) == ["import-ap names a plan that is not in the back matter"]
