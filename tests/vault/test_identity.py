"""Who somebody is, sealed: it opens for that person, tenant, field and key, and for no other."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gentie.vault.identity import PersonSealer
from gentie.vault.keys import key_id, new_private_key
from gentie.vault.model import CannotOpen, Field, SealedPerson
from gentie.vault.opening import open_person

WHO = {Field.NAME: "林晚秋", Field.ID_NUMBER: "11010519491231002X"}


@pytest.fixture
def private() -> X25519PrivateKey:
    return new_private_key()


@pytest.fixture
def sealed(private: X25519PrivateKey) -> SealedPerson:
    return PersonSealer(private.public_key(), tenant="t1").seal("p1", WHO)


@pytest.mark.clause("2017-5.1b", "2017-5.2b")
class TestPersonSealer:
    def test_opens_with_the_private_key(
        self, sealed: SealedPerson, private: X25519PrivateKey
    ) -> None:
        assert open_person(sealed, private, tenant="t1") == WHO
        assert sealed.public == key_id(private.public_key())
        encoded = msgspec.json.encode(sealed)
        assert not any(text.encode() in encoded for text in WHO.values())

    def test_opens_for_nobody_else(self, sealed: SealedPerson, private: X25519PrivateKey) -> None:
        first, second = sealed.fields
        swapped = (
            msgspec.structs.replace(first, blob=second.blob),
            msgspec.structs.replace(second, blob=first.blob),
        )
        wrong = [
            (msgspec.structs.replace(sealed, person="p2"), private, "t1"),
            (msgspec.structs.replace(sealed, fields=swapped), private, "t1"),
            (msgspec.structs.replace(sealed, public="00"), private, "t1"),
            (msgspec.structs.replace(sealed, sealed_key=bytes(80)), private, "t1"),
            (sealed, private, "t2"),
            (sealed, new_private_key(), "t1"),
        ]
        for record, key, tenant in wrong:
            with pytest.raises(CannotOpen):
                open_person(record, key, tenant=tenant)

    def test_each_person_has_a_key_of_their_own(
        self, sealed: SealedPerson, private: X25519PrivateKey
    ) -> None:
        other = PersonSealer(private.public_key(), tenant="t1").seal("p2", WHO)
        moved = msgspec.structs.replace(sealed, sealed_key=other.sealed_key)

        with pytest.raises(CannotOpen):
            open_person(moved, private, tenant="t1")
        assert other.sealed_key != sealed.sealed_key
