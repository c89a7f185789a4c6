"""The old site's word: what counts, and everything that does not."""

import base64
import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from gentie.comments.archive.names.statements import (
    LEEWAY,
    Statement,
    key_id_of,
    read_public_key,
    read_statement,
)
from gentie.comments.model import BadClaimKey, BadStatement
from gentie.kernel.ids import SiteId
from tests.comments.old_site import BASE, OldSite, forged
from tests.newsroom import NOON

SITE = SiteId("harbour")


@pytest.fixture(params=["OKP", "EC"])
def old(request: pytest.FixtureRequest) -> OldSite:
    return OldSite(SITE, "wxr:https://old.example", NOON, kind=request.param)


def read(old: OldSite, token: str, *, after: timedelta = timedelta(0)) -> Statement:
    assert key_id_of(token) == old.kid
    return read_statement(token, old.known, public_url=BASE + "/", now=NOON + after)


def refused(old: OldSite, token: str, *, after: timedelta = timedelta(0)) -> str:
    with pytest.raises(BadStatement) as no:
        read_statement(token, old.known, public_url=BASE, now=NOON + after)
    return str(no.value.facts["reason"])


def test_says_whose_account_it_was(old: OldSite) -> None:
    mail = read(old, old.says("mail:Li@Example.org ", old_site="Demo", jti="two"))

    assert read(old, old.says()).account == "user:7"
    assert (mail.account, mail.old_site) == ("mail:li@example.org", "Demo")
    assert mail.jti != read(old, old.says()).jti
    assert mail.until == NOON + timedelta(minutes=5, seconds=LEEWAY)


def test_the_older_name_of_ed25519_counts() -> None:
    old = OldSite(SITE, "isso", NOON)
    (header, *rest) = old.says().split(".")
    assert "Ed25519" in base64.urlsafe_b64decode(header + "==").decode()
    with pytest.warns(Warning, match="deprecated"):
        token = jwt.encode(
            {"alg": "EdDSA", "kid": old.kid}, old.claims(), old.key, algorithms=["EdDSA"]
        )

    assert read(old, token).account == "user:7"
    assert len(rest) == 2


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"iss": "another archive"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": "http://gentie.test/sites/other"}, "audience"),
        ({"aud": "https://elsewhere.test/sites/harbour"}, "audience"),
        ({"aud": [f"{BASE}/sites/harbour", "everybody"]}, "audience"),
        ({"aud": None}, "audience"),
        ({"exp": None}, "exp"),
        ({"iat": None}, "iat"),
        ({"iat": True}, "iat"),
        ({"exp": 10**15}, "exp"),
        ({"exp": int(NOON.timestamp()) + 601}, "term"),
        ({"iat": int(NOON.timestamp()) + 301, "exp": int(NOON.timestamp()) + 300}, "not-yet"),
        ({"iat": int(NOON.timestamp()) - 600, "exp": int(NOON.timestamp()) - 61}, "expired"),
        ({"jti": None}, "jti"),
        ({"jti": ""}, "jti"),
        ({"jti": "x" * 201}, "jti"),
        ({"sub": "Li"}, "subject"),
        ({"sub": "user:"}, "subject"),
        ({"sub": ["user:7"]}, "sub"),
        ({"old_site": 3}, "old_site"),
    ],
)
def test_every_claim_has_to_be_right(old: OldSite, other: dict[str, Any], reason: str) -> None:
    assert refused(old, old.says(**other)) == reason


def test_it_ends_after_minutes(old: OldSite) -> None:
    almost = timedelta(minutes=5, seconds=LEEWAY - 1)
    assert read(old, old.says(), after=almost).account == "user:7"
    assert refused(old, old.says(), after=almost + timedelta(seconds=1)) == "expired"


def test_another_key_does_not_count(old: OldSite) -> None:
    other = OldSite(SITE, old.source, NOON)
    other.kid = old.kid
    ended = msgspec.structs.replace(old.known, ended_at=NOON)

    assert refused(old, other.says()) == "signature"
    for key in (None, ended):
        with pytest.raises(BadStatement, match="bad-statement"):
            read_statement(old.says(), key, public_url=BASE, now=NOON)


def test_the_header_does_not_choose_how_it_is_checked(old: OldSite) -> None:
    """Neither no signature, nor our public key taken for a shared secret."""
    for secret in (old.pem.encode(), old.jwk.encode(), old.kid.encode()):
        token = forged({"alg": "HS256", "kid": old.kid}, old.claims(), secret)
        assert refused(old, token) == "signature"
    for name in ("none", "None", "", "HS256", "RS256", "ES256K"):
        assert (
            refused(old, forged({"alg": name, "kid": old.kid}, old.claims(), None)) == "signature"
        )
    own = ECKey.generate_key("P-256")
    brought = {"alg": "ES256", "kid": old.kid, "jwk": own.as_dict(private=False)}
    assert refused(old, jwt.encode(brought, old.claims(), own)) == "signature"


def test_a_changed_statement_does_not_count(old: OldSite) -> None:
    header, _, signature = old.says().split(".")
    said = base64.urlsafe_b64encode(json.dumps(old.claims("user:8")).encode()).decode().rstrip("=")
    assert refused(old, f"{header}.{said}.{signature}") == "signature"
    assert refused(old, old.says()[:-6]) == "signature"


@pytest.mark.parametrize(
    "token", ["", "a", "a.b", "a.b.c", "..", "é.é.é", "x" * 5000, "eyJhbGciOiJFUzI1NiJ9.e30.e30"]
)
def test_rubbish_is_named(token: str) -> None:
    with pytest.raises(BadStatement) as no:
        key_id_of(token)
    assert no.value.facts["reason"] in {"format", "key"}


@given(st.text(max_size=200))
def test_any_text_is_a_statement_or_none(token: str) -> None:
    with pytest.raises(BadStatement):
        key_id_of(token)


def test_only_public_keys_of_two_kinds_are_taken(old: OldSite) -> None:
    as_jwk = json.dumps({**old.key.as_dict(private=False), "use": "sig", "kid": "mine"})
    assert read_public_key(as_jwk) == read_public_key(old.pem) == (old.kid, old.jwk)
    for text, reason in (
        (old.key.as_pem(private=True).decode(), "private"),
        (json.dumps(old.key.as_dict(private=True)), "private"),
        (OKPKey.generate_key("X25519").as_pem(private=False).decode(), "kind"),
        (ECKey.generate_key("P-384").as_pem(private=False).decode(), "kind"),
        (RSAKey.generate_key(2048).as_pem(private=False).decode(), "kind"),
        (json.dumps(OctKey.generate_key(256).as_dict(private=True)), "kind"),
        ("", "kind"),
        ("{", "kind"),
        ("{}", "kind"),
        ("ssh-ed25519 AAAA", "kind"),
    ):
        with pytest.raises(BadClaimKey) as no:
            read_public_key(text)
        assert no.value.facts["reason"] == reason
