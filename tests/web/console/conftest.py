import pytest

from gentie.storage.db import Database
from tests.web.console.build import Room, open_room


@pytest.fixture
async def room(db: Database) -> Room:
    return await db.act(open_room)
