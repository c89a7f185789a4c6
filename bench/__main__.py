"""The parts one after the other, each in a process of its own: `make bench`.

python -m bench [PART ...] [--quick]
"""

import json
import subprocess
import sys
from time import perf_counter

from bench.figures import LAST, QUICK

PARTS = {
    "pages": "A thread page in memory, beside nginx, the bare server and Isso",
    "growth": "A page that is not in memory, from 10 k to 1 M comments",
    "posting": "A post, by part",
    "screening": "Screening 50 characters with 100,000 terms",
    "ledger": "The public log",
    "exports": "Moving a site out, and back",
    "take_down": "A removal",
    "danmaku": "Lines to thousands who follow a video",
    "media": "A picture looked at, from its upload to its sizes",
    "widget": "The widget in a browser, beside Isso's",
    "imports": "Moving in from another service",
    "start": "Starting",
    "answers": "Whether the time of an answer says who is known",
}
LONGEST = 600
"""Seconds for one part."""


def main() -> int:
    started, failed = perf_counter(), []
    wanted = [one for one in sys.argv[1:] if not one.startswith("-")] or list(PARTS)
    if unknown := sorted(set(wanted) - set(PARTS)):
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
        return 2
    LAST.unlink(missing_ok=True)
    for part in wanted:
        print(f"\n{PARTS[part]}  (bench.{part})", flush=True)
        if not _run(part):
            failed.append(part)
    print(f"\n{perf_counter() - started:.0f} s in all; figures are in bench/last.json")
    for line in _missed():
        print(f"missed: {line}")
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def _run(part: str) -> bool:
    command = [sys.executable, "-m", f"bench.{part}", *(["--quick"] if QUICK else [])]
    try:
        return subprocess.run(command, check=False, timeout=LONGEST).returncode == 0  # noqa: S603 a part of ours
    except subprocess.TimeoutExpired:
        print(f"ended after {LONGEST} s")
        return False


def _missed() -> list[str]:
    kept = json.loads(LAST.read_text()) if LAST.exists() else {}
    return [
        f"{row['what'].strip()} ({row['of_bar']:.2f} of the bar)"
        for rows in kept.values()
        for row in rows
        if row["missed"]
    ]


if __name__ == "__main__":
    sys.exit(main())
