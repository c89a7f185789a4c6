"""What a program can no longer do behind the walls, tried in one that is put there."""

import subprocess
import sys
from pathlib import Path

import pytest

START = """
import os, sys, socket, subprocess
from pathlib import Path
from gentie.media.limits import Limits
from gentie.media.scrubbing.walls import wall_in
stood = wall_in(Path(sys.argv[1]), Limits(written=1000), cpu_seconds=1)
def tried(work):
    try:
        print("done", work())
    except (OSError, MemoryError) as fault:
        print(type(fault).__name__)
"""

MISCHIEF = {
    "open a connection": "socket.create_connection(('127.0.0.1', 9))",
    "open a socket between two": "socket.socketpair()",
    "run a program": "os.execv('/bin/true', ['true'])",
    "start a process": "os.fork()",
    "end another process": "os.kill(os.getppid(), 0)",
    "read a file of the machine": "open('/etc/hostname').read()",
    "look into a folder": "os.listdir('/tmp')",
    "write beside its folder": "open(sys.argv[1] + '/../beside', 'w')",
    "write more than it may": "(Path(sys.argv[1]) / 'long').write_bytes(bytes(2000))",
    "take more memory": "bytes(2 ** 31)",
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """All of it tried in one program."""
    work = "; ".join(f"tried(lambda: {one})" for one in MISCHIEF.values())
    said = walled(work, tmp_path_factory.mktemp("walled")).splitlines()
    return dict(zip(MISCHIEF, said, strict=True))


@pytest.mark.clause("2022-2.2")
@pytest.mark.parametrize("mischief", MISCHIEF)
def test_what_it_tries_fails(mischief: str, results: dict[str, str]) -> None:
    assert results[mischief] in {"PermissionError", "OSError", "MemoryError"}


def test_what_it_is_for_works(tmp_path: Path) -> None:
    said = walled("tried(lambda: (Path(sys.argv[1]) / 'a').write_bytes(b'ab'))", tmp_path)

    assert said == "done 2"


def test_time_runs_out(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as ended:
        walled("while True: pass", tmp_path)

    assert ended.value.returncode in {-24, -9}


def test_it_says_which_walls_stand(tmp_path: Path) -> None:
    """On Linux all four; `network` only where the container lets it have a network of its own."""
    stood = set(walled("print(*stood)", tmp_path).split())

    assert stood >= {"resources", "calls"}
    assert stood <= {"resources", "network", "files", "calls"}


def walled(work: str, folder: Path) -> str:
    out = folder / "out"
    out.mkdir()
    command = [sys.executable, "-I", "-c", START + work, str(out)]
    return subprocess.run(  # noqa: S603 a program of ours
        command, check=True, capture_output=True, text=True, timeout=30, env={}
    ).stdout.strip()
