"""The way out to an identity provider and back, for the page and for the API."""

import asyncio
from functools import partial

from gentie.accounts.adapters.oidc import Callback, OidcClient
from gentie.accounts.attestation import read_attestation
from gentie.accounts.model import Attested, NoSuchProvider
from gentie.actions.identity.remember_person import remember_person
from gentie.vault.blind import fingerprint
from gentie.web.account.asking import Asking
from gentie.web.people import People


def provider_of(people: People, provider: str) -> OidcClient:
    """Raises NoSuchProvider: the operator trusts none of that name."""
    try:
        return people.providers[provider]
    except KeyError:
        raise NoSuchProvider(provider=provider) from None


async def ask_provider(
    asking: Asking, oidc: OidcClient, callback: Callback, ticket: str
) -> tuple[Attested, str]:
    """What the provider attests, and the opaque key of the person it attests it of.

    The identifier itself is gone when this returns: the vault keeps its fingerprint.

    Raises:
        NotVerified, ProviderUnavailable: nothing was kept.
    """
    userinfo = await oidc.way_back(callback, ticket, now=asking.now)
    attested, identifier = read_attestation(userinfo, oidc.provider, now=asking.now)
    people = asking.people
    known_by = await asyncio.to_thread(
        fingerprint, oidc.provider.sector, identifier, people.index_key, tenant=people.tenant
    )
    remember = partial(remember_person, fingerprint=known_by, acting=asking.acting, now=asking.now)
    return attested, await people.vault.act(remember)
