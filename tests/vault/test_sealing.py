"""What is sealed stays closed to everything the serving process has."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gentie.vault.blind import fingerprint
from gentie.vault.keys import (
    IndexKey,
    KeyFault,
    load_or_make_index_key,
    load_private_key,
    load_public_key,
    make_seal_keys,
)
from gentie.vault.model import CannotOpen, NetworkRecord
from gentie.vault.opening import open_record
from gentie.vault.sealing import NetworkSealer

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ADDRESS = "203.0.113.77"


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    public, private = tmp_path / "keys" / "vault.pub", tmp_path / "safe" / "vault.key"
    make_seal_keys(public, private)
    return public, private


@pytest.fixture
def sealer(keys: tuple[Path, Path]) -> NetworkSealer:
    return NetworkSealer(load_public_key(keys[0]), tenant="t1")


@pytest.mark.clause("2017-5.2b")
class TestNetworkSealer:
    def test_opens_with_the_private_key(
        self, sealer: NetworkSealer, keys: tuple[Path, Path]
    ) -> None:
        blob = sealer.seal(ADDRESS, 51234, NOON, "r1")

        opened = open_record(blob, load_private_key(keys[1]), tenant="t1", reference="r1")

        assert opened == NetworkRecord(address=ADDRESS, port=51234, at=NOON)
        assert ADDRESS.encode() not in blob

    @pytest.mark.parametrize(("tenant", "reference"), [("t2", "r1"), ("t1", "r2")])
    def test_opens_for_its_own_tenant_and_reference_only(
        self, sealer: NetworkSealer, keys: tuple[Path, Path], tenant: str, reference: str
    ) -> None:
        blob = sealer.seal(ADDRESS, 51234, NOON, "r1")

        with pytest.raises(CannotOpen):
            open_record(blob, load_private_key(keys[1]), tenant=tenant, reference=reference)

    @pytest.mark.parametrize("at", [0, 5, 100, -1])
    def test_a_changed_byte_is_found(
        self, sealer: NetworkSealer, keys: tuple[Path, Path], at: int
    ) -> None:
        blob = bytearray(sealer.seal(ADDRESS, 51234, NOON, "r1"))
        blob[at] ^= 1

        with pytest.raises(CannotOpen):
            open_record(bytes(blob), load_private_key(keys[1]), tenant="t1", reference="r1")

    @pytest.mark.parametrize("blob", [b"", b"\x01", b"\x01" + bytes(90)])
    def test_what_was_never_sealed_does_not_open(
        self, keys: tuple[Path, Path], blob: bytes
    ) -> None:
        with pytest.raises(CannotOpen):
            open_record(blob, load_private_key(keys[1]), tenant="t1", reference="r1")

    def test_a_data_key_lasts_an_hour(self, sealer: NetworkSealer) -> None:
        blobs = [
            sealer.seal(ADDRESS, 1, NOON + after, f"r{n}")
            for n, after in enumerate((timedelta(0), timedelta(minutes=59), timedelta(hours=1)))
        ]

        first, same_hour, next_hour = (blob[1:81] for blob in blobs)
        assert first == same_hour != next_hour


class TestKeys:
    def test_files_are_for_their_owner_alone(self, keys: tuple[Path, Path]) -> None:
        assert [path.stat().st_mode & 0o777 for path in keys] == [0o600, 0o600]

    def test_keys_are_made_once(self, keys: tuple[Path, Path]) -> None:
        before = [path.read_bytes() for path in keys]

        make_seal_keys(*keys)

        assert [path.read_bytes() for path in keys] == before

    def test_the_private_key_may_be_moved_away(self, keys: tuple[Path, Path]) -> None:
        public, private = keys
        private.unlink()

        make_seal_keys(public, private)

        assert not private.exists()

    def test_the_public_file_opens_nothing(self, keys: tuple[Path, Path]) -> None:
        with pytest.raises(KeyFault):
            load_private_key(keys[0])

    @pytest.mark.parametrize("content", [b"", b"{}", b"-----BEGIN", b"\xff"])
    def test_a_file_that_holds_no_key_is_named(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "broken").write_bytes(content)

        for load in (load_public_key, load_private_key, load_or_make_index_key):
            with pytest.raises(KeyFault, match="broken"):
                load(tmp_path / "broken")

    def test_the_index_key_is_made_once_and_printed_nowhere(self, tmp_path: Path) -> None:
        key = load_or_make_index_key(tmp_path / "keys" / "index.json")

        assert key == load_or_make_index_key(tmp_path / "keys" / "index.json")
        assert key.key.hex() not in repr(key)
        assert str(key.key) not in repr(key)
        assert len({key.key, key.derive("a"), key.derive("b")}) == 3


@pytest.mark.clause("2017-5.2b")
class TestFingerprint:
    key = IndexKey(1, bytes(32))

    def test_knows_a_person_again(self) -> None:
        one = fingerprint("health", "p-1", self.key, tenant="t1")

        assert one == fingerprint("health", "p-1", self.key, tenant="t1")
        assert "p-1" not in one.digest

    def test_is_of_use_only_with_the_key_for_one_tenant_and_sector(self) -> None:
        others = [
            fingerprint("health", "p-2", self.key, tenant="t1"),
            fingerprint("other", "p-1", self.key, tenant="t1"),
            fingerprint("health", "p-1", self.key, tenant="t2"),
            fingerprint("health", "p-1", IndexKey(1, bytes([1] * 32)), tenant="t1"),
        ]

        assert fingerprint("health", "p-1", self.key, tenant="t1") not in others
        assert len(set(others)) == 4
