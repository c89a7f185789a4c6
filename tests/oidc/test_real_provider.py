"""Our client against a provider that we did not write: npm `oidc-provider`, over real HTTP."""

import httpx
import msgspec
import pytest

from gentie.accounts.adapters.oidc import OidcClient
from gentie.accounts.attestation import read_attestation
from gentie.accounts.model import NotVerified
from gentie.kernel.clock import utc_now
from tests.accounts.oidc import REDIRECT, TICKET
from tests.oidc.provider import browse, trusted
from tests.oidc.provider import http as http  # noqa: PLC0414 a fixture
from tests.oidc.provider import installed as installed  # noqa: PLC0414 a fixture
from tests.oidc.provider import issuer as issuer  # noqa: PLC0414 a fixture

pytestmark = pytest.mark.slow


def client_of(http: httpx.AsyncClient, issuer: str) -> OidcClient:
    return OidcClient(trusted(issuer), http, redirect_uri=REDIRECT)


async def attested(http: httpx.AsyncClient, issuer: str, person: str) -> tuple[str, str]:
    client, now = client_of(http, issuer), utc_now()
    callback = await browse(issuer, person, await client.way_out(TICKET))
    userinfo = await client.way_back(callback, TICKET, now=now)
    assert "given_name" not in str(userinfo), "nothing was asked for that names anybody"
    found = read_attestation(userinfo, client.provider, now=now)
    return found.attested.level, found.identifier


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
