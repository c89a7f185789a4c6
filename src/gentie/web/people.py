"""What the doors for accounts are given: sessions, providers, the way into the vault."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gentie.accounts.adapters.documents import DocumentClient
from gentie.accounts.adapters.gateway import CodeGateway
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
    """By the provider's id. Empty: nobody can be verified by one here."""
    gateways: Mapping[str, CodeGateway] = field(default_factory=dict)
    """The same for services that send one-time codes."""
    documents: Mapping[str, DocumentClient] = field(default_factory=dict)
    """The same for services that look at documents."""

    @property
    def claim_key(self) -> bytes:
        """Signs the links by which imported names are claimed."""
        return self.index_key.derive("claim")

    @property
    def site_key(self) -> bytes:
        """Locks the secrets of sites' servers, and marks their users."""
        return self.index_key.derive("site-users")

    @property
    def code_key(self) -> bytes:
        """Marks one-time codes and where they were sent."""
        return self.index_key.derive("codes")

    @property
    def archive_key(self) -> bytes:
        """Makes the digests that tell imported people of one name apart."""
        return self.index_key.derive("archive")

    @property
    def after_key(self) -> bytes:
        """Signs the links to closed accounts."""
        return self.index_key.derive("after")

    @property
    def factor_key(self) -> bytes:
        """Encrypts the second factors of staff."""
        return self.index_key.derive("factor")
