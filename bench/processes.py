"""Other processes: started on free ports, what they cost, ended by their number."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.serving import COMMAND, clean_environment

GIVING_WAY = ("nice", "-n", "19")
"""Before a command that stands for other machines: it takes what the service leaves."""
READY = " is ready on "
_TICK = os.sysconf("SC_CLK_TCK")
_PATIENCE = 60
"""Seconds until a process that says nothing counts as failed."""


@dataclass(frozen=True, kw_only=True)
class Server:
    pid: int
    address: str
    """http://127.0.0.1:port"""
    took: float
    """Seconds from the start of the process until it took requests."""

    def cpu(self) -> float:
        """Seconds of CPU of the process and everything it started, user and system."""
        return sum(_cpu_of(pid) for pid in tree_of(self.pid))

    def cpu_of_loop(self) -> float:
        """Seconds of CPU of its first thread, where the event loop runs."""
        fields = (
            Path(f"/proc/{self.pid}/task/{self.pid}/stat").read_text().rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / _TICK

    def memory(self) -> float:
        """Resident megabytes of the process and everything it started."""
        return memory_of(self.pid)


class FailedToStart(Exception):
    """The message is the end of what the process said."""


@contextmanager
def gentie_serve(data: Path, *more: str) -> Iterator[Server]:
    """`gentie serve` as anybody would run it."""
    command = [*COMMAND, "serve", "--data", str(data), "--port", "0", *more]
    with telling(command, said=data.with_name(f"{data.name}.log")) as server:
        yield server


@contextmanager
def telling(command: Sequence[str], *, said: Path) -> Iterator[Server]:
    """A server that prints "... is ready on ADDRESS". What it says goes into the file `said`."""
    started = time.perf_counter()
    with running(command, said=said) as process:
        address = _wait_for_address(process, said)
        took = time.perf_counter() - started
        yield Server(pid=process.pid, address=address, took=took)


@contextmanager
def listening(command: Sequence[str], port: int, *, said: Path) -> Iterator[Server]:
    """A server that was told its port and says nothing when it is ready."""
    started = time.perf_counter()
    with running(command, said=said) as process:
        _wait_for_port(process, port, said)
        took = time.perf_counter() - started
        yield Server(pid=process.pid, address=f"http://127.0.0.1:{port}", took=took)


@contextmanager
def running(command: Sequence[str], *, said: Path) -> Iterator[subprocess.Popen[bytes]]:
    with said.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 our own command, or the yardstick we installed
            command, stdout=log, stderr=subprocess.STDOUT, env=clean_environment()
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def apart(server: Server) -> Iterator[None]:
    """Give it a processor of its own, as a machine of its own has.

    This process and what it starts have the others. With one processor nothing changes.
    """
    all_of_them = os.sched_getaffinity(0)
    rest = all_of_them - {min(all_of_them)} or all_of_them
    for pid in tree_of(os.getpid()):
        _bind(pid, rest)
    _bind(server.pid, {min(all_of_them)})
    try:
        yield
    finally:
        for pid in tree_of(os.getpid()):
            _bind(pid, all_of_them)


@contextmanager
def beside(server: Server) -> Iterator[None]:
    """Ask from the server's own processor: nobody else's work is in the way of the answer."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, os.sched_getaffinity(server.pid))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _bind(pid: int, processors: Collection[int]) -> None:
    """All its threads."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(ProcessLookupError):
            os.sched_setaffinity(int(task.name), processors)


def stolen() -> int:
    """Of the processors that this process may use, what went to other tenants, in 10 ms.

    A virtual machine is told of it. Elsewhere it stays 0.
    """
    ours = {f"cpu{number}" for number in os.sched_getaffinity(0)}
    rows = (line.split() for line in Path("/proc/stat").read_text().splitlines())
    return sum(int(fields[8]) for fields in rows if fields[0] in ours)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def tree_of(root: int) -> list[int]:
    """The process and all below it, as they are now."""
    children: dict[int, list[int]] = {}
    for pid in (int(name.name) for name in Path("/proc").iterdir() if name.name.isdigit()):
        fields = _stat_of(pid)
        if fields:
            children.setdefault(int(fields[1]), []).append(pid)
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def memory_of(root: int) -> float:
    """Resident megabytes of a process and everything it started; what they share counts twice."""
    return sum(_resident(pid) for pid in tree_of(root))


def this_python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _stat_of(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the third on; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _cpu_of(pid: int) -> float:
    """With what children cost that have already ended."""
    fields = _stat_of(pid)
    return sum(int(one) for one in fields[11:15]) / _TICK


def _resident(pid: int) -> float:
    fields = _stat_of(pid)
    return int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if fields else 0.0


def _wait_for_address(process: subprocess.Popen[bytes], said: Path) -> str:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        for line in said.read_text(errors="replace").splitlines():
            if READY in line:
                return line.split()[-1]
        time.sleep(0.005)
    raise FailedToStart(said.read_text(errors="replace")[-500:])


def _wait_for_port(process: subprocess.Popen[bytes], port: int, said: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.01)
    raise FailedToStart(said.read_text(errors="replace")[-500:])
