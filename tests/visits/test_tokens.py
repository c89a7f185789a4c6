"""A site's word for its user: three ways to sign, and everything else is no word."""

import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gentie.kernel.ids import SiteId
from gentie.visits.model import BadSiteKey, SiteKey, SiteTokenInvalid, SiteUser
from gentie.visits.tokens import key_in, lock_secret, mark_of, read_user_token, unlocked
from tests.newsroom import NOON, NOTEBOOK
from tests.visits.tokens import (
    KEYS,
    SECRET,
    by_ed25519,
    by_secret,
    claims,
    public_pem,
    signed,
    unsigned,
)

AT = int(NOON.timestamp())


def read(token: str) -> SiteUser:
    return read_user_token(token, KEYS, site=NOTEBOOK, audience="http://gentie.test", now=NOON)


@pytest.mark.parametrize("kid", [*KEYS])
def test_a_good_token_names_a_user(kid: str) -> None:
    user = read(signed(kid))

    assert (user.sub, user.name, user.jti) == ("user-17", "harbour light", "token-number-1")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "daily"},
        {"aud": "https://elsewhere.example"},
        {"aud": ["http://gentie.test"]},
        {"exp": AT},
        {"exp": AT + 601},
        {"iat": AT + 120, "exp": AT + 300},
        {"iat": AT - 400, "exp": AT + 300},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 10**20},
        {"sub": ""},
        {"sub": 17},
        {"sub": "x" * 201},
        {"jti": "short"},
        {"name": "x" * 97},
        {"iat": None},
        {"jti": None},
        {"sub": None},
        {"aud": None},
        {"email": "somebody@example.org"},
        {"phone_number": "+8613900000000"},
        {"given_name": "Wanqiu"},
        {"id_number": "110101199003071234"},
        {"birthdate": "1990-03-07"},
        {"nbf": AT},
    ],
)
def test_what_it_says_has_to_fit(changes: dict[str, Any]) -> None:
    with pytest.raises(SiteTokenInvalid):
        read(signed(**changes))


def test_a_claim_that_names_somebody_is_told_by_its_name_only() -> None:
    with pytest.raises(SiteTokenInvalid) as no:
        read(signed(email="somebody@example.org"))

    assert no.value.facts == {"reason": "claim email"}


BODY = json.dumps(claims()).encode()


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b",
        "a.b.c",
        "..",
        "x" * 5000,
        unsigned({"alg": "none", "kid": "ec"}),
        by_ed25519({"alg": "none", "kid": "ed"}),
        by_ed25519({"alg": "HS256", "kid": "ed"}),
        unsigned({"alg": "none"}),
        unsigned({"alg": "ES256", "kid": "ec"}),
        by_secret({"alg": "HS256", "kid": "ec"}, BODY, public_pem("ES256")),
        by_secret({"alg": "ES256", "kid": "ec"}, BODY, public_pem("ES256")),
        by_secret({"alg": "HS256", "kid": "hs"}, BODY, b"another secret of thirty-two byt"),
        by_secret({"alg": "HS256", "kid": "other"}, BODY, SECRET),
        by_secret({"alg": "HS256"}, BODY, SECRET),
        by_secret({"alg": "HS256", "kid": "hs"}, b"[]", SECRET),
        by_secret({"alg": "HS256", "kid": "hs"}, b"{", SECRET),
        signed("ec")[:-2] + "AA",
        signed("ed").replace(".", ".e", 1),
    ],
)
def test_a_forgery_is_no_word(token: str) -> None:
    with pytest.raises(SiteTokenInvalid):
        read(token)


def test_a_key_is_what_it_says() -> None:
    assert key_in("k", public_pem("ES256")).alg == "ES256"
    assert key_in("k", public_pem("EdDSA")).alg == "EdDSA"
    rsa = generate_private_key(65537, 2048).public_key()
    for pem in (b"", b"rubbish", rsa.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)):
        with pytest.raises(BadSiteKey):
            key_in("k", pem)


def test_a_secret_is_kept_under_lock_for_one_site() -> None:
    key, site = bytes(32), SiteId("notebook")
    kept = SiteKey(kid="k", alg="HS256", key=lock_secret(SECRET, key=key, site=site, kid="k"))

    assert SECRET not in kept.key
    assert "key=" not in repr(kept)
    assert unlocked(kept, key=key, site=site).key == SECRET
    for other, place in ((bytes([1] * 32), site), (key, SiteId("daily"))):
        with pytest.raises(InvalidTag):
            unlocked(kept, key=other, site=place)


def test_a_user_is_known_by_a_mark_of_the_site() -> None:
    marks = {
        mark_of(SiteId("a"), "1", key=bytes(32)),
        mark_of(SiteId("b"), "1", key=bytes(32)),
        mark_of(SiteId("a"), "2", key=bytes(32)),
        mark_of(SiteId("a"), "1", key=bytes([1] * 32)),
    }
    assert len(marks) == 4
