"""Small files that outlive a power cut: the signing key and the mark."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path


def write_durably(path: Path, text: str) -> None:
    """Replace the file so that a power cut leaves the old one or the new one, never half of it."""
    place = temporary(path, text)
    place.replace(path)
    sync_folder(path.parent)


def temporary(path: Path, text: str) -> Path:
    """A file beside `path`, mode 0600, on disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lay_aside(path: Path) -> None:
    """Rename the file to the first free `.retired-1`, `-2`, ...; nothing if there is none."""
    if path.exists():
        names = (path.with_name(f"{path.name}.retired-{number}") for number in count(1))
        path.rename(next(name for name in names if not name.exists()))
        sync_folder(path.parent)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process at a time between reading and replacing the file at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
