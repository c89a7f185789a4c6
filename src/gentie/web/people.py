"""What the doors for accounts are given: sessions, providers, the way into the vault."""

from collections.abc import Mapping
from dataclasses import dataclass

from gentie.accounts.adapters.oidc import OidcClient
from gentie.storage.db import Database
from gentie.vault.identity import PersonSealer
from gentie.vault.keys import IndexKey
from gentie.vault.sealing import NetworkSealer
from gentie.web.access import Access


@dataclass(frozen=True, kw_only=True)
class People:
    """Made once in `gentie.main`."""

    access: Access
    vault: Database
    index_key: IndexKey
    sealer: NetworkSealer
    identity_sealer: PersonSealer | None = None
    """None: the keys are not locked yet, so nothing that names anybody is sealed."""
    tenant: str
    """Names this instance in everything that is sealed or indexed. Never changes."""
    providers: Mapping[str, OidcClient]
    """By the provider's id. Empty: nobody can be verified here."""

    @property
    def claim_key(self) -> bytes:
        """Signs the links by which imported names are claimed."""
        return self.index_key.derive("claim")

    @property
    def factor_key(self) -> bytes:
        """Encrypts the second factors of staff."""
        return self.index_key.derive("factor")
