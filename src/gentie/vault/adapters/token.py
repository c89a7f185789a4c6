"""The key kept in a hardware token (PKCS#11): what is locked opens inside the token alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from gentie.kernel.chance import new_salt
from gentie.vault.keys import KeyFault
from gentie.vault.locked import KeeperClosed
from gentie.vault.sealing import NONCE

_TAG_BITS: Final = 128


class Token:
    """`module` is the token's library, `label` its name; `pin` is entered by whoever opens.

    Its AES key is made on the first use and can neither be read nor copied.
    """

    name = "token"

    def __init__(self, module: Path, label: str, *, tenant: str, pin: str) -> None:
        self._module, self._label, self._pin = module, label, pin
        self._key = f"gentie/{tenant}"

    def lock(self, key: bytes) -> bytes:
        """Raises KeeperClosed: no such token, a wrong PIN, or one that knows no AES-GCM."""
        nonce = new_salt()[:NONCE]
        with self._session() as session:
            closed: bytes = self._key_in(session).encrypt(key, **self._sealed_with(nonce))
        return nonce + closed

    def unlock(self, locked: bytes) -> bytes:
        """Raises KeeperClosed: as above, another token's key, or somebody has changed a bit."""
        with self._session() as session:
            key = self._key_in(session)
            opened: bytes = key.decrypt(locked[NONCE:], **self._sealed_with(locked[:NONCE]))
        return opened

    def _sealed_with(self, nonce: bytes) -> dict[str, Any]:
        """AES-GCM, bound to whose key it is: what was changed or carried over does not open."""
        from pkcs11 import GCMParams, Mechanism  # noqa: PLC0415 see _library

        bound = GCMParams(nonce, aad=self._key.encode(), tag_bits=_TAG_BITS)
        return {"mechanism": Mechanism.AES_GCM, "mechanism_param": bound}

    def _key_in(self, session: Any) -> Any:
        from pkcs11 import Attribute, KeyType, NoSuchKey, ObjectClass  # noqa: PLC0415 see _library

        try:
            return session.get_key(
                object_class=ObjectClass.SECRET_KEY, key_type=KeyType.AES, label=self._key
            )
        except NoSuchKey:
            hidden = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
            return session.generate_key(
                KeyType.AES, 256, label=self._key, store=True, template=hidden
            )

    @contextmanager
    def _session(self) -> Iterator[Any]:
        library, fault = _library(self._module)
        try:
            token = library.get_token(token_label=self._label)
            with token.open(rw=True, user_pin=self._pin) as session:
                yield session
        except fault as error:
            raise KeeperClosed(f"the token {self._label!r} does not open: {error!r}") from error


def _library(module: Path) -> tuple[Any, type[Exception]]:
    """The token's library. It is an extra: only who has a token needs it.

    Raises:
        KeyFault: it is not installed, or `module` is none.
    """
    try:
        import pkcs11  # noqa: PLC0415 an extra
    except ImportError as error:
        raise KeyFault("a token needs one more package: pip install python-pkcs11") from error
    try:
        return pkcs11.lib(str(module)), pkcs11.PKCS11Error
    except (RuntimeError, pkcs11.PKCS11Error) as error:
        raise KeyFault(f"{module} is no library of a token") from error
