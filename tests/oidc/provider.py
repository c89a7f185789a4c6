"""A real provider (npm `oidc-provider`) as its own process, and a browser that goes there."""

import fcntl
import os
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
import msgspec
import pytest
from tools.widget import find_npm, node_folder

from gentie.accounts.adapters.oidc import Callback
from gentie.accounts.providers import Provider
from tests.accounts.oidc import FRAMEWORK, PROVIDER, REDIRECT

HERE = Path(__file__).parent
REDIRECTS = 12


@pytest.fixture(scope="session")
def installed() -> Path:
    """The provider's packages, installed once into a folder that git does not see."""
    place = HERE / "node_modules"
    environment = {**os.environ, "PATH": f"{node_folder()}:{os.environ['PATH']}"}
    with (HERE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "oidc-provider").exists():
            npm = [*find_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(npm, check=True, cwd=HERE, env=environment)  # noqa: S603 our own lock
    return place


@pytest.fixture(scope="module")
def issuer(installed: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(node_folder() / "node"), "provider.mjs", str(port), REDIRECT]
    with subprocess.Popen(  # noqa: S603 our own script
        command, cwd=HERE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        while (line := running.stdout.readline()) and line.strip() != "ready":
            pass
        assert line, "the provider ended before it was ready"
        yield f"http://127.0.0.1:{port}"
        running.terminate()


@pytest.fixture
async def http(issuer: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


def trusted(issuer: str, **changes: object) -> Provider:
    """The provider on our terms. What it tells of a person is made up."""
    framework = msgspec.structs.replace(FRAMEWORK, id="test_framework")
    return msgspec.structs.replace(PROVIDER, issuer=issuer, frameworks=(framework,), **changes)


async def browse(issuer: str, person: str, way_out: str) -> Callback:
    """A browser that follows every redirect until it is back at our address."""
    async with httpx.AsyncClient() as browser:
        await browser.get(f"{issuer}/be", params={"person": person})
        place = way_out
        for _ in range(REDIRECTS):
            answer = await browser.get(place)
            assert answer.status_code in {302, 303}, answer.text
            place = urljoin(place, answer.headers["location"])
            if place.startswith(REDIRECT):
                return Callback(**dict(parse_qsl(urlsplit(place).query)))
    raise AssertionError("never came back")
