"""How soon `gentie serve` takes requests, and what it then weighs. Bar: 2 s, 150 MB.

The first start makes databases and keys; the second is what a restart costs.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = (sys.executable, "-c", "from gentie.main import run; run()", "serve", "--port", "0")


def start(data: Path) -> tuple[float, float, float]:
    """Seconds until it is ready, CPU seconds of it, and MB resident."""
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 our own command
        [*COMMAND, "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert "ready" in process.stdout.readline()
    seconds = time.perf_counter() - began
    status = Path(f"/proc/{process.pid}/status").read_text()
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    resident = re.search(r"VmRSS:\s+(\d+)", status)
    assert resident is not None
    process.terminate()
    assert process.wait(30) == 0
    return seconds, cpu, int(resident[1]) / 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for what in ("first start", "restart", "restart", "restart"):
            seconds, cpu, megabytes = start(Path(folder, "news"))
            print(f"{what}: ready after {seconds:.2f} s, {cpu:.2f} s CPU, {megabytes:.0f} MB")


if __name__ == "__main__":
    main()
