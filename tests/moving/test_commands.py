"""`gentie export` and `gentie restore-site` on real instances."""

import gzip
import json
import re
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from click.testing import CliRunner, Result

from gentie.ledger.key import SigningKey
from gentie.ledger.note import Checkpoint, read_checkpoint
from gentie.main.commands import Told, cli
from gentie.main.instance import Instance
from gentie.storage import workers
from tests.serving import COMMAND, clean_environment, gentie, serving

POINTS = (1, 140, 450, 10_000)
"""Records after which the process is killed: the last is past the end, before the commit."""
_KILLED = """
import asyncio, os, signal, sys
from functools import partial
from pathlib import Path
from gentie.actions.operations.restore_site import restore_site
from gentie.cli.restore_site import MOVER
from gentie.kernel.clock import utc_now
from gentie.main.instance import Instance
from gentie.moving.file import read_records
from gentie.moving.media import Unpacking

def read(file, point):
    kept = Unpacking(lambda digest, part: None, Path(file).parent).without_bytes(read_records(file))
    for number, record in enumerate(kept, 1):
        yield record
        if number == point:
            os.kill(os.getpid(), signal.SIGKILL)

def body(tx, file, point, vkey):
    restore_site(tx, partial(read, file, point), vkey=vkey, acting=MOVER, now=utc_now())
    os.kill(os.getpid(), signal.SIGKILL)

async def main(data, file, point):
    instance = Instance(data=Path(data))
    db = instance.open_database()
    vkey = instance.signer().key.vkey
    await db.act(partial(body, file=Path(file), point=int(point), vkey=vkey))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture(scope="session")
def empty_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    Instance(data=folder / "news", log_origin="new.example/log").migrate()
    return folder


@pytest.fixture
def data(empty_place: Path, tmp_path: Path) -> Path:
    """An empty instance of its own."""
    shutil.copytree(empty_place, tmp_path, dirs_exist_ok=True)
    return tmp_path / "news"


@pytest.fixture
def file(old_place: Path) -> Path:
    return old_place / "daily.jsonl"


def told(data: Path, *arguments: str | Path) -> Result:
    given = [*map(str, arguments), "--data", str(data)]
    return CliRunner().invoke(cli, given, obj=Told())


def test_moves_a_site_and_says_what_moved(data: Path, file: Path, tmp_path: Path) -> None:
    moved = told(data, "restore-site", file, "--json")
    out = tmp_path / "again.jsonl.gz"
    gone = told(data, "export", "--site", "daily", "--to", out, "--json")
    shown = told(data, "export", "--site", "daily", "--to", tmp_path / "again.jsonl")

    assert (moved.exit_code, gone.exit_code, shown.exit_code) == (0, 0, 0), moved.output
    said, report = json.loads(moved.stdout), json.loads(gone.stdout)
    assert (said["site"], said["comments"]) == ("daily", report["written"]["comment"])
    assert gzip.decompress(out.read_bytes()) == file.read_bytes()
    assert report["bytes"] == len(file.read_bytes())
    assert (tmp_path / "again.jsonl").read_bytes() == file.read_bytes()
    assert re.search(rf"comment +{said['comments']} ", shown.stdout)


def test_writes_to_standard_output(data: Path, file: Path) -> None:
    told(data, "restore-site", file)
    whole = subprocess.run(  # noqa: S603 our own command
        [*COMMAND, "export", "--site", "daily", "--data", str(data)],
        capture_output=True,
        check=True,
        env=clean_environment(),
    )

    assert whole.stdout == file.read_bytes()
    assert told(data, "export", "--site", "daily", "--json").exit_code == 2
    assert told(data, "export", "--site", "nowhere").exit_code == 2


def test_refuses_with_one_line(data: Path, file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(file.read_bytes()[:-500])
    damaged = told(data, "restore-site", broken)
    first, second = told(data, "restore-site", file), told(data, "restore-site", file)

    assert (damaged.exit_code, first.exit_code, second.exit_code) == (2, 0, 1)
    assert damaged.stderr.count("\n") == 1
    assert "cut off" in damaged.stderr or "damaged" in damaged.stderr
    assert "the instance is not empty" in second.stderr


@pytest.mark.parametrize("point", POINTS)
def test_killed_it_leaves_nothing_and_can_be_started_again(
    data: Path, file: Path, tmp_path: Path, point: int
) -> None:
    killed = subprocess.run(  # noqa: S603 our own code
        [sys.executable, "-c", _KILLED, str(data), str(file), str(point)],
        check=False,
        capture_output=True,
        env=clean_environment(),
    )
    again = told(data, "restore-site", file)
    told(data, "export", "--site", "daily", "--to", tmp_path / "after.jsonl")

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert again.exit_code == 0, again.output
    assert (tmp_path / "after.jsonl").read_bytes() == file.read_bytes()


def test_what_a_killed_one_left_is_cleared_away(data: Path, file: Path) -> None:
    """By the next, and by whoever serves: bytes of people's files lie there."""
    part = data / "restoring" / "part"
    part.parent.mkdir()
    part.write_bytes(b"half a picture")

    assert told(data, "restore-site", file).exit_code == 0
    assert not part.parent.exists()
    part.parent.mkdir()
    part.write_bytes(b"half a picture")
    with serving(data):
        assert not part.parent.exists()


