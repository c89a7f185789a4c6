import json
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from gentie.catalogue.obligations import obligations
from gentie.catalogue.regimes import Regime, Text
from gentie.checks import run
from gentie.checks.model import Finding
from gentie.checks.registry import Check
from gentie.checks.report.oscal import faults_of_oscal
from gentie.cli.check import check
from gentie.sites.model import Site
from gentie.sites.store import add_site
from gentie.storage.db import Database
from gentie.storage.schema import metadata
from gentie.vault.tables import vault_metadata
from tests.checks.build import EMPTY, HOLDING, VIOLATED
from tests.sites.build import NOON, a_site


class AnInstance:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open_database(self, name: str = "main") -> Database:
        return Database(f"sqlite:///{self._folder}/{name}.db")

    def destroyed(self) -> list[str]:
        return []


@pytest.fixture
async def instance(tmp_path: Path) -> AnInstance:
    """An instance with one site under the text in force."""
    instance = AnInstance(tmp_path)
    db = instance.open_database()
    metadata.create_all(db.engine.sql)
    vault = instance.open_database("vault")
    vault_metadata.create_all(vault.engine.sql)
    await vault.close()
    await db.act(partial(add_site, site=a_site(regime="cn-2022-final"), now=NOON))
    await db.close()
    return instance


def answering(finding: Finding, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be one check, which finds `finding`."""

    def found(tx: sa.Connection, site: Site, regime: Regime, *, now: datetime) -> Finding:
        return finding

    one = Check(obligations=("2017-5.3",), title=Text(zh="甲", en="A"), run=found)
    monkeypatch.setattr(run, "all_checks", lambda _: (one,))


@pytest.mark.parametrize(
    ("finding", "code"), [(HOLDING, 0), (EMPTY, 0), (VIOLATED, 1)], ids=["holds", "empty", "broken"]
)
@pytest.mark.parametrize("form", ["table", "json", "html", "oscal"])
def test_exits_with_1_only_when_a_duty_is_violated(
    instance: AnInstance, form: str, finding: Finding, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(finding, monkeypatch)

    answer = CliRunner().invoke(check, ["--format", form], obj=instance, catch_exceptions=False)

    assert answer.exit_code == code
    assert finding.outcome.value in answer.output
    assert "2017-5.3" in answer.output


def test_oscal_refers_only_to_what_is_there(
    instance: AnInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(VIOLATED, monkeypatch)

    answer = CliRunner().invoke(check, ["--format", "oscal"], obj=instance)

    assert list(faults_of_oscal(json.loads(answer.output), rows=obligations())) == []
