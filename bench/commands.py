"""A command of an operator, run to its end: how long it took, and what it held meanwhile."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

from bench.processes import memory_of

_LOOK = 0.1
"""Seconds between looks at the memory."""


@dataclass(frozen=True)
class Run:
    seconds: float
    cpu: float
    """Seconds, of all processes."""
    megabytes: float
    """The most that was seen. The kernel's own peak would not do: a process begins with the peak
    of the one that starts it."""
    said: bytes


def gentie(*arguments: str, data: Path) -> Run:
    """Run a command to its end, and look at it now and then."""
    command = [str(Path(sys.executable).with_name("gentie")), *arguments, "--data", str(data)]
    began, before = perf_counter(), os.times()
    most = 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603 a command of ours
        while process.poll() is None:
            most = max(most, memory_of(process.pid))
            sleep(_LOOK)
        assert process.stdout is not None
        said = process.stdout.read()
    took, after = perf_counter() - began, os.times()
    assert process.returncode == 0, said
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return Run(took, cpu, most, said)
