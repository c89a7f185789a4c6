"""Our client against a provider that we did not write: npm `oidc-provider`, over real HTTP."""

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

from gentie.accounts.adapters.oidc import Callback, OidcClient
from gentie.accounts.attestation import read_attestation
from gentie.accounts.model import NotVerified
from gentie.kernel.clock import utc_now
from tests.accounts.oidc import FRAMEWORK, PROVIDER, REDIRECT, TICKET

HERE = Path(__file__).parent
REDIRECTS = 12

pytestmark = pytest.mark.slow


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


def client_of(http: httpx.AsyncClient, issuer: str) -> OidcClient:
    framework = msgspec.structs.replace(FRAMEWORK, id="test_framework")
    provider = msgspec.structs.replace(PROVIDER, issuer=issuer, frameworks=(framework,))
    return OidcClient(provider, http, redirect_uri=REDIRECT)


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


async def attested(http: httpx.AsyncClient, issuer: str, person: str) -> tuple[str, str]:
    client, now = client_of(http, issuer), utc_now()
    callback = await browse(issuer, person, await client.way_out(TICKET))
    userinfo = await client.way_back(callback, TICKET, now=now)
    assert "given_name" not in str(userinfo), "nothing was asked for that names anybody"
    result, identifier = read_attestation(userinfo, client.provider, now=now)
    return result.level, identifier


@pytest.mark.clause("2017-5.1a", "2022-4.1a")
async def test_verifies(http: httpx.AsyncClient, issuer: str) -> None:
    assert await attested(http, issuer, "alice") == ("high", "sector-alice")


@pytest.mark.parametrize(
    ("person", "reason"),
    [("weak", "level"), ("stale", "time"), ("unlisted", "no-verified-claims")],
)
async def test_turns_away(http: httpx.AsyncClient, issuer: str, person: str, reason: str) -> None:
    with pytest.raises(NotVerified) as refused:
        await attested(http, issuer, person)

    assert refused.value.facts == {"reason": reason}


async def test_a_code_is_bound_to_us_and_used_once(http: httpx.AsyncClient, issuer: str) -> None:
    client = client_of(http, issuer)
    now = utc_now()
    callback = await browse(issuer, "alice", await client.way_out(TICKET))
    stolen = await browse(issuer, "alice", await client.way_out("theirs"))
    mixed = msgspec.structs.replace(callback, code=stolen.code)

    with pytest.raises(NotVerified):
        await client.way_back(mixed, TICKET, now=now)  # PKCE: their challenge, our verifier
    await client.way_back(callback, TICKET, now=now)
    with pytest.raises(NotVerified):
        await client.way_back(callback, TICKET, now=now)
