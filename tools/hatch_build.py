"""Puts the built widget into wheel and sdist. Whoever installs those needs no Node."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from typing_extensions import override


class CustomBuildHook(BuildHookInterface[Any]):
    @override
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build unless this is a checkout in use, or an sdist, which holds the result already."""
        if version == "editable" or Path(self.root, "PKG-INFO").exists():
            return
        build = [sys.executable, "-m", "tools.widget", "build"]
        subprocess.run(build, cwd=self.root, check=True)  # noqa: S603 our own command
