"""Reading what an issuer attests: `verified_claims` (OpenID Connect for Identity Assurance). Pure.

Only what stands inside one entry of `verified_claims` counts, and each entry counts alone: a
strong verification of an address does not vouch for a name that somebody typed in.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from gentie.accounts.minors.rules import band_in
from gentie.accounts.model import Attested, NotVerified
from gentie.accounts.providers import Framework, Kept, Provider
from gentie.catalogue import fulfils

_DRIFT = timedelta(minutes=1)
"""How far an issuer's clock may be ahead of ours."""
LONGEST_NAME = 512
"""Characters of a sector identifier, and of each claim that is kept."""


class Vouched(NamedTuple):
    """What one entry of `verified_claims` says. Nothing but `attested` is to be stored as it is."""

    attested: Attested
    identifier: str
    """The sector identifier, for the blind index."""
    named: Mapping[Kept, str]
    """Empty: nothing of it was asked for."""


def request_for(provider: Provider, *, vaulted: bool = False) -> dict[str, Any]:
    """The `claims` parameter: the framework, level and time, and the one identifier.

    What names the person is asked for only where it has to be kept: `vaulted`.
    """
    names = [one.id for one in provider.frameworks]
    framework = {"value": names[0]} if len(names) == 1 else {"values": names}
    verification = {"trust_framework": framework, "assurance_level": None, "time": None}
    kept = provider.keeps.values() if vaulted else ()
    claims = {one: None for one in (provider.sector_claim, provider.age_claim, *kept) if one}
    return {"userinfo": {"verified_claims": {"verification": verification, "claims": claims}}}


@fulfils("2017-5.1a", "2022-4.1a", "2022-4.2b")
def read_attestation(
    userinfo: dict[str, Any], provider: Provider, *, now: datetime, vaulted: bool = False
) -> Vouched:
    """Return what the first sufficient entry says.

    Where it has to be kept who somebody is (`vaulted`), an entry that leaves a part of it out is
    not sufficient; elsewhere what was told unasked is left where it is.

    Raises:
        NotVerified: no entry will do; `reason` says what was wrong with the last one.
    """
    reason = "no-verified-claims"
    for entry in _entries(userinfo.get("verified_claims")):
        try:
            return _read(entry, provider, now, vaulted=vaulted)
        except NotVerified as refused:
            reason = str(refused.facts["reason"])
    raise NotVerified(reason=reason)


def _entries(claims: object) -> Iterator[dict[str, Any]]:
    for entry in claims if isinstance(claims, list) else [claims]:
        if isinstance(entry, dict):
            yield entry


def _read(entry: dict[str, Any], provider: Provider, now: datetime, *, vaulted: bool) -> Vouched:
    verification = _part(entry, "verification")
    framework = provider.framework(verification.get("trust_framework"))
    if framework is None:
        raise NotVerified(reason="framework")
    level = verification.get("assurance_level")
    if not isinstance(level, str) or not framework.reaches(level):
        raise NotVerified(reason="level")
    verified_at = _time(verification.get("time"), framework, now)
    claims = _part(entry, "claims")
    identifier = _said(claims, provider.sector_claim)
    if identifier is None:
        raise NotVerified(reason="identifier")
    attested = Attested(
        framework=framework.id,
        level=level,
        method=framework.method,
        verified_at=verified_at,
        valid_until=verified_at + timedelta(days=framework.max_age_days),
        age=_age(claims, provider, now),
    )
    return Vouched(attested, identifier, _named(claims, provider) if vaulted else {})


def _named(claims: dict[str, Any], provider: Provider) -> dict[Kept, str]:
    found = {field: _said(claims, claim) for field, claim in provider.keeps.items()}
    whole = {field: said for field, said in found.items() if said is not None}
    if whole.keys() != found.keys():
        raise NotVerified(reason="claims")
    return whole


def _said(claims: dict[str, Any], name: str) -> str | None:
    said = claims.get(name)
    fits = isinstance(said, str) and 0 < len(said.strip()) <= LONGEST_NAME
    return said if fits else None


def _age(claims: dict[str, Any], provider: Provider, now: datetime) -> str:
    """The date itself goes no further than this line."""
    said = claims.get(provider.age_claim) if provider.age_claim else None
    return (band_in(said, today=now.date()) or "") if said is not None else ""


def _time(value: object, framework: Framework, now: datetime) -> datetime:
    try:
        moment = msgspec.convert(value, datetime).astimezone(UTC)
    except (msgspec.ValidationError, OverflowError) as error:
        raise NotVerified(reason="time") from error
    if moment > now + _DRIFT or moment + timedelta(days=framework.max_age_days) <= now:
        raise NotVerified(reason="time")
    return min(moment, now)


def _part(entry: dict[str, Any], name: str) -> dict[str, Any]:
    part = entry.get(name)
    return part if isinstance(part, dict) else {}
