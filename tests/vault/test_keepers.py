"""Whoever keeps the key: what was locked opens with what was entered, and with nothing else."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from tools.token import find_token

from gentie.vault.adapters.openbao import OpenBao
from gentie.vault.adapters.phrases import Phrases
from gentie.vault.adapters.token import Token
from gentie.vault.keys import KeyFault, key_id, new_private_key
from gentie.vault.locked import (
    Keeper,
    KeeperClosed,
    Locked,
    lock_keys,
    read_locked,
    unlock_keys,
    write_locked,
)
from tests.vault.stores import ROOT, Bao, a_soft_token, bao_server

PHRASES = {
    "mei": "river stone ladder moth",
    "tao": "grey kettle under snow",
    "lin": "seven boats at the pier",
}
PIN = "4711"


def two(*officers: str) -> Phrases:
    return Phrases({one: PHRASES[one] for one in officers})


def with_a_bit_turned(content: bytes, where: int) -> bytes:
    changed = bytearray(content)
    changed[where] ^= 1
    return bytes(changed)


@pytest.fixture(scope="module")
def locked() -> bytes:
    return Phrases(PHRASES).lock(bytes(range(32)))


class TestPhrases:
    @pytest.mark.parametrize("who", [("mei", "tao"), ("tao", "lin"), ("lin", "mei")])
    def test_any_two_open(self, locked: bytes, who: tuple[str, str]) -> None:
        assert two(*who).unlock(locked) == bytes(range(32))

    @pytest.mark.parametrize(
        "entered",
        [
            {},
            {"mei": PHRASES["mei"]},
            {"mei": PHRASES["mei"], "tao": PHRASES["lin"]},
            {"mei": PHRASES["mei"], "eve": PHRASES["tao"]},
        ],
    )
    def test_less_opens_nothing(self, locked: bytes, entered: dict[str, str]) -> None:
        with pytest.raises(KeeperClosed):
            Phrases(entered).unlock(locked)

    def test_neither_phrase_nor_key_stands_in_it(self, locked: bytes) -> None:
        assert not any(phrase.encode() in locked for phrase in PHRASES.values())
        assert bytes(range(32)) not in locked

    @pytest.mark.parametrize(
        "phrases",
        [
            {"mei": PHRASES["mei"], "tao": PHRASES["tao"]},
            PHRASES | {"lin": PHRASES["mei"]},
            PHRASES | {"lin": "too short"},
        ],
    )
    def test_three_people_with_phrases_of_their_own_lock(self, phrases: dict[str, str]) -> None:
        with pytest.raises(KeeperClosed):
            Phrases(phrases).lock(bytes(32))


@pytest.fixture(scope="module")
def bao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bao]:
    with bao_server(tmp_path_factory.mktemp("bao")) as server:
        yield server


class TestOpenBao:
    def keeper(self, bao: Bao, *, token: str = ROOT, tenant: str = "t1") -> OpenBao:
        return OpenBao(bao.url, "gentie", tenant=tenant, token=token)

    def test_gives_back_what_it_locked(self, bao: Bao) -> None:
        locked = self.keeper(bao).lock(bytes(32))

        assert self.keeper(bao).unlock(locked) == bytes(32)
        bao.ask("POST", "transit/keys/gentie/rotate")
        assert self.keeper(bao).unlock(locked) == bytes(32)

    def test_a_token_that_only_locks_cannot_open(self, bao: Bao) -> None:
        keeper = self.keeper(bao, token=bao.token_that_only_locks())
        locked = keeper.lock(bytes(32))

        with pytest.raises(KeeperClosed, match="403"):
            keeper.unlock(locked)

    @pytest.mark.parametrize(("token", "tenant"), [("wrong", "t1"), (ROOT, "t2")])
    def test_opens_for_nobody_else(self, bao: Bao, token: str, tenant: str) -> None:
        locked = self.keeper(bao).lock(bytes(32))

        with pytest.raises(KeeperClosed):
            self.keeper(bao, token=token, tenant=tenant).unlock(locked)

    def test_one_that_is_away_says_so(self) -> None:
        keeper = OpenBao("http://127.0.0.1:9", "gentie", tenant="t1", token=ROOT)
        with pytest.raises(KeeperClosed, match="does not answer"):
            keeper.lock(bytes(32))

    def test_one_that_is_sealed_says_so(self, tmp_path: Path) -> None:
        with bao_server(tmp_path) as bao:
            locked = self.keeper(bao).lock(bytes(32))
            bao.seal()
            for ask in (self.keeper(bao).lock, self.keeper(bao).unlock):
                with pytest.raises(KeeperClosed, match="sealed"):
                    ask(locked)

    @pytest.mark.parametrize("body", [b"", b"[]", b'{"data":{"plaintext":7}}', b"x" * 70_000])
    def test_rubbish_is_a_no(self, monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
        monkeypatch.setattr(httpx, "post", lambda *_, **__: httpx.Response(200, content=body))
        keeper = OpenBao("http://127.0.0.1:9", "gentie", tenant="t1", token=ROOT)

        with pytest.raises(KeeperClosed):
            keeper.unlock(b"vault:v1:x")


@pytest.fixture(scope="session")
def module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """SoftHSM reads its configuration once in a process."""
    library = find_token()
    assert library is not None, "No software token. On Debian: apt-get install softhsm2"
    conf = a_soft_token(tmp_path_factory.mktemp("token"), label="gentie", pin=PIN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(conf))
        yield library


class TestToken:
    def test_gives_back_what_it_locked(self, module: Path) -> None:
        keeper = Token(module, "gentie", tenant="t1", pin=PIN)
        locked = keeper.lock(bytes(32))

        assert keeper.unlock(locked) == bytes(32)
        assert bytes(32) not in locked

    @pytest.mark.parametrize(("label", "pin"), [("gentie", "0000"), ("another", PIN)])
    def test_needs_the_token_and_its_pin(self, module: Path, label: str, pin: str) -> None:
        with pytest.raises(KeeperClosed):
            Token(module, label, tenant="t1", pin=pin).lock(bytes(32))

    def test_another_tenants_key_does_not_open(self, module: Path) -> None:
        privates = [new_private_key()]
        locked = lock_keys(privates, Token(module, "gentie", tenant="t1", pin=PIN))

        with pytest.raises(KeeperClosed):
            unlock_keys(locked, Token(module, "gentie", tenant="t2", pin=PIN))

    @pytest.mark.parametrize("where", [0, 12, 43, -1])
    def test_one_bit_turned_is_refused_by_the_token(self, module: Path, where: int) -> None:
        """In the nonce, in what is locked, in the tag: nobody learns anything from a wrong key."""
        keeper = Token(module, "gentie", tenant="t1", pin=PIN)
        locked = keeper.lock(bytes(32))

        with pytest.raises(KeeperClosed):
            keeper.unlock(with_a_bit_turned(locked, where))

    @pytest.mark.parametrize("length", [0, 11, 12, 27, 59])
    def test_what_was_cut_short_is_refused(self, module: Path, length: int) -> None:
        keeper = Token(module, "gentie", tenant="t1", pin=PIN)

        with pytest.raises(KeeperClosed):
            keeper.unlock(keeper.lock(bytes(32))[:length])

    def test_what_is_no_library_is_named(self, tmp_path: Path) -> None:
        library = tmp_path / "no.so"
        library.write_bytes(b"nothing")
        with pytest.raises(KeyFault, match=r"no\.so"):
            Token(library, "gentie", tenant="t1", pin=PIN).lock(bytes(32))


class TestLockedFile:
    def test_holds_every_key_there_ever_was(self, tmp_path: Path) -> None:
        keeper: Keeper = Phrases(PHRASES)
        privates = [new_private_key(), new_private_key()]
        write_locked(tmp_path / "private" / "vault.locked", lock_keys(privates, keeper))

        opened = unlock_keys(read_locked(tmp_path / "private" / "vault.locked"), two("mei", "lin"))

        assert [*opened] == [key_id(one.public_key()) for one in privates]
        assert [one.private_bytes_raw() for one in opened.values()] == [
            one.private_bytes_raw() for one in privates
        ]
        assert (tmp_path / "private" / "vault.locked").stat().st_mode & 0o777 == 0o600

    def test_a_changed_file_does_not_open(self) -> None:
        locked = lock_keys([new_private_key()], Phrases(PHRASES))
        changed = msgspec.structs.replace(locked, bundle=with_a_bit_turned(locked.bundle, -1))

        with pytest.raises(KeeperClosed):
            unlock_keys(changed, two("mei", "tao"))

    def test_another_keeper_is_told(self, tmp_path: Path) -> None:
        locked = Locked(keeper="token", publics=(), key=b"", bundle=b"")
        with pytest.raises(KeeperClosed, match="token"):
            unlock_keys(locked, two("mei", "tao"))

    @pytest.mark.parametrize("content", [b"", b"{}", b"\xff"])
    def test_what_is_no_such_file_is_named(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "broken").write_bytes(content)
        with pytest.raises(KeyFault, match="broken"):
            read_locked(tmp_path / "broken")
        with pytest.raises(KeyFault, match="missing"):
            read_locked(tmp_path / "missing")
