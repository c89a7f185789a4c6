"""Sessions, identity providers and the vault, made from the settings."""

from collections.abc import Iterable
from pathlib import Path

import httpx

from gentie.accounts.adapters.documents import DocumentClient
from gentie.accounts.adapters.gateway import CodeGateway
from gentie.accounts.adapters.oidc import TIMEOUT, OidcClient
from gentie.accounts.codes.model import Gateway, Proof
from gentie.accounts.documents.model import DocumentService
from gentie.accounts.providers import Framework, Provider
from gentie.catalogue.regimes import Text
from gentie.kernel.clock import Clock
from gentie.main import settings as settings_of
from gentie.main.settings import IdentityProvider, Settings, Trust
from gentie.storage.db import Database
from gentie.vault.identity import PersonSealer
from gentie.vault.keys import KeyFault, load_or_make_index_key, load_public_key
from gentie.vault.sealing import NetworkSealer
from gentie.web.access import Access
from gentie.web.people import People

CALLBACK = "/account/verify/callback"
"""Registered at every provider, after the service's own address."""


def people_of(
    settings: Settings,
    db: Database,
    vault: Database,
    http: httpx.AsyncClient,
    *,
    clock: Clock,
    more: Iterable[Provider] = (),
) -> People:
    """What the doors for accounts are given. `http` talks to providers; the caller closes it.

    `more` are providers that stand in no settings: the demo's sandbox.

    Raises:
        KeyFault: a key or a client secret cannot be read.
    """
    redirect_uri = settings.public_url + CALLBACK
    providers = [*map(provider_of, settings.identity_providers), *more]
    return People(
        access=Access(db, clock=clock, base_url=settings.public_url),
        vault=vault,
        index_key=load_or_make_index_key(settings.blind_index_key_path),
        sealer=NetworkSealer(
            load_public_key(settings.vault_public_key_path), tenant=settings.tenant
        ),
        identity_sealer=_identity_sealer(settings),
        tenant=settings.tenant,
        providers=clients_of(providers, http, redirect_uri=redirect_uri),
        documents={
            one.id: DocumentClient(_documents_of(one), http) for one in settings.document_services
        },
        gateways={one.id: CodeGateway(_gateway_of(one), http) for one in settings.code_gateways},
    )


def _identity_sealer(settings: Settings) -> PersonSealer | None:
    """None while the key of the first start lies there whole: who has the disk would have all."""
    if settings.vault_private_key_path.exists() or not settings.vault_locked_keys_path.exists():
        return None
    public = load_public_key(settings.vault_public_key_path)
    return PersonSealer(public, tenant=settings.tenant)


def new_http() -> httpx.AsyncClient:
    """For talking to providers: with time limits, and never redirected elsewhere."""
    return httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)


def clients_of(
    providers: Iterable[Provider], http: httpx.AsyncClient, *, redirect_uri: str
) -> dict[str, OidcClient]:
    return {one.id: OidcClient(one, http, redirect_uri=redirect_uri) for one in providers}


def provider_of(given: IdentityProvider) -> Provider:
    """Raises KeyFault: the file with the client secret cannot be read."""
    return Provider(
        id=given.id,
        title=Text(zh=given.name_zh or given.name, en=given.name),
        issuer=given.issuer,
        client_id=given.client_id,
        client_secret=_secret_in(given.client_secret_file) if given.client_secret_file else "",
        frameworks=tuple(_framework_of(one) for one in given.trust),
        sector=given.sector or given.id,
        sector_claim=given.sector_claim,
        age_claim=given.age_claim,
        keeps=given.keeps,
        sandbox=given.sandbox,
    )


def _gateway_of(given: settings_of.CodeGateway) -> Gateway:
    """Raises KeyFault: the file with the token cannot be read."""
    return Gateway(
        id=given.id,
        title=Text(zh=given.name_zh or given.name, en=given.name),
        proof=Proof(given.proof),
        url=given.url,
        token=_secret_in(given.token_file),
        max_age_days=given.max_age_days,
    )


def _documents_of(given: settings_of.DocumentService) -> DocumentService:
    """Raises KeyFault: the token or the key of the answers cannot be read."""
    return DocumentService(
        id=given.id,
        title=Text(zh=given.name_zh or given.name, en=given.name),
        url=given.url,
        token=_secret_in(given.token_file),
        answer_key=_secret_in(given.answer_key_file).encode(),
        max_age_days=given.max_age_days,
    )


def _framework_of(given: Trust) -> Framework:
    return Framework(
        id=given.framework,
        levels=given.levels,
        minimum=given.minimum,
        method=given.method,
        max_age_days=given.max_age_days,
    )


def _secret_in(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFault(f"cannot read the client secret in {file}") from error
