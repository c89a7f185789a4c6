"""Tesseract and a Chinese font for the tests: `python -m tools.letters` finds or installs them."""

import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = ("tesseract-ocr", "tesseract-ocr-chi-sim", "fonts-noto-cjk")
_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/opt/homebrew/share/fonts/NotoSansCJK-Regular.ttc",
)
_SHARES = ("/usr/share", "/usr/local/share", "/opt/homebrew/share")


def find_font() -> Path | None:
    """One that has Chinese. None: there is none."""
    return next((path for path in map(Path, _FONTS) if path.is_file()), None)


def is_complete() -> bool:
    return bool(find_font() and ctypes.util.find_library("tesseract") and _has_model())


def _has_model() -> bool:
    pattern = "tess*/**/chi_sim.traineddata"
    return any(found for place in _SHARES for found in Path(place).glob(pattern))


def install() -> bool:
    """By apt, as root on Debian. Whether all is there now."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return False
    print("· installing Tesseract (the tests of words in pictures need it)")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("update", "-qq"), ("install", "-y", "-qq", *PACKAGES)):
        subprocess.run([apt, *command], env=quiet, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 found above
    return is_complete()


def main() -> int:
    if is_complete() or install():
        return 0
    how = f"apt-get install {' '.join(PACKAGES)}"
    print(f"No Tesseract for the tests. On Debian: {how}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
