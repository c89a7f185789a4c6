"""Files of an item at the desk: addresses for whoever judges it, and words with what was found."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.media.weighing import READ
from gentie.comments.model import Revision
from gentie.comments.parts import Part, PartFile
from gentie.kernel.ids import CommentRef
from gentie.media import queries
from gentie.media.links import Way
from gentie.media.model import Attachment, Reading
from gentie.media.rules import is_still
from gentie.pages.findings import Piece, cut
from gentie.pages.media import previews_of
from gentie.screening.model import Span, Verdict

_parts = msgspec.json.Decoder(tuple[Part, ...])
_verdict = msgspec.json.Decoder(Verdict)


class DeskMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, audio or video of an item, shut until somebody asks for it."""

    id: str
    kind: str
    """picture, audio or video."""
    alt: str
    described: tuple[Piece, ...]
    """`alt`, marked where screening found something, as all words of a file are."""
    said: tuple[Piece, ...]
    """What its owner says is said in it."""
    read: tuple[Piece, ...]
    """What a machine read in it."""
    reading: Reading
    """Whether one has looked for words."""
    seconds: float
    """How long it plays. 0: it does not."""
    waveform: tuple[int, ...]
    """Loudness over the time, 0 to 255."""
    files: tuple[PartFile, ...]
    """Its forms and, of a video, its key frames: addresses that last ten minutes."""

    @property
    def stills(self) -> list[PartFile]:
        """Key frames of a video."""
        return [one for one in self.files if is_still(one.name)]


def media_of(
    tx: sa.Connection, ref: CommentRef, revision: Revision, *, key: bytes, now: datetime
) -> tuple[DeskMedia, ...]:
    """Its files, in the order in which its author put them and everybody will see them.

    `key` signs their addresses.
    """
    found = {one.id: one for one in queries.of_comment(tx, ref)}
    order = [one.id for one in _parts.decode(revision.parts)]
    ordered = [found.pop(one) for one in order if one in found]
    return tuple(_media(one, key, now) for one in (*ordered, *found.values()))


def _media(found: Attachment, key: bytes, now: datetime) -> DeskMedia:
    written = [*_spans(found, read=False)]
    return DeskMedia(
        id=found.id,
        kind=found.kind.value if found.kind else "",
        alt=found.alt,
        described=cut(found.alt, written),
        said=cut(found.transcript, _moved(written, -found.transcript_at)),
        read=cut(found.text, _spans(found, read=True)),
        reading=found.facts.reading,
        seconds=found.facts.seconds,
        waveform=found.facts.waveform,
        files=previews_of(found, Way.DESK, key=key, now=now),
    )


def _spans(found: Attachment, *, read: bool) -> Iterator[Span]:
    """Where something was found in what a machine read, or else in what its owner wrote."""
    findings = _verdict.decode(found.verdict).findings if found.verdict else ()
    return (span for one in findings if one.detector.startswith(READ) is read for span in one.spans)


def _moved(spans: Iterable[Span], by: int) -> Iterator[Span]:
    return (Span(one.start + by, one.end + by) for one in spans)
