"""A document is looked at elsewhere; the answer comes later, signed, and counts once."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gentie.accounts import queries
from gentie.accounts.adapters.documents import DocumentClient
from gentie.accounts.documents.model import DocumentService
from gentie.accounts.minors.model import AgeBand
from gentie.accounts.minors.queries import find_band
from gentie.accounts.model import Purpose, Verification
from gentie.accounts.roles import actor_of_account
from gentie.actions.identity.withdraw_consent import withdraw_consent
from gentie.catalogue.regimes import Text
from gentie.kernel.ids import AccountId
from gentie.storage.schema import metadata
from gentie.vault.tables import vault_metadata
from tests.web.account.build import BASE, Client, Place, csrf_of, sign_up_by_form
from tests.whole import rows_of

NUMBER = "110101199003071234"
BACK = "/t/daily/article"
KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
HERE = "/api/v1/account/verify/answers/papers"


class Papers:
    """The service on the wire of a test. `twist` changes what it answers at the beginning."""

    def __init__(self) -> None:
        self.begun: list[dict[str, str]] = []
        self.twist: Callable[[dict[str, Any]], Any] = lambda said: said

    def client(self) -> DocumentClient:
        service = DocumentService(
            id="papers",
            title=Text(zh="证件核验", en="Papers Ltd"),
            url="https://papers.test/checks",
            token="token-of-papers",
            answer_key=KEY.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            ),
            max_age_days=365,
        )
        return DocumentClient(service, httpx.AsyncClient(transport=httpx.MockTransport(self.take)))

    def take(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer token-of-papers"
        self.begun.append(json.loads(request.content))
        said = {
            "reference": self.begun[-1]["reference"],
            "location": "https://papers.test/show/1",
        }
        twisted = self.twist(said)
        if isinstance(twisted, Exception):
            raise twisted
        return httpx.Response(200, json=twisted)


@pytest.fixture
def papers(place: Place) -> Papers:
    papers = Papers()
    place.people = replace(place.people, documents={"papers": papers.client()})
    return papers


def signed(
    place: Place, reference: str, key: Ed25519PrivateKey = KEY, alg: str = "EdDSA", **changes: Any
) -> dict[str, str]:
    said = {
        "iss": "papers",
        "aud": BASE,
        "reference": reference,
        "iat": int(place.now.timestamp()),
        "outcome": "verified",
        "identifier": NUMBER,
        "age": "1990-03-07",
    } | changes
    text = ".".join(_base64(json.dumps(part).encode()) for part in ({"alg": alg, "kid": "1"}, said))
    return {"answer": f"{text}.{_base64(key.sign(text.encode()))}"}


async def set_out(client: Client, *, status: int = 200) -> str:
    form = {"consent": "yes", "next": BACK, "csrf": await csrf_of(client)}
    page = await client.post("/account/verify/document/papers", data=form)
    assert page.status_code == status, page.text
    return str(page.headers.get("refresh", ""))


async def tell(client: Client, answer: dict[str, str]) -> httpx.Response:
    """As the service does it: it has no cookies of the person."""
    kept = list(client.cookies.jar)
    client.cookies.clear()
    said = await client.post(HERE, json=answer)
    for one in kept:
        client.cookies.jar.set_cookie(one)
    return said


async def verification_of(client: Client, place: Place) -> Verification | None:
    return (
        await place.db.read(partial(queries.get_poster, account=await account_of(client)))
    ).verification


async def account_of(client: Client) -> AccountId:
    return AccountId((await client.get("/api/v1/account/session")).json()["id"])


@pytest.mark.clause("2017-5.1a", "2017-5.2b", "2022-4.1a", "2022f-4.1")
async def test_a_signed_answer_verifies_and_no_document_comes_here(
    place: Place, papers: Papers
) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        told = await client.get(
            f"/account/verify/document/papers?next={BACK}", headers={"accept-language": "zh-CN"}
        )
        assert await set_out(client) == "0; url=https://papers.test/show/1"
        begun = papers.begun[-1]
        place.now += timedelta(days=2)
        answer = signed(place, begun["reference"])
        first = await tell(client, answer)
        again = await tell(client, answer)
        verification = await verification_of(client, place)
        account = await account_of(client)

    assert "证件和姓名都不会到我们这里" in told.text
    assert begun["answer_to"] == BASE + HERE
    assert begun["return_to"] == BASE + BACK
    assert (first.status_code, again.status_code) == (204, 400)
    assert verification is not None
    assert (verification.method, verification.framework) == ("id_number", "document")
    assert await place.db.read(partial(find_band, account=account)) is AgeBand.ADULT
    kept = str(await place.db.read(partial(rows_of, tables=metadata.sorted_tables)))
    kept += str(await place.vault.read(partial(rows_of, tables=vault_metadata.sorted_tables)))
    for secret in (NUMBER, "1990-03-07", begun["reference"]):
        assert secret not in kept


@pytest.mark.parametrize(
    "changes",
    [
        {"key": OTHER},
        {"alg": "none"},
        {"alg": "HS256"},
        {"iss": "somebody"},
        {"aud": "https://elsewhere.example"},
        {"reference": "unknown"},
        {"iat": 0},
        {"iat": 10**20},
        {"name": "Lin Wanqiu"},
        {"age": "old"},
        {"identifier": "9" * 600},
    ],
)
async def test_what_is_no_answer_verifies_nobody(
    place: Place, papers: Papers, changes: dict[str, Any]
) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        await set_out(client)
        reference = changes.pop("reference", papers.begun[-1]["reference"])
        answer = await tell(client, signed(place, reference, **changes))

        assert answer.status_code == 400
        assert await verification_of(client, place) is None


@pytest.mark.parametrize("outcome", [{"outcome": "not-verified"}, {"identifier": " "}])
async def test_a_no_is_kept_as_nothing(
    place: Place, papers: Papers, outcome: dict[str, Any]
) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        await set_out(client)
        reference = papers.begun[-1]["reference"]
        no = await tell(client, signed(place, reference, **outcome))
        yes = await tell(client, signed(place, reference))

        assert (no.status_code, yes.status_code) == (204, 400)
        assert await verification_of(client, place) is None


async def test_an_answer_comes_too_late_or_after_the_consent_was_taken_back(
    place: Place, papers: Papers
) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        await set_out(client)
        place.now += timedelta(days=3)
        late = await tell(client, signed(place, papers.begun[-1]["reference"]))
        await set_out(client)
        acting = actor_of_account(await account_of(client))
        taking_back = partial(withdraw_consent, purpose=Purpose.IDENTITY_CHECK, acting=acting)
        await place.db.act(partial(taking_back, now=place.now))
        after = await tell(client, signed(place, papers.begun[-1]["reference"]))

        assert (late.status_code, after.status_code) == (400, 403)
        assert await verification_of(client, place) is None


@pytest.mark.parametrize(
    "twist",
    [
        lambda _: httpx.ConnectError("nobody there"),
        lambda _: httpx.ReadTimeout("slow"),
        lambda _: {"error": "no"},
        lambda said: said | {"reference": "another"},
        lambda said: said | {"location": "https://evil.test/show"},
        lambda said: said | {"location": "javascript:alert(1)"},
        lambda said: said | {"more": "x" * 20_000},
    ],
)
async def test_a_service_that_fails_is_told(
    place: Place, papers: Papers, twist: Callable[[dict[str, Any]], Any]
) -> None:
    papers.twist = twist
    async with place.client() as client:
        await sign_up_by_form(client)

        assert await set_out(client, status=503) == ""


async def test_an_unknown_service_is_told(place: Place, papers: Papers) -> None:
    async with place.client() as client:
        answer = await client.post(HERE.replace("papers", "x"), json={"answer": "a.b.c"})
        rubbish = await tell(client, {"answer": "ä.b"})

    assert (answer.status_code, rubbish.status_code) == (404, 400)
    assert not papers.begun


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
