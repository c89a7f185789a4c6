"""How soon `gentie serve` takes requests, and how much memory it holds then.

    python -m bench.start [--quick]

From the start of the process until it says that it is ready: imports, keys and databases included.
Memory is what is resident of the whole process tree.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import httpx

from bench.figures import QUICK, Figure, median, report
from bench.processes import gentie_serve

STARTS, IDLE = (2, 2) if QUICK else (7, 10)


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as made:
        new = [_start(Path(made) / f"news-{number}") for number in range(STARTS)]
        again = [_start(Path(made) / f"news-{number}") for number in range(STARTS)]
        idle = _idle(Path(made) / "news-0")
    yield _ready("ready, a new instance (databases and keys made)", new)
    yield _ready("ready, an instance that is there", again)
    yield Figure(what="  of it CPU", value=median(one.cpu for one in again), unit="s CPU")
    memory = median(one.megabytes for one in again)
    yield Figure(what="memory when ready", value=memory, unit="MB", most=150.0)
    yield Figure(what="idle, in a second", value=idle, unit="ms CPU")


@dataclass(frozen=True)
class Start:
    took: float
    """Seconds."""
    cpu: float
    """Seconds."""
    megabytes: float


def _ready(what: str, starts: list[Start]) -> Figure:
    seconds = [one.took for one in starts]
    note = f"slowest {max(seconds):.2f} s"
    return Figure(what=what, value=median(seconds), unit="s", most=2.0, note=note)


def _start(data: Path) -> Start:
    """Measured after one request that the router answers."""
    with gentie_serve(data) as server:
        httpx.get(f"{server.address}/readyz").raise_for_status()
        return Start(server.took, server.cpu(), server.memory())


def _idle(data: Path) -> float:
    """Milliseconds of CPU a second when nobody asks for anything."""
    with gentie_serve(data) as server:
        sleep(1)  # what a start leaves to do is done
        before = server.cpu()
        sleep(IDLE)
        return (server.cpu() - before) / IDLE * 1000


if __name__ == "__main__":
    report("start", measure)
