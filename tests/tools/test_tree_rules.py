"""Each rule of the tree is broken once, and must say so."""

from pathlib import PurePath

import pytest
from tools.tree_rules import LONGEST, faults_of

SWITCHED_OFF = "a check is switched off without a reason in words"
ADDRESS = "a lock names an address; it carries hashes only"


def said(path: str, text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.says) for fault in faults_of(PurePath(path), text)]


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ("a.py", "# no" + "qa"),
        ("a.py", "# no" + "qa: S105"),
        ("a.py", "# no" + "qa: S105, PLR2004"),
        ("a.py", "# type: " + "ignore"),
        ("a.py", "# type: " + "ignore[misc]"),
        ("a.py", "# type: " + "ignore[misc]  #"),
        ("a.ts", "// @ts-" + "expect-error"),
    ],
)
def test_a_check_is_not_switched_off_without_a_reason(path: str, mark: str) -> None:
    assert said(path, f"one\ntwo  {mark}\n") == [(2, SWITCHED_OFF)]
    reason = " # no types there" if "type:" in mark else " no password"
    assert said(path, f"one\ntwo  {mark.removesuffix('#').rstrip()}{reason}\n") == []


def test_a_file_is_not_longer_than_one_subject() -> None:
    lines = "x\n" * (LONGEST + 1)

    assert said("a/b.py", lines) == [(401, "401 lines: split it by noun")]
    assert said("a/b.ts", lines) == [(401, "401 lines: split it by noun")]
    assert said("a/b.py", "x\n" * LONGEST) == []
    assert said("a/b.json", lines) == []
    assert said("src/gentie/migrations/versions/main/initial.py", lines) == []


@pytest.mark.parametrize(
    "line",
    [
        '"resolved": "file:a"',
        '"url": "https://example.org/give"',
        '"funding": {',
        "--index https://example.org",
        "--find-links /somewhere",
    ],
)
def test_a_lock_names_no_address(line: str) -> None:
    assert said("widget/package-lock.json", f"{{\n{line}\n") == [(2, ADDRESS)]
    assert said("requirements/run.txt", f"\n{line}\n") == [(2, ADDRESS)]
    assert said("README.md", line) == []
