"""The key kept by the transit engine of OpenBao: it never leaves it, the store locks and opens."""

import base64
from typing import Final

import httpx
import msgspec

from gentie.vault.locked import KeeperClosed

_TIMEOUT: Final = 10.0
_LARGEST: Final = 64 * 1024
"""Bytes of an answer."""


class _Data(msgspec.Struct, frozen=True):
    ciphertext: str = ""
    plaintext: str = ""


class _Answer(msgspec.Struct, frozen=True):
    data: _Data


class OpenBao:
    """`key` is a transit key made with `derived=true`; `tenant` is its context.

    `token` is entered by whoever opens. A token that may only encrypt locks and cannot open.
    """

    name = "openbao"

    def __init__(self, url: str, key: str, *, tenant: str, token: str) -> None:
        self._url, self._key, self._token = url.rstrip("/"), key, token
        self._context = base64.b64encode(f"gentie/vault|{tenant}".encode()).decode()

    def lock(self, key: bytes) -> bytes:
        """Raises KeeperClosed: the store is sealed, away, or says no."""
        plain = base64.b64encode(key).decode()
        return self._ask("encrypt", {"plaintext": plain}).ciphertext.encode()

    def unlock(self, locked: bytes) -> bytes:
        """Raises KeeperClosed: as above, or locked with another key or tenant."""
        plain = self._ask("decrypt", {"ciphertext": locked.decode()}).plaintext
        return base64.b64decode(plain)

    def _ask(self, verb: str, body: dict[str, str]) -> _Data:
        address = f"{self._url}/v1/transit/{verb}/{self._key}"
        headers = {"X-Vault-Token": self._token}
        said = body | {"context": self._context}
        try:
            answer = httpx.post(address, json=said, headers=headers, timeout=_TIMEOUT)
        except httpx.HTTPError as error:
            raise KeeperClosed(f"the key store at {self._url} does not answer") from error
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise KeeperClosed(f"the key store at {self._url} is sealed")
        if answer.status_code != httpx.codes.OK or len(answer.content) > _LARGEST:
            raise KeeperClosed(f"the key store says no ({answer.status_code})")
        try:
            return msgspec.json.decode(answer.content, type=_Answer).data
        except msgspec.DecodeError as error:
            raise KeeperClosed("the key store answers something else") from error
