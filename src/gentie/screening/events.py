"""What happened to screening rules, as the record keeps it. Fields are only ever added."""

import hashlib
from datetime import datetime

import msgspec

from gentie.screening.model import RuleSet, RuleSetVersion


class RulesApproved(msgspec.Struct, frozen=True, kw_only=True):
    """The public log holds only a commitment to it."""

    rule: str
    digest: str
    """SHA-256 (hex) of the rule set as canonical JSON: which words it was, without saying them."""
    author: str
    approved_by: str
    at: datetime

    @classmethod
    def of(cls, live: RuleSetVersion, *, by: str, at: datetime) -> "RulesApproved":
        return cls(
            rule=live.name,
            digest=digest_of(live.rules),
            author=live.author,
            approved_by=by,
            at=at,
        )


def digest_of(rules: RuleSet) -> str:
    return hashlib.sha256(msgspec.json.encode(rules, order="sorted")).hexdigest()
