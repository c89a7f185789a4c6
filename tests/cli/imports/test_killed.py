"""An import that is killed anywhere is started again, and nobody can tell."""

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from gentie.demo.content import OLD_SITE
from gentie.main.instance import Instance
from tests.cli.test_operating import a_site

DRIVER = """
import os, signal, sys, threading
from gentie.main.commands import main
import gentie.cli.import_, gentie.main.beside, gentie.actions.posting.approve_import
last, report = int(sys.argv[1]), sys.argv[2]
here = os.sep + "gentie" + os.sep
steps = 0
def step(frame, event, _):
    global steps
    if event == "call" and here in frame.f_code.co_filename:
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)
threading.setprofile(step)
sys.setprofile(step)
try:
    main(sys.argv[3:])
finally:
    sys.setprofile(None)
    open(report, "w").write(str(steps))
"""
"""Runs a command and kills itself at the n-th call of a function of ours; 0: never."""
STANDING = """
SELECT s.source, s.source_id, p.source_id, k.key, c.author_id, c.author, c.state, c.plain,
  c.created_at, c.published_at, c.votes, c.replies, s.waits
FROM archive_source s
JOIN comment c ON c.thread_id = s.thread_id AND c.id = s.comment_id
JOIN thread k ON k.thread_id = c.thread_id
LEFT JOIN archive_source p ON p.thread_id = c.thread_id AND p.comment_id = c.parent_id
ORDER BY s.source, s.source_id
"""
COUNTS = """
SELECT (SELECT count(*) FROM comment), (SELECT count(*) FROM revision),
  (SELECT sum(published) FROM thread_tally), (SELECT count(*) FROM thread),
  (SELECT count(*) FROM thread_key), (SELECT count(*) FROM archive_author)
"""


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an instance that has one site."""
    folder = tmp_path_factory.mktemp("untouched")
    Instance(data=folder / "news").migrate()
    a_site(folder / "news")
    return folder


def an_instance(untouched: Path, folder: Path) -> Path:
    shutil.copytree(untouched, folder, dirs_exist_ok=True)
    return folder / "news"


def run(data: Path, steps: Path, *, last: int = 0) -> int:
    command = ["import", "wxr", str(OLD_SITE), "--site", "blog", "--json", "--data", str(data)]
    started = [sys.executable, "-c", DRIVER, str(last), str(steps), *command]
    done = subprocess.run(started, check=False, capture_output=True, timeout=120)  # noqa: S603 our own command
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    return done.returncode


def standing(data: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "gentie.db")) as db:
        return [*db.execute(STANDING), *db.execute(COUNTS)]


@pytest.fixture(scope="module")
def whole(untouched: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, object]:
    """How many steps an import takes that nobody disturbs, and what stands then."""
    folder = tmp_path_factory.mktemp("whole")
    data = an_instance(untouched, folder)
    assert run(data, folder / "steps") == 0
    return int((folder / "steps").read_text()), standing(data)


def points(most: int) -> list[float]:
    """Spread over the whole import, the same in each run of a day's work."""
    throw = random.Random(42)  # noqa: S311 not for secrets
    return [(number + throw.random()) / most for number in range(most)]


@pytest.mark.parametrize("part", points(4))
@pytest.mark.slow
def test_killed_and_started_again(
    untouched: Path, whole: tuple[int, object], tmp_path: Path, part: float
) -> None:
    steps, expected = whole
    data = an_instance(untouched, tmp_path)

    assert run(data, tmp_path / "steps", last=max(1, int(steps * part))) == -signal.SIGKILL
    assert run(data, tmp_path / "steps") == 0
    assert standing(data) == expected
    assert list((data / "imports").iterdir()) == []


@pytest.mark.parametrize("part", points(20))
@pytest.mark.soak
def test_killed_anywhere_and_started_again(
    untouched: Path, whole: tuple[int, object], tmp_path: Path, part: float
) -> None:
    test_killed_and_started_again(untouched, whole, tmp_path, part)


def test_an_import_holds_its_file(untouched: Path, tmp_path: Path) -> None:
    """The staging goes with the import, and is nobody else's to read."""
    data = an_instance(untouched, tmp_path)
    assert run(data, tmp_path / "steps") == 0
    assert (data / "imports").stat().st_mode & 0o077 == 0
    assert json.loads((tmp_path / "steps").read_text()) > 1000
