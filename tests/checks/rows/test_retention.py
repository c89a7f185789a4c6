"""The check on retention, as the command line runs it: with nothing loaded but what it names."""

import subprocess
import sys

import pytest
import sqlalchemy as sa

from gentie.actions.proving import prove
from gentie.catalogue.regimes import get_regime
from gentie.checks.model import Outcome
from gentie.checks.rows.retention import deletions_are_proven
from gentie.privacy.tables import deletions
from gentie.sites.queries import get_site
from gentie.storage.db import Database
from tests.newsroom import DAILY, NOON, a_site

ASK = "from gentie.checks.rows import retention; print(len(retention._records()))"


def test_knows_every_table_in_a_process_of_its_own() -> None:
    asked = [sys.executable, "-c", ASK]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 our own

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


@pytest.mark.clause("2017-8.c", "2022-7.c")
async def test_a_deletion_without_its_proof_is_seen(db: Database) -> None:
    """The leaf goes, or the row names one that never was."""

    def body(tx: sa.Connection) -> list[Outcome]:
        a_site(tx)
        site, regime = get_site(tx, DAILY), get_regime("cn-2022-final")
        seen = [deletions_are_proven(tx, site, regime, now=NOON).outcome]
        prove(tx, "revision", 3, upto=NOON, now=NOON)
        seen.append(deletions_are_proven(tx, site, regime, now=NOON).outcome)
        tx.execute(deletions.update().values(leaf=7))
        return [*seen, deletions_are_proven(tx, site, regime, now=NOON).outcome]

    assert await db.act(body) == [Outcome.NO_DATA, Outcome.HOLDS, Outcome.VIOLATED]
