"""The real command as its own process, for tests that need a server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = (sys.executable, "-c", "from gentie.main import run; run()")


def gentie(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(  # noqa: S603 our own command
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=clean_environment(),
    )


@contextmanager
def serving(
    data: Path, *more: str, command: str = "serve", before: str = ""
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its address, once it takes requests. `before`: what it carries out first.

    Its log goes to a file: a pipe that nobody reads is full one day, and then the process waits.
    """
    *python, run = COMMAND
    with log_of(data).open("a", encoding="utf-8") as log:
        process = subprocess.Popen(  # noqa: S603 our own command
            [*python, before + run, command, "--data", str(data), "--port", "0", *more],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=clean_environment(),
        )
    try:
        yield process, _address_from(process, log_of(data))
    finally:
        process.kill()
        process.communicate()


def log_of(data: Path) -> Path:
    """What the processes that served a folder have said."""
    return data.with_name(f"{data.name}.log")


def clean_environment() -> dict[str, str]:
    """Ours without the settings of whoever runs the tests.

    Bytecode may be written: without it every start compiles everything again, for seconds.
    """
    left_out = ("GENTIE_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}


def _address_from(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if " is ready on " in line:
            return line.split()[-1]
    raise AssertionError(log.read_text(encoding="utf-8"))