def test_takes_as_long_as_it_takes(data: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred thousand comments take longer than any lease of a worker number."""
    monkeypatch.setattr(workers, "TERM", timedelta(0))

    assert told(data, "restore-site", file).exit_code == 0


class TestTheKey:
    """No second history under a name that the world knows."""

    def test_another_key_may_not_take_the_name(self, tmp_path: Path, file: Path) -> None:
        data = tmp_path / "named"
        Instance(data=data, log_origin="old.example/log").migrate()
        refused = told(data, "restore-site", file)

        assert refused.exit_code == 1
        assert "bring that key and its mark" in refused.stderr

    def test_its_own_key_needs_its_newest_mark(
        self, tmp_path: Path, file: Path, old_place: Path
    ) -> None:
        data, keys = tmp_path / "same", tmp_path / "same-keys"
        keys.mkdir(mode=0o700)
        shutil.copy(old_place / "keys" / "log.key", keys)
        Instance(data=data).migrate()
        without = told(data, "restore-site", file)
        shutil.copy(old_place / "keys" / "log.mark", keys)
        with_it = told(data, "restore-site", file)

        assert (without.exit_code, with_it.exit_code) == (1, 0), with_it.output
        assert "bring the old instance's mark" in without.stderr

    def test_a_keys_folder_of_another_log_is_not_used(
        self, data: Path, file: Path, old_place: Path
    ) -> None:
        keys = data.with_name("news-keys")
        own = SigningKey.load(keys / "log.key")
        note = json.loads(file.read_bytes().split(b"\n", 1)[0])["log"]["checkpoint"]
        signed = read_checkpoint(note)
        (keys / "log.mark").write_text(own.sign(Checkpoint(own.origin, signed.size, signed.root)))
        refused = told(data, "restore-site", file)

        assert refused.exit_code == 1
        assert "use a new keys folder" in refused.stderr


def test_the_service_goes_on_with_it(data: Path, file: Path) -> None:
    """Pages, proofs and checks, as anybody finds them at the new place."""
    assert told(data, "restore-site", file).exit_code == 0
    with serving(data) as (_, address):
        page = httpx.get(f"{address}/api/v1/sites/daily/threads/{quote('article-42')}/comments")
        verified = gentie("ledger", "verify", address)
        earlier = httpx.get(f"{address}/log/earlier").json()
    checked = gentie("check", "--data", data, "--format", "json")

    assert page.status_code == 200
    assert page.json()["comments"]
    assert verified.returncode == 0, verified.stderr
    assert "new.example/log: true" in verified.stdout
    assert [one["origin"] for one in earlier] == ["old.example/log"]
    assert checked.returncode == 1
    [site] = json.loads(checked.stdout)["sites"]
    violated = {one["check"] for one in site["results"] if one["outcome"] == "violated"}
    assert violated == {"gentie.checks.rows.registers.purposes_were_assessed"}, (
        "impact assessments are of who keeps the data: another operator makes its own"
    )
