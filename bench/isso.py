"""Isso, a comment server that is installed from PyPI into an environment of its own.

It gets the same thread: the same texts, the same replies, asked for in the same order.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.processes import Server, free_port, listening

VERSION = "0.14.0"
HOME = Path(__file__).parents[1] / "build" / "bench" / f"isso-{VERSION}"
URI = "/thread"
PAGE = f"/?uri={URI}&limit=20&nested_limit=5&sort=newest"

_CONFIG = """[general]
dbpath = {database}
host = http://page.example/
notify =
[server]
listen = http://127.0.0.1:{port}
[guard]
enabled = false
[moderation]
enabled = false
"""
_INSERT = """INSERT INTO comments
(id, tid, parent, created, mode, remote_addr, text, author, voters)
VALUES (?, 1, ?, ?, 1, '127.0.0.0', ?, ?, zeroblob(256))"""


class NotInstalled(Exception):
    """The message says why."""


def install() -> Path:
    """The program, installed unless it is there.

    Raises:
        NotInstalled: it could not be.
    """
    program = HOME / "bin" / "isso"
    if not program.exists():
        _run([sys.executable, "-m", "venv", str(HOME)])
        pip = [str(HOME / "bin" / "python"), "-m", "pip", "install", "-q"]
        _run([*pip, "--disable-pip-version-check", f"isso=={VERSION}"])
    return program


@contextmanager
def serving(folder: Path, texts: list[str], *, replies: int) -> Iterator[Server]:
    """Isso with one thread, `replies` to each first comment."""
    program, database = install(), folder / "isso.db"
    folder.mkdir(exist_ok=True)
    with started(program, folder):
        pass  # makes its tables
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("INSERT INTO threads (id, uri, title) VALUES (1, ?, 'Thread')", (URI,))
        raw.executemany(_INSERT, _rows(texts, replies))
    with started(program, folder) as server:
        yield server


@contextmanager
def started(program: Path, folder: Path) -> Iterator[Server]:
    """Isso on a free port, with its database in `folder`."""
    port, config = free_port(), folder / "isso.cfg"
    config.write_text(_CONFIG.format(database=folder / "isso.db", port=port))
    with listening([str(program), "-c", str(config), "run"], port, said=folder / "isso.log") as one:
        yield one


def _rows(texts: list[str], replies: int) -> Iterator[tuple[int, int | None, float, str, str]]:
    for number, text in enumerate(texts):
        root = number - number % (replies + 1)
        parent = root + 1 if number != root else None
        yield number + 1, parent, 1_760_000_000.0 + number, text, f"Reader {number % 997}"


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 venv and pip
    if done.returncode:
        raise NotInstalled(f"{' '.join(command[-2:])}: {done.stderr.strip()[-200:]}")
