from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gentie.accounts.model import Role
from gentie.storage.db import Database
from tests.clauses.build import Story
from tests.whole import Whole
from tests.whole import quick_hashes as quick_hashes  # noqa: PLC0414 a fixture for all


@pytest.fixture
async def story(
    db: Database, vault: Database, tmp_path: Path, quick_hashes: None
) -> AsyncIterator[Story]:
    """A newsroom on each engine, one verified commenter, one moderator on duty."""
    whole = Whole(db, vault, tmp_path)
    await whole.open()
    await whole.employ("Gu Jiang", Role.MODERATOR)
    async with whole.browser() as web:
        lin = await whole.a_commenter(web, "Ferryman", "lin")
        yield Story(whole, web, lin, await whole.on_duty(web, "Gu Jiang"))
