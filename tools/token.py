"""A software token for the tests: `python -m tools.token` finds or installs one, or says how to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = "softhsm2"
_PLACES = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib")


def find_token() -> Path | None:
    """The library. None: there is none. Its tool `softhsm2-util` comes with it."""
    found = [
        file
        for place in _PLACES
        for pattern in ("softhsm/libsofthsm2.so", "*/softhsm/libsofthsm2.so", "libsofthsm2.so")
        for file in Path(place).glob(pattern)
    ]
    return found[0] if found and shutil.which("softhsm2-util") else None


def install() -> bool:
    """By apt, as root on Debian. Whether there is one now."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return False
    print("· installing SoftHSM (the tests of hardware tokens need it)")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("update", "-qq"), ("install", "-y", "-qq", PACKAGE)):
        subprocess.run([apt, *command], env=quiet, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 found above
    return find_token() is not None


def main() -> int:
    if find_token() or install():
        return 0
    print(f"No software token for the tests. On Debian: apt-get install {PACKAGE}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
