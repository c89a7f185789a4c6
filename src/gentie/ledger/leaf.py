"""What the whole world may read for ever: coarse codes, the hour, and commitments."""

import hashlib
import hmac
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from gentie.kernel.clock import hour_of

LONGEST = 65_535
"""Bytes of an entry: its length is written in two."""

Kind = Literal[
    "published",
    "decision",
    "reversal",
    "sanction",
    "appeal",
    "switch",
    "rule",
    "policy",
    "pin",
    "assessment",
    "order",
    "deletion",
    "disclosure",
    "register",
    "check_run",
    "checkpoint_note",
]
Code = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9._:/@+#-]*\Z", max_length=128)]
"""An identifier from a catalogue. No blanks, so that no sentence and no name fits in."""
Clause = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9._:/§ -]*\Z", max_length=64)]
Commitment = Annotated[str, msgspec.Meta(pattern=r"\A([0-9a-f]{64})?\Z")]


class Unfit(ValueError):
    """A leaf that must not become public. A fault of the act that made it, never of a person."""


class Leaf(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One thing that was decided. There is no field for an account, a staff member or a text.

    Fields are checked when a leaf is appended, not when it is made.
    """

    kind: Kind
    hour: datetime
    """Cut to the hour: on a small site the minute would name the person."""
    site: Code
    """The site's id. Empty: the whole service."""
    measure: Code = ""
    """What was done, for example "remove"."""
    tier: Code = ""
    """How the ground stands to the law (`catalogue.regimes.Tier`)."""
    class_id: Code = ""
    """The ground. Empty where naming it would brand or expose somebody."""
    clause: Clause = ""
    """Paragraph of the service agreement, for example "3.2"."""
    policy: Code = ""
    """The regime it was decided under, for example "cn-2022-final/1"."""
    rule: Code = ""
    """Version of the screening rules that had a part in it."""
    automation: Literal["", "none", "partial", "full"] = ""
    detection: Code = ""
    """How it came to notice, for example "queue" or "report"."""
    source: Code = ""
    """Where it comes from, for example "archive" or the origin of an earlier log."""
    role: Code = ""
    """Of whoever decided: "moderator", never a name."""
    record: Commitment = ""
    """Commitment to the full record (hex), opened by the receipt of the person concerned."""
    subject: Commitment = ""
    """Commitment opened by the tombstone, which shows the nonce: unique for each item, so that
    one leaf cannot cover a hundred removals."""
    reverses: Commitment = ""
    """`record` of the leaf that this one takes back: known before that leaf has an index."""


def encode(leaf: Leaf) -> bytes:
    """The leaf as it stands in the log: JSON with sorted keys, without empty fields.

    Raises:
        Unfit: a field holds what the public must not see, or not what it says.
    """
    body = msgspec.json.encode(leaf, order="sorted")
    try:
        said = msgspec.json.decode(body, type=Leaf)
    except msgspec.ValidationError as error:
        raise Unfit(str(error)) from error
    if said.hour.tzinfo is None or hour_of(said.hour) != said.hour:
        raise Unfit("`hour` is not a full hour with a time zone")
    return body


def commitment(record: msgspec.Struct, salt: bytes) -> str:
    """Commit to `record` (hex) so that it can be opened with the salt and is opaque without.

    For `Leaf.record` the salt is kept beside the record and destroyed with it; for
    `Leaf.subject` it is the nonce that the tombstone shows.
    """
    encoded = msgspec.json.encode(record, order="sorted")
    named = type(record).__name__.encode() + b"\0" + encoded
    return hmac.new(salt, named, hashlib.sha256).hexdigest()
