"""Identity providers that the operator trusts, and on which terms. Data from the settings."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from gentie.catalogue.regimes import Text

Kept = Literal["name", "id_number", "phone", "org_name", "org_code"]
"""What an issuer can say of a person, in the words of the vault."""


class Framework(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A trust framework on the allow-list. Its name has to match to the letter."""

    id: str
    levels: tuple[str, ...]
    """Assurance levels, weakest first. A level that is not listed is no level."""
    minimum: str
    """The weakest of `levels` that will do."""
    method: str
    """What the framework verifies people by, in a regime's words: phone, id_number, org_code."""
    max_age_days: int
    """An older verification is not taken, and a taken one ends at this age."""

    def reaches(self, level: str) -> bool:
        return level in self.levels and self.levels.index(level) >= self.levels.index(self.minimum)


class Provider(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    """Short and stable, part of the paths: "sandbox"."""
    title: Text
    issuer: str
    """As in its discovery document and id tokens, to the letter."""
    client_id: str
    client_secret: str
    """Empty: a public client, by PKCE alone."""
    frameworks: tuple[Framework, ...]
    sector: str
    """Names the issuers that agree on one identifier for a person: part of the blind index."""
    sector_claim: str = "sector_id"
    """The claim inside `verified_claims` that holds that identifier."""
    age_claim: str = ""
    """The claim that holds an age: a band, or a date of birth, of which only the band is kept.
    Empty: ages are not asked for."""
    keeps: Mapping[Kept, str] = msgspec.field(default_factory=dict)
    """Each with the claim that holds it. Asked for where a regime says that
    identities are kept, and nowhere else. Empty: this provider can name nobody."""
    sandbox: bool = False
    """Verifies nobody real. For the demo and tests only."""

    def framework(self, framework_id: object) -> Framework | None:
        return next((one for one in self.frameworks if one.id == framework_id), None)


def faults_of(provider: Provider) -> list[str]:
    """What makes the entry unusable. Empty: nothing."""
    faults = [
        f"{provider.id}: framework {one.id} has no level {one.minimum!r}"
        for one in provider.frameworks
        if one.minimum not in one.levels
    ]
    if not provider.frameworks:
        faults.append(f"{provider.id}: no trust framework is allowed")
    if not provider.issuer.startswith("https://") and not provider.sandbox:
        faults.append(f"{provider.id}: the issuer has to be reached by https")
    return faults
