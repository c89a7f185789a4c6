"""The check on retention, as the command line runs it: with nothing loaded but what it names."""

import subprocess
import sys
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.proving import prove
from gentie.catalogue.regimes import get_regime
from gentie.checks.model import Outcome
from gentie.checks.rows.records import nothing_decided_on_is_gone_early
from gentie.checks.rows.retention import deletions_are_proven
from gentie.comments.parts import NO_PARTS
from gentie.comments.tables import revisions
from gentie.privacy.tables import deletions
from gentie.sites.queries import get_site
from gentie.storage.db import Database
from tests.newsroom import ANN, BEN, DAILY, NOON, a_person, a_site, post, ref_of, staff

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


@pytest.mark.clause("2017-8.c", "2022-7.c")
async def test_what_was_decided_on_stays_its_three_years(db: Database) -> None:
    """Also when the time for an appeal is over. After its term nobody asks for it."""

    def body(tx: sa.Connection) -> list[Outcome]:
        a_site(tx)
        [ann, *_] = staff(tx, ANN, BEN)
        posted = post(tx, a_person(tx), site=DAILY)
        removal = Removal(class_id="spam", facts="A shop", message="No advertising.")
        remove_comment(tx, ref_of(posted), removal, acting=ann, now=NOON)
        site, regime = get_site(tx, DAILY), get_regime("cn-2022-final")
        look = partial(nothing_decided_on_is_gone_early, tx, site, regime)
        seen = [look(now=NOON + timedelta(days=1000)).outcome]
        tx.execute(revisions.update().values(parts=b'[{"id":"1"}]', source=""))
        seen.append(look(now=NOON + timedelta(days=1000)).outcome)
        tx.execute(revisions.update().values(parts=NO_PARTS))
        return [*seen, *(look(now=NOON + timedelta(days=days)).outcome for days in (1000, 1097))]

    kept = [Outcome.HOLDS, Outcome.HOLDS]
    assert await db.act(body) == [*kept, Outcome.VIOLATED, Outcome.NO_DATA]
