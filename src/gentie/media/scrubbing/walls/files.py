"""Files the kernel no longer opens (Landlock): all but Python's own and the output folder.

The database, the vault and other people's uploads lie on the same disk. What is to be read is
handed over open, so even the upload itself needs no leave.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import gentie
from gentie.media.scrubbing.walls.kernel import call, take_no_more_rights

_CREATE, _ADD, _ENTER = 444, 445, 446
_READ_FILE, _READ_FOLDER = 4, 8
_READ: Final = _READ_FILE | _READ_FOLDER
_WRITE: Final = _READ | 2 | 32 | 256
"""Write into a file, remove it, make one."""
_TRUNCATE: Final = 1 << 14
_FIRST: Final = (1 << 13) - 1
"""Every right of Landlock's first version. Moving between folders came with 2, cutting with 3."""


def forbid_files(out: Path) -> None:
    """Raises OSError where the kernel has no Landlock, or it is turned off."""
    version = call(_CREATE, None, ctypes.c_size_t(0), 1)
    handled = _FIRST | (1 << 13 if version > 1 else 0) | (_TRUNCATE if version > 2 else 0)  # noqa: PLR2004 versions, see above
    rules = call(_CREATE, struct.pack("=Q", handled), ctypes.c_size_t(8), 0)
    try:
        for folder, rights in _allowed(out):
            _allow(rules, folder, rights & handled)
        take_no_more_rights()
        call(_ENTER, rules, 0)
    finally:
        os.close(rules)


def _allowed(out: Path) -> Iterator[tuple[Path, int]]:
    for folder in {sys.base_prefix, sys.prefix, str(Path(gentie.__file__).parent)}:
        yield Path(folder), _READ
    yield out, _WRITE | _TRUNCATE


def _allow(rules: int, folder: Path, rights: int) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        call(_ADD, rules, 1, struct.pack("=Qi", rights, opened), 0)
    finally:
        os.close(opened)
