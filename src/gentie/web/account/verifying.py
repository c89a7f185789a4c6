"""The way out to an identity provider and back, for the page and for the API."""

import asyncio
from collections.abc import Mapping
from functools import partial

import msgspec

from gentie.accounts.adapters.oidc import Callback, OidcClient
from gentie.accounts.attestation import read_attestation
from gentie.accounts.minors.model import AgeBand
from gentie.accounts.model import Attested, NoSuchProvider, ProviderUnavailable, Verification
from gentie.accounts.queries import get_poster
from gentie.actions.identity.complete_verification import complete_verification
from gentie.actions.identity.keep_identity import keep_identity
from gentie.actions.identity.remember_person import remember_person
from gentie.kernel.actor import Actor
from gentie.pages.vaulting import is_vaulted
from gentie.vault.blind import fingerprints
from gentie.vault.model import Field
from gentie.vault.queries import held_until
from gentie.web.account.asking import Asking
from gentie.web.people import People


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a check has shown of somebody."""

    provider: str
    attested: Attested
    sector: str
    identifier: str
    """Tells this person from all others of the sector. Goes no further than its fingerprint."""
    fields: Mapping[Field, str] = msgspec.field(default_factory=dict)
    """What is kept of it, sealed, where a regime asks for that; else dropped."""


def provider_of(people: People, provider: str) -> OidcClient:
    """Raises NoSuchProvider: the operator trusts none of that name."""
    try:
        return people.providers[provider]
    except KeyError:
        raise NoSuchProvider(provider=provider) from None


async def kept_here(asking: Asking) -> list[Field]:
    """What providers tell that names people, where a site's regime wants it kept."""
    if not await asking.read(is_vaulted):
        return []
    told = {field for one in asking.people.providers.values() for field in one.provider.keeps}
    return [field for field in Field if field in told]


async def way_out_of(asking: Asking, oidc: OidcClient, ticket: str) -> str:
    """Where to send the browser.

    Raises:
        ProviderUnavailable: it is down; or it has to be kept here who somebody is, and this
            provider is not asked for it, or the vault has no lock yet.
    """
    vaulted = await asking.read(is_vaulted)
    if vaulted and (asking.people.identity_sealer is None or not oidc.provider.keeps):
        raise ProviderUnavailable(reason="cannot-be-kept")
    return await oidc.way_out(ticket, vaulted=vaulted)


async def ask_provider(asking: Asking, oidc: OidcClient, callback: Callback, ticket: str) -> Shown:
    """What the provider attests.

    Raises:
        NotVerified, ProviderUnavailable: nothing was kept.
    """
    userinfo = await oidc.way_back(callback, ticket, now=asking.now)
    vaulted = await asking.read(is_vaulted)
    found = read_attestation(userinfo, oidc.provider, now=asking.now, vaulted=vaulted)
    return Shown(
        provider=oidc.provider.id,
        attested=found.attested,
        sector=oidc.provider.sector,
        identifier=found.identifier,
        fields={Field(field): said for field, said in found.named.items()},
    )


async def record(asking: Asking, shown: Shown, acting: Actor) -> Verification:
    """Know the person again, keep what a regime asks for, and give the account the result.

    The identifier itself is gone when this returns: the vault keeps its fingerprint.

    Raises:
        NotVerified, NotAdmitted, ConsentRequired, AccountClosed: the account is as it was.
        ProviderUnavailable: something has to be sealed, and the vault has no lock yet.
    """
    people, now = asking.people, asking.now
    vaulted = bool(shown.fields) and await asking.read(is_vaulted)
    vaulted = vaulted and shown.attested.age != AgeBand.CHILD  # not before a guardian has consented
    if vaulted and people.identity_sealer is None:
        raise ProviderUnavailable(reason="vault-not-locked")
    person = await _remember(asking, shown, acting)
    until = await people.vault.read(partial(held_until, person=person))
    if vaulted and people.identity_sealer is not None:
        sealed = people.identity_sealer.seal(person, shown.fields)
        await people.vault.act(partial(keep_identity, sealed=sealed, acting=acting, now=now))
    completing = partial(
        complete_verification,
        attested=shown.attested,
        provider=shown.provider,
        person=person,
        barred=until is not None and until > now,
    )
    return await asking.act(partial(completing, acting=acting, now=now))


async def _remember(asking: Asking, shown: Shown, acting: Actor) -> str:
    people = asking.people
    newest, *older = await asyncio.to_thread(
        fingerprints, shown.sector, shown.identifier, people.index_key, tenant=people.tenant
    )
    poster = await asking.read(partial(get_poster, account=acting.account))
    before = poster.verification
    known_as = before.person if before and before.revoked_at is None else ""
    remember = partial(remember_person, fingerprint=newest, older=older, known_as=known_as)
    return await people.vault.act(partial(remember, acting=acting, now=asking.now))
