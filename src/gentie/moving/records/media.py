"""Lines about pictures, audio and video: what each is, and its bytes in pieces."""

from datetime import datetime

import msgspec

from gentie.kernel.ids import AccountId, CommentId, ThreadId
from gentie.media.model import Facts, Kind, State, Variant
from gentie.moving.records.line import Line


class MediaRecord(Line, frozen=True, kw_only=True, tag="media"):
    """A file that a comment has taken along. Its bytes follow, but for the original."""

    id: str
    """Part of its address."""
    account: AccountId
    """Whose it is."""
    thread: ThreadId
    """Of the comment that took it along."""
    comment: CommentId
    """What took it along."""
    what: Kind
    """What the scrubber found it to be."""
    state: State
    """`ready`, or `held` where screening found something."""
    size: int
    """Bytes of the original, which stays behind: it may hold what nobody meant to publish."""
    sha256: str
    """Of the original, hex."""
    alt: str
    """What a person who cannot see it is told."""
    transcript: str
    """What is said in it, in the words of its owner."""
    text: str
    """What a machine read in it."""
    facts: Facts
    """What the scrubber measured."""
    variants: tuple[Variant, ...]
    """Its re-encoded forms, by the SHA-256 of their bytes."""
    verdict: msgspec.Raw
    """What screening found."""
    tries: int
    """How often the scrubber was asked."""
    created_at: datetime


class BytesRecord(Line, frozen=True, kw_only=True, tag="bytes"):
    """A piece of the bytes of one form, in their order. Each SHA-256 comes once."""

    sha256: str
    """Of all pieces together, hex."""
    data: bytes
    """As base64."""
    last: bool
    """Whether this is all of it."""
