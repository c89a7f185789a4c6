"""What goes out comes back as it was."""

from functools import partial
from pathlib import Path

from gentie.ledger.keeping import Signer
from gentie.storage.db import Database
from tests.moving.build import restored, written


async def test_the_second_export_is_the_first_byte_for_byte(
    newsroom: Database, other: Database, signer: Signer, new_signer: Signer, tmp_path: Path
) -> None:
    file = tmp_path / "daily.jsonl"
    file.write_bytes(await written(newsroom, signer))

    done = await restored(other, file, new_signer)

    assert await written(other, new_signer) == file.read_bytes()
    assert done.comments > 100
