"""Where a request comes from: sealed for the vault, and as a fingerprint for counting attempts.

The server in front has already put the client's own address in place, and only for proxies that
the settings trust; a header is never read here.
"""

import hashlib
import hmac
from datetime import datetime
from typing import Any

from litestar.connection import ASGIConnection

from gentie.actions.posting.network import SealedOrigin
from gentie.kernel.chance import new_id
from gentie.vault.sealing import NetworkSealer

Connection = ASGIConnection[Any, Any, Any, Any]
_NOWHERE = ("0.0.0.0", 0)  # noqa: S104 an address that says nothing, not one to bind


class Network:
    """Seals addresses, and gives each a number of its own that says nothing without the key."""

    def __init__(self, sealer: NetworkSealer, *, key: bytes) -> None:
        self._sealer, self._key = sealer, key

    def origin_of(self, connection: Connection, now: datetime) -> SealedOrigin:
        """Address, port and time, sealed under a reference of its own."""
        address, port = _client_of(connection)
        reference = new_id()
        blob = self._sealer.seal(address, port, now, reference)
        return SealedOrigin(reference=reference, blob=blob)

    def fingerprint_of(self, connection: Connection) -> str:
        """The same for the same address under the same key."""
        address, _ = _client_of(connection)
        return hmac.new(self._key, address.encode(), hashlib.sha256).hexdigest()[:32]


def _client_of(connection: Connection) -> tuple[str, int]:
    client = connection.client
    return _NOWHERE if client is None else (client.host, client.port)
