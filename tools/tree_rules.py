"""Rules for every file of this repository, whatever it holds. Each is tested on a fault.

`python -m tools.tree_rules` asks git for the files and prints `file:line: what is wrong`.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import NamedTuple

LONGEST = 400
"""Lines. Who opens a file wants one subject; a longer one has two."""

_OPT_OUT = re.compile(r"#\s*noqa(?P<codes>: [A-Z]+\d+(?:, ?[A-Z]+\d+)*)?\s*(?P<why>.*)")
_UNTYPED = re.compile(r"#\s*type: ignore(?:\[[\w-]+(?:, ?[\w-]+)*\])?\s*(?:#\s*(?P<why>.*))?")
_UNCHECKED = re.compile(r"@ts-(?:ignore|expect-error|nocheck)\s*(?P<why>.*)")
_WORDS = re.compile(r"\w{2,}")
_ADDRESS = re.compile(r"\bhttps?://|\"(?:resolved|funding)\"|--(?:index|find-links)")
_CODE = {".py", ".ts"}
_LOCKS = {"package-lock.json", "run.txt", "dev.txt"}
_GENERATED = "src/gentie/migrations/versions/"


class Fault(NamedTuple):
    line: int
    says: str


def opting_out_has_a_reason(path: PurePath, lines: list[str]) -> Iterator[Fault]:
    """A check that is switched off says on its line why, in words: else nobody can end it."""
    patterns = {".py": (_OPT_OUT, _UNTYPED), ".ts": (_UNCHECKED,)}.get(path.suffix, ())
    for number, line in enumerate(lines, start=1):
        for pattern in patterns:
            found = pattern.search(line)
            if found and not _WORDS.search(found["why"] or ""):
                yield Fault(number, "a check is switched off without a reason in words")


def files_hold_one_subject(path: PurePath, lines: list[str]) -> Iterator[Fault]:
    """Nothing that people write is longer than `LONGEST`; what a program writes may be."""
    if path.suffix in _CODE and len(lines) > LONGEST and not str(path).startswith(_GENERATED):
        yield Fault(LONGEST + 1, f"{len(lines)} lines: split it by noun")


def locks_name_no_address(path: PurePath, lines: list[str]) -> Iterator[Fault]:
    """A lock says what is to be installed, by hash. Where it comes from is the machine's matter."""
    for number, line in enumerate(lines, start=1) if path.name in _LOCKS else ():
        if _ADDRESS.search(line):
            yield Fault(number, "a lock names an address; it carries hashes only")


RULES: tuple[Callable[[PurePath, list[str]], Iterator[Fault]], ...] = (
    opting_out_has_a_reason,
    files_hold_one_subject,
    locks_name_no_address,
)


def faults_of(path: PurePath, text: str) -> Iterator[Fault]:
    """What is wrong with one file. `path` is inside the repository."""
    for rule in RULES:
        yield from rule(path, text.splitlines())


def main() -> int:
    listed = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = subprocess.run(listed, check=True, capture_output=True, text=True).stdout  # noqa: S603 our own words
    said = []
    for name in filter(None, names.split("\0")):
        path = PurePath(name)
        if path.suffix in _CODE or path.name in _LOCKS:
            said += [f"{name}:{one.line}: {one.says}" for one in faults_of(path, _text_of(name))]
    print(*said, sep="\n", end="\n" if said else "")
    return bool(said)


def _text_of(name: str) -> str:
    try:
        with open(name, encoding="utf-8") as file:  # noqa: PTH123 a pure path cannot open
            return file.read()
    except FileNotFoundError:  # deleted, and not committed yet
        return ""


if __name__ == "__main__":
    sys.exit(main())
