"""What is shipped: the widget is inside, Node is not needed, and nothing of the workshop is."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = (
    "gentie/web/static/dist/widget.js",
    "gentie/web/templates/docs.html",
    "gentie/locale/zh_CN/problems.po",
    "gentie/migrations/versions/main/initial.py",
    "gentie/catalogue/data/regimes/neutral.toml",
)


def build(kind: str, source: Path, into: Path, path: str) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(into)]
    subprocess.run(command, cwd=source, check=True, env={**os.environ, "PATH": path})  # noqa: S603 our own command
    (made,) = into.iterdir()
    return made


@pytest.mark.slow
def test_a_wheel_of_an_sdist_holds_the_widget_and_needs_no_node(tmp_path: Path) -> None:
    sdist = build("sdist", ROOT, tmp_path / "sdist", os.environ["PATH"])
    with tarfile.open(sdist) as archive:
        # Debian 12 has a Python 3.11 that does not know the argument `filter` yet.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(tmp_path / "unpacked")  # noqa: S202 we have just built it, and the filter is set above
    (source,) = (tmp_path / "unpacked").iterdir()
    wheel = build("wheel", source, tmp_path / "wheel", "/nowhere")

    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert [name for name in NEEDED if name not in names] == []
    assert not [name for name in names if name.startswith(("tests/", "tools/", "widget/"))]
    assert not [name for name in names if "node_modules" in name]
