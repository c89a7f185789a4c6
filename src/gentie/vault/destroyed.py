"""Which persons were destroyed, in a file outside the data folder: a backup does not undo it.

Persons stand in it by their opaque key, which leads nowhere once they are gone.
"""

import os
from pathlib import Path


class Destroyed:
    """The list. Appended before anything is destroyed, applied again at every start."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, person: str) -> None:
        """Durable when this returns."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{person}\n")
            file.flush()
            os.fsync(file.fileno())

    def all(self) -> list[str]:
        """Each once, in the order in which they went."""
        if not self._path.exists():
            return []
        lines = self._path.read_text(encoding="utf-8").splitlines()
        return [*dict.fromkeys(line for line in lines if line)]
