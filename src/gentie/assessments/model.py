"""The nouns of the feature register."""

from datetime import datetime

import msgspec

from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal

BASIC = (
    "comment.post",
    "comment.reply",
    "comment.message",
    "comment.vote",
    "comment.edit",
    "report",
    "appeal",
)
"""What the service itself offers from its first day."""
FURTHER = ("comment.danmaku", "comment.media")
"""What goes online on a site under an assessment of its own."""


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """Something that people can use, on one site, under one assessment."""

    site: SiteId
    name: str
    assessment: str
    """Id of the security assessment that covers it."""
    online_at: datetime


class NoSuchFeature(Refusal):
    code, says = "no-such-feature", "There is no such function to put online."


class FeatureOffline(Refusal):
    code, says = "feature-offline", "This function is not online on this site."
