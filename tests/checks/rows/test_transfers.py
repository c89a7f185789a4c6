from functools import partial

import sqlalchemy as sa

from gentie.accounts.roles import actor_of_staff
from gentie.actions.posting.approve_import import approve_import
from gentie.actions.posting.import_archive import Archived, ArchivePage, import_archive
from gentie.catalogue.regimes import get_regime
from gentie.checks.model import Finding, Outcome
from gentie.checks.rows.transfers import archives_were_decided_on
from gentie.comments.tables import archive_batches
from gentie.kernel.actor import OPERATOR
from gentie.sites.queries import get_site
from gentie.storage.db import Database
from tests.newsroom import CLEO, DAILY, NOON, a_draft, a_site


def an_imported_page(tx: sa.Connection) -> None:
    """One comment of an archive, published by the chief editor's decision on its batch."""
    a_site(tx, DAILY)
    page = ArchivePage(site=DAILY, source="wxr:x", key="old", title="Old", url="https://x.example")
    item = Archived(source_id="1", author="Li", created_at=NOON, draft=a_draft())
    told = import_archive(tx, page, [item], acting=OPERATOR, now=NOON)
    approve_import(tx, told.batch, acting=actor_of_staff(CLEO), now=NOON)


def finding(tx: sa.Connection) -> Finding:
    regime = get_regime("cn-2022-final")
    return archives_were_decided_on(tx, get_site(tx, DAILY), regime, now=NOON)


async def test_holds_when_a_person_decided(db: Database) -> None:
    await db.act(an_imported_page)

    told = await db.read(finding)

    assert (told.outcome, told.examined) == (Outcome.HOLDS, 1)


async def test_sees_what_nobody_or_a_machine_decided(db: Database) -> None:
    await db.act(an_imported_page)
    for fault in ({"leaf": None}, {"leaf": "1", "approved_by": "operator"}):
        change = archive_batches.update().values(**fault)
        await db.act(partial(sa.Connection.execute, statement=change))
        told = await db.read(finding)

        assert told.outcome is Outcome.VIOLATED
