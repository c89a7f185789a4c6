import json

import pytest
from click.testing import CliRunner

from gentie.catalogue.marks import Kind, Mark
from gentie.catalogue.obligations import obligations
from gentie.cli import matrix as command
from gentie.cli.matrix import join_matrix, matrix, read_matrix


def test_this_house_claims_nothing_that_is_not_so() -> None:
    assert read_matrix().faults == []


def test_lists_every_row() -> None:
    answer = CliRunner(env={"COLUMNS": "200"}).invoke(matrix)

    assert answer.exit_code == 0
    assert [row for row in obligations() if row not in answer.output] == []


def test_speaks_json() -> None:
    answer = json.loads(CliRunner().invoke(matrix, ["--json", "--check"]).output)

    assert {row["id"] for row in answer["rows"]} == set(obligations())
    assert sum(answer["counts"].values()) == len(obligations())


def test_a_false_claim_exits_1_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    strange = join_matrix([Mark(Kind.CODE, "2017-99", "gentie/a.py::b")], tests_seen=False)
    monkeypatch.setattr(command, "read_matrix", lambda: strange)

    answer = CliRunner(env={"COLUMNS": "200"}).invoke(matrix, ["--check"])

    assert answer.exit_code == 1
    assert "gentie/a.py::b: there is no row 2017-99" in answer.output
    assert "The tests are not part of this installation" in answer.output
