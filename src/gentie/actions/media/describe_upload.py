"""Say in words what is in one's own picture, audio or video."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.media.weighing import weighed
from gentie.kernel.actor import Actor
from gentie.media import store
from gentie.media.model import OPEN, Attachment
from gentie.media.rules import require_alt, require_owner, require_unattached
from gentie.screening.pipeline import CompiledRules


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """None: as it was."""

    alt: str | None = None
    transcript: str | None = None


def describe_upload(
    tx: sa.Connection,
    upload: str,
    words: Words,
    *,
    rules: CompiledRules,
    acting: Actor,
    now: datetime,
) -> Attachment:
    """Keep the words and screen them. `rules` are those in force.

    Raises:
        MayNot, NoSuchAttachment, AttachmentTaken, AltTooLong: nothing was changed.
    """
    acting.require("comment:submit")
    found = require_owner(store.find(tx, upload), acting.account)
    require_unattached(found)
    alt = found.alt if words.alt is None else words.alt
    transcript = found.transcript if words.transcript is None else words.transcript
    require_alt(alt, transcript)
    described = msgspec.structs.replace(found, alt=alt, transcript=transcript)
    if found.state in OPEN:
        described = weighed(described, rules)
    store.describe(tx, described)
    return described
