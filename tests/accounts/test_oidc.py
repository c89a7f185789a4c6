"""Nobody is verified by an answer that is forged, old, for somebody else, or about nothing."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from gentie.accounts import tickets
from gentie.accounts.adapters.oidc import Callback
from gentie.accounts.attestation import read_attestation, request_for
from gentie.accounts.model import NotVerified, ProviderUnavailable
from gentie.accounts.providers import faults_of
from gentie.demo.sandbox_idp import PEOPLE
from tests.accounts.build import NOON
from tests.accounts.oidc import FRAMEWORK, ISSUER, PROVIDER, TICKET, Wire

Json = dict[str, Any]
STAMP = int(NOON.timestamp())


@pytest.fixture
def wire() -> Wire:
    return Wire()


async def verified(wire: Wire, person: str = "lin") -> Json:
    """The whole way: out, consent, back. Returns the userinfo."""
    client = wire.client()
    callback = wire.consent_of(person, await client.way_out(TICKET))
    return await client.way_back(callback, TICKET, now=NOON)


def claims_of(wire: Wire, **changes: object) -> Json:
    claims = {
        "iss": ISSUER,
        "sub": wire.sandbox.subject_of(PEOPLE[0]),
        "aud": "gentie",
        "iat": STAMP,
        "exp": STAMP + 300,
        "nonce": tickets.nonce_of(TICKET),
    }
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


def signed(wire: Wire, **changes: object) -> str:
    key = wire.sandbox.signing_key
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims_of(wire, **changes), key)


def unsigned(wire: Wire) -> str:
    parts = (msgspec.json.encode(one) for one in ({"alg": "none"}, claims_of(wire)))
    return ".".join(base64.urlsafe_b64encode(one).decode().rstrip("=") for one in parts) + "."


def signed_with_the_public_key(wire: Wire) -> str:
    key = wire.sandbox.signing_key
    shared = OctKey.import_key(msgspec.json.encode(key.as_dict(private=False)))
    return jwt.encode({"alg": "HS256", "kid": key.kid}, claims_of(wire), shared)


def signed_by_another(wire: Wire) -> str:
    key = ECKey.generate_key("P-256")
    header = {"alg": "ES256", "kid": wire.sandbox.signing_key.kid}
    return jwt.encode(header, claims_of(wire), key)


@pytest.mark.clause("2017-5.1a", "2022-4.1a")
class TestTheWay:
    async def test_leads_to_what_was_asked_for(self, wire: Wire) -> None:
        userinfo = await verified(wire)

        attested, identifier, named = read_attestation(userinfo, PROVIDER, now=NOON)

        assert (attested.framework, attested.level, attested.method) == (
            "sandbox",
            "high",
            "id_number",
        )
        assert (identifier, named) == ("sandbox-lin", {})

    async def test_asks_for_no_name(self, wire: Wire) -> None:
        query = parse_qs(urlsplit(await wire.client().way_out(TICKET)).query)

        assert query["code_challenge_method"] == ["S256"]
        assert msgspec.json.decode(query["claims"][0])["userinfo"]["verified_claims"]["claims"] == {
            "sector_id": None
        }
        for secret in (TICKET, tickets.verifier_of(TICKET), "secret-of-the-test"):
            assert secret not in str(query)

    async def test_a_token_with_everything_right_is_taken(self, wire: Wire) -> None:
        """Else the refusals below would prove nothing."""
        wire.twist["token"] = lambda answer: {**answer, "id_token": signed(wire)}

        assert await verified(wire)

    @pytest.mark.parametrize(
        "forge",
        [unsigned, signed_with_the_public_key, signed_by_another, lambda _: "no token"],
        ids=["alg none", "HS256 with the public key", "another key", "rubbish"],
    )
    async def test_a_forged_token_is_refused(
        self, wire: Wire, forge: Callable[[Wire], str]
    ) -> None:
        wire.twist["token"] = lambda answer: {**answer, "id_token": forge(wire)}

        with pytest.raises(NotVerified) as refused:
            await verified(wire)

        assert refused.value.facts == {"reason": "id-token"}

    @pytest.mark.parametrize(
        "changes",
        [
            {"aud": "another"},
            {"aud": ["gentie", "another"]},
            {"aud": ["gentie", "another"], "azp": "another"},
            {"aud": ["another"], "azp": "gentie"},
            {"iss": "http://idp.test/other"},
            {"exp": STAMP - 61},
            {"iat": STAMP + 3600},
            {"nonce": tickets.nonce_of("another browser")},
            {"aud": None},
            {"iss": None},
            {"exp": None},
            {"nonce": None},
            {"sub": None},
        ],
        ids=str,
    )
    async def test_a_token_for_another_purpose_is_refused(self, wire: Wire, changes: Json) -> None:
        wire.twist["token"] = lambda answer: {**answer, "id_token": signed(wire, **changes)}

        with pytest.raises(NotVerified) as refused:
            await verified(wire)

        assert refused.value.facts == {"reason": "id-token"}

    async def test_userinfo_of_somebody_else_is_refused(self, wire: Wire) -> None:
        wire.twist["userinfo"] = lambda answer: {**answer, "sub": "somebody else"}

        with pytest.raises(NotVerified, match="not-verified") as refused:
            await verified(wire)

        assert refused.value.facts == {"reason": "subject"}

    async def test_a_code_works_once(self, wire: Wire) -> None:
        client = wire.client()
        callback = wire.consent_of("lin", await client.way_out(TICKET))
        await client.way_back(callback, TICKET, now=NOON)

        with pytest.raises(NotVerified):
            await client.way_back(callback, TICKET, now=NOON)

    async def test_a_code_caught_on_the_way_is_worth_nothing(self, wire: Wire) -> None:
        client = wire.client()
        callback = wire.consent_of("lin", await client.way_out(TICKET))
        theirs = msgspec.structs.replace(callback, state=tickets.state_of("theirs"))

        with pytest.raises(NotVerified) as refused:
            await client.way_back(theirs, "theirs", now=NOON)

        assert refused.value.facts == {"reason": "answer"}, "the provider has to say no: PKCE"

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"state": "made up"}, "state"),
            ({"iss": "http://idp.test/other"}, "issuer"),
            ({"iss": ""}, "issuer"),
            ({"code": ""}, "declined"),
            ({"error": "access_denied"}, "declined"),
        ],
    )
    async def test_a_crooked_callback_asks_the_provider_nothing(
        self, wire: Wire, changes: dict[str, str], reason: str
    ) -> None:
        client = wire.client()
        callback = wire.consent_of("lin", await client.way_out(TICKET))
        asked = len(wire.seen)

        with pytest.raises(NotVerified) as refused:
            await client.way_back(msgspec.structs.replace(callback, **changes), TICKET, now=NOON)

        assert refused.value.facts == {"reason": reason}
        assert len(wire.seen) == asked

    async def test_a_person_may_decline(self, wire: Wire) -> None:
        with pytest.raises(NotVerified) as refused:
            await verified(wire, person="nobody")

        assert refused.value.facts == {"reason": "declined"}

    async def test_a_provider_that_is_down_says_nothing_about_the_person(self, wire: Wire) -> None:
        wire.down = True

        with pytest.raises(ProviderUnavailable):
            await verified(wire)

    @pytest.mark.parametrize("name", ["token", "jwks", "userinfo", "openid-configuration"])
    async def test_a_provider_in_trouble_is_not_believed(self, wire: Wire, name: str) -> None:
        wire.twist[name] = lambda _: httpx.Response(503)

        with pytest.raises(ProviderUnavailable):
            await verified(wire)

    @pytest.mark.parametrize("name", ["token", "jwks", "userinfo"])
    @pytest.mark.parametrize("content", [b"<html>", b"[]", b"{}", b"x" * 300_000])
    async def test_rubbish_is_no_answer(self, wire: Wire, name: str, content: bytes) -> None:
        wire.twist[name] = lambda _: httpx.Response(200, content=content)

        with pytest.raises(NotVerified):
            await verified(wire)

    async def test_a_discovery_document_of_another_is_not_followed(self, wire: Wire) -> None:
        wire.twist["openid-configuration"] = lambda found: {**found, "issuer": "http://evil.test"}

        with pytest.raises(ProviderUnavailable):
            await verified(wire)

    async def test_coming_back_without_a_way_out(self, wire: Wire) -> None:
        with pytest.raises(NotVerified):
            await wire.client().way_back(Callback(), TICKET, now=NOON)


def an_entry(**changes: Any) -> Json:
    verification = {
        "trust_framework": "sandbox",
        "assurance_level": "substantial",
        "time": "2026-02-01T10:00:00+08:00",
    }
    claims = {"sector_id": "s-1"}
    return {
        "verification": {**verification, **changes.get("verification", {})},
        "claims": changes.get("claims", claims),
    }


def read(*entries: Json) -> str:
    """The identifier attested, as a list or alone."""
    found = list(entries) if len(entries) > 1 else entries[0]
    return read_attestation({"sub": "s", "verified_claims": found}, PROVIDER, now=NOON).identifier


@pytest.mark.clause("2017-5.1a", "2022-4.1a")
class TestReadAttestation:
    def test_takes_what_meets_the_terms(self) -> None:
        assert read(an_entry()) == "s-1"

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"verification": {"trust_framework": "unlisted"}}, "framework"),
            ({"verification": {"trust_framework": ["sandbox"]}}, "framework"),
            ({"verification": {"trust_framework": "Sandbox"}}, "framework"),
            ({"verification": {"assurance_level": "low"}}, "level"),
            ({"verification": {"assurance_level": "highest"}}, "level"),
            ({"verification": {"assurance_level": None}}, "level"),
            ({"verification": {"time": None}}, "time"),
            ({"verification": {"time": "yesterday"}}, "time"),
            ({"verification": {"time": "2026-03-01T12:05:00Z"}}, "time"),
            ({"verification": {"time": "2024-03-01T11:59:59Z"}}, "time"),
            ({"verification": {"time": "0001-01-01T00:00:00+14:00"}}, "time"),
            ({"claims": {}}, "identifier"),
            ({"claims": {"sector_id": " "}}, "identifier"),
            ({"claims": {"sector_id": 7}}, "identifier"),
            ({"claims": {"sector_id": "x" * 513}}, "identifier"),
            ({"claims": ["sector_id"]}, "identifier"),
        ],
        ids=str,
    )
    def test_refuses_what_does_not(self, changes: Json, reason: str) -> None:
        with pytest.raises(NotVerified) as refused:
            read(an_entry(**changes))

        assert refused.value.facts == {"reason": reason}

    @pytest.mark.parametrize("claims", [None, "yes", [], [None], {}, 7])
    def test_absence_is_no_verification(self, claims: object) -> None:
        with pytest.raises(NotVerified):
            read_attestation({"sub": "s", "verified_claims": claims}, PROVIDER, now=NOON)

    def test_what_a_person_says_of_themselves_counts_for_nothing(self) -> None:
        said = {"sub": "s", "sector_id": "s-1", "name": "N", "trust_framework": "sandbox"}

        with pytest.raises(NotVerified):
            read_attestation(said, PROVIDER, now=NOON)

    @pytest.mark.clause("2017-5.2b")
    def test_what_names_somebody_is_asked_for_and_read_only_where_it_is_kept(self) -> None:
        provider = msgspec.structs.replace(PROVIDER, keeps={"name": "given_name"})
        said = {"verified_claims": an_entry(claims={"sector_id": "s-1", "given_name": "N"})}
        asked = [str(request_for(provider, vaulted=kept)) for kept in (True, False)]
        read = [read_attestation(said, provider, now=NOON, vaulted=one) for one in (True, False)]

        assert ["given_name" in one for one in asked] == [True, False]
        assert [one.named for one in read] == [{"name": "N"}, {}]
        with pytest.raises(NotVerified) as refused:
            read_attestation({"verified_claims": an_entry()}, provider, now=NOON, vaulted=True)
        assert refused.value.facts == {"reason": "claims"}

    def test_two_halves_make_no_whole(self) -> None:
        weak = an_entry(verification={"assurance_level": "low"})
        empty = an_entry(claims={"given_name": "N"})

        with pytest.raises(NotVerified):
            read(weak, empty)

    def test_one_good_entry_is_enough(self) -> None:
        weak = an_entry(verification={"assurance_level": "low"}, claims={"sector_id": "weak"})

        assert read(weak, an_entry()) == "s-1"

    def test_ends_when_the_framework_says(self) -> None:
        attested = read_attestation({"verified_claims": an_entry()}, PROVIDER, now=NOON).attested

        assert attested.valid_until - attested.verified_at == timedelta(days=730)


class TestFaultsOf:
    def test_the_provider_of_the_tests_is_sound(self) -> None:
        assert faults_of(PROVIDER) == []

    @pytest.mark.parametrize(
        ("changes", "fault"),
        [
            ({"frameworks": ()}, "no trust framework"),
            (
                {"frameworks": (msgspec.structs.replace(FRAMEWORK, minimum="top"),)},
                "no level",
            ),
            ({"sandbox": False}, "https"),
        ],
    )
    def test_names_the_fault(self, changes: Json, fault: str) -> None:
        found = faults_of(msgspec.structs.replace(PROVIDER, **changes))

        assert any(fault in one for one in found)
