"""The nouns of media: what was sent, what became of it, and why it may not be taken along."""

import enum
from datetime import datetime, timedelta

import msgspec

from gentie.kernel.ids import AccountId, CommentRef, SiteId
from gentie.kernel.refusal import Refusal

FEATURE = "comment.media"
"""Name in the feature register."""
UNSENT = timedelta(days=1)
"""How long an upload is kept that no contribution has taken along."""
TRIES = 3
"""How often an upload is given to the scrubber before it is refused."""
LEASE = timedelta(seconds=60)
"""How long a process has an upload without saying that it still works on it."""
LONGEST_ALT = 1000
LONGEST_TRANSCRIPT = 20_000


class Kind(enum.StrEnum):
    PICTURE = "picture"
    AUDIO = "audio"
    VIDEO = "video"


class State(enum.StrEnum):
    RECEIVING = "receiving"
    """Bytes are missing yet."""
    CHECKING = "checking"
    """Waits for the scrubber, or is with it."""
    READY = "ready"
    HELD = "held"
    """May be taken along; screening found something, so what takes it along waits for a person."""
    REFUSED = "refused"


class Reading(enum.StrEnum):
    """Whether a machine has looked for words in it."""

    NONE = ""
    """None was asked to, or there is nothing to see."""
    DONE = "done"
    FAILED = "failed"
    """One was asked to and could not: a person has to look."""


OPEN = (State.READY, State.HELD)


class Variant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One re-encoded form of it: the only thing that is ever shown."""

    name: str
    """For example "640", "poster", "audio"; part of its address."""
    content_type: str
    """For example "image/webp"."""
    sha256: str
    """Of its bytes, hex."""
    size: int
    """In bytes."""
    width: int = 0
    """Pixels. 0: it has none."""
    height: int = 0
    """Pixels. 0: it has none."""


class Facts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the scrubber measured."""

    width: int = 0
    """Pixels as it was sent. 0: it has none."""
    height: int = 0
    """Pixels as it was sent. 0: it has none."""
    seconds: float = 0.0
    """How long it plays. 0: it does not."""
    animated: bool = False
    """A picture that moves."""
    waveform: tuple[int, ...] = ()
    """Loudness over the time, 0 to 255."""
    marks: tuple[str, ...] = ()
    """Perceptual hashes, hex, to be compared with the operator's own lists."""
    reading: Reading = Reading.NONE
    """Whether a program read the words in it, where the operator asks for that."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    """128 random bits: who does not know it cannot ask for it."""
    site: SiteId
    account: AccountId
    state: State
    kind: Kind | None
    """None: nobody has looked yet."""
    size: int
    """Bytes of what was sent."""
    sha256: str
    """Of what was sent. Empty: it is not all there yet."""
    alt: str
    """What a person who cannot see it is told."""
    transcript: str
    text: str
    """What a machine read in it; `facts.reading` says whether one has looked."""
    facts: Facts
    variants: tuple[Variant, ...]
    verdict: bytes
    """JSON of screening's verdict. Empty: it was not screened yet."""
    reason: str
    """Code of why it was refused. Empty: it was not."""
    tries: int
    comment: CommentRef | None
    """What has taken it along."""
    created_at: datetime

    @property
    def written(self) -> str:
        """What its owner wrote about it."""
        return "\n".join(one for one in (self.alt, self.transcript) if one)

    @property
    def transcript_at(self) -> int:
        """Where in `written` the transcript begins."""
        return len(self.written) - len(self.transcript)


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """What an account sent within a day."""

    count: int
    size: int
    """Bytes."""


class NoSuchAttachment(Refusal):
    code, says = "no-such-attachment", "There is no such file, or it is not yours."


class AttachmentTaken(Refusal):
    code, says = "attachment-taken", "This file stands in a comment already."


class AttachmentNotReady(Refusal):
    """Facts: `state`, and for what was refused `reason`."""

    code, says = "attachment-not-ready", "This file is not ready to be posted."


class TooManyAttachments(Refusal):
    code, says = "too-many-attachments", "There are more files than a comment may have."


class PartNotOffered(Refusal):
    """Facts: `form` and `part`."""

    code, says = "part-not-offered", "This kind of content is not offered here."


class QuotaUsed(Refusal):
    code, says = "media-quota-used", "You have sent as many files as you may in a day."


class UploadTooLarge(Refusal):
    """Facts: `largest`, in bytes."""

    code, says = "upload-too-large", "This file is larger than the service takes."


class UploadEmpty(Refusal):
    code, says = "upload-empty", "There is no file in this request, or nothing in the file."


class WrongOffset(Refusal):
    """Facts: `offset`, from which the upload goes on."""

    code, says = "wrong-offset", "The upload goes on from another place."


class UploadBusy(Refusal):
    code, says = "upload-busy", "Somebody is sending to this upload already."


class UploadComplete(Refusal):
    code, says = "upload-complete", "All of this upload has arrived."


class WrongChecksum(Refusal):
    code, says = "wrong-checksum", "These bytes are not what their checksum says. Send them again."


class BadUpload(Refusal):
    """Facts: `what` is wrong with the request."""

    code, says = "bad-upload", "This upload request cannot be understood."


class WrongTus(Refusal):
    """Facts: `versions` that are spoken here."""

    code, says = "wrong-tus-version", "This version of resumable uploads is not spoken here."


class AltTooLong(Refusal):
    code, says = "alt-too-long", "This description is too long."


class MediaNotOffered(Refusal):
    code, says = "media-not-offered", "No files are taken here."


class NoSuchMedia(Refusal):
    code, says = "no-such-media", "There is no such picture, audio or video."


class MediaGone(Refusal):
    """Facts: `comment`, whose tombstone says more."""

    code, says = "media-gone", "This was removed together with the comment it stood in."
