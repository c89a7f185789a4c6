"""A Chromium for the tests: `python -m tools.browser` finds or installs one, or says how to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk", "fonts-noto-color-emoji")


def find_chromium() -> str | None:
    """The program, or None. GENTIE_TEST_CHROMIUM names another one."""
    named = os.environ.get("GENTIE_TEST_CHROMIUM")
    installed = (found for name in NAMES if (found := shutil.which(name)))
    return named or next(installed, None) or _from_playwright()


def _from_playwright() -> str | None:
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    found = sorted(home.glob("chromium*/chrome-linux*/*chrome")) + sorted(
        home.glob("chromium*/chrome-linux*/headless_shell")
    )
    return str(found[-1]) if found else None


def install() -> bool:
    """By apt as root on Debian, else by Playwright into the home. Whether there is one now."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        print("· installing Chromium and fonts (the browser tests need them)")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (("update", "-qq"), ("install", "-y", "-qq", *PACKAGES)):
            subprocess.run([apt, *command], env=quiet, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 found above
    else:
        print("· fetching Chromium (the browser tests need it)")
        fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(fetch, check=False)  # noqa: S603 our own command
    return find_chromium() is not None


def main() -> int:
    if find_chromium() or install():
        return 0
    print(
        f"No browser for the tests. On Debian: apt-get install {' '.join(PACKAGES)}",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
