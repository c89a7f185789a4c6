"""Lines about a site: its agreements, rule sets, regimes, switches and imports."""

from datetime import datetime

import msgspec

from gentie.accounts.model import AgreementText
from gentie.kernel.ids import ActorId, LeafId, SiteId, ThreadId
from gentie.moving.records.line import Line, Part
from gentie.sites.model import SwitchKind


class Agreement(Line, frozen=True, kw_only=True, tag="agreement"):
    """A version of the service agreement, under a regime that the site was under."""

    regime: str
    number: int
    policy: str
    in_force_from: datetime
    text: AgreementText


class RuleSet(Line, frozen=True, kw_only=True, tag="rule_set"):
    """A version of the screening rules: what a decision's `rule` and a `verdict` rest on."""

    version: int
    state: str
    author: ActorId
    drafted_at: datetime
    approved_by: ActorId | None
    approved_at: datetime | None
    body: msgspec.Raw
    """The rules."""
    record: msgspec.Raw
    """The approval that its leaf commits to. null: not approved."""
    salt: str | None
    """Opens the commitment, hex."""
    leaf: LeafId | None


class RegimeSince(Part, frozen=True, kw_only=True):
    since: datetime
    regime: str
    policy: str
    by: ActorId


class FeatureOn(Part, frozen=True, kw_only=True):
    name: str
    assessment: str
    """Id of the security assessment that covers it."""
    online_at: datetime
    by: ActorId


class SwitchRecord(Part, frozen=True, kw_only=True):
    """Something that was on for a time, such as read-only."""

    id: str
    thread: ThreadId | None
    """null: the whole site."""
    switch: SwitchKind
    reason: str
    by: ActorId
    by_role: str
    since: datetime
    until: datetime
    lifted_at: datetime | None
    salt: str
    """Opens the commitment in its leaf, hex."""
    leaf: LeafId


class SiteRecord(Line, frozen=True, kw_only=True, tag="site"):
    """The site. Its token is not here."""

    id: SiteId
    name: str
    regime: str
    test: bool
    lang: str
    origins: tuple[str, ...]
    created_at: datetime
    regimes: tuple[RegimeSince, ...]
    """Which regime it was under, from when, by whom."""
    features: tuple[FeatureOn, ...]
    switches: tuple[SwitchRecord, ...]


class BatchRecord(Line, frozen=True, kw_only=True, tag="batch"):
    """An archive that was brought in, and the decision on it."""

    id: str
    source: str
    by: ActorId
    opened_at: datetime
    approved_at: datetime | None
    approved_by: ActorId | None
    approved_role: str | None
    refused_at: datetime | None
    refusal: msgspec.Raw
    """The refusal that its leaf commits to. null: not refused."""
    salt: str | None
    """Opens the commitment in the leaf of either, hex."""
    leaf: LeafId | None
