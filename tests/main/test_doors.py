"""All doors together, as one process serves them."""

from gentie.main.compose import ROUTES
from gentie.storage.db import Database
from tests.web.build import client_for


async def test_every_door_can_be_described(sqlite_db: Database) -> None:
    async with client_for(sqlite_db, *ROUTES) as client:
        answer = await client.get("/openapi.json")

    assert answer.status_code == 200, answer.text
    paths = answer.json()["paths"]
    assert "/api/v1/moderation/queue" in paths
    assert not [path for path in paths if path.startswith("/console")]
