"""Who may have the bytes of a picture, audio or video, and what its owner reads of an upload."""

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.comments import queries as comments
from gentie.comments.model import State
from gentie.comments.parts import PartFile
from gentie.kernel.ids import CommentRef, NoSuchComment
from gentie.kernel.texts import Lang
from gentie.media import queries
from gentie.media.links import Way, query_of
from gentie.media.model import OPEN, UNSENT, Attachment, MediaGone, NoSuchMedia, Variant
from gentie.media.refusals import REASONS, sentence_of
from gentie.media.rules import is_for_the_desk
from gentie.pages.views import GoneView, load_place

_WENT = frozenset({State.REMOVED, State.WITHDRAWN, State.ERASED})


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    says: str


class Uploaded(msgspec.Struct, frozen=True, kw_only=True):
    """An upload as its owner sees it."""

    id: str
    site: str
    state: str
    """receiving, checking, ready, held or refused."""
    kind: str | None
    """picture, audio or video; null before anybody has looked."""
    reason: Reason | None
    """Why it was refused."""
    bytes: int
    offset: int
    """How many of them have arrived."""
    alt: str
    transcript: str
    width: int
    height: int
    seconds: float
    animated: bool
    waveform: tuple[int, ...]
    previews: tuple[PartFile, ...]
    """For ten minutes, for whoever has the address."""
    comment: str | None
    """What has taken it along."""
    expires_at: datetime
    """When it is forgotten, unless a comment has taken it along."""


def uploaded(found: Attachment, *, offset: int, key: bytes, lang: Lang, now: datetime) -> Uploaded:
    """`offset` is how much has arrived while it is being received."""
    facts = found.facts
    known = found.reason in REASONS
    says = sentence_of(found.reason, lang) if known else ""
    return Uploaded(
        id=found.id,
        site=found.site,
        state=found.state.value,
        kind=found.kind and found.kind.value,
        reason=Reason(code=found.reason, says=says) if found.reason else None,
        bytes=found.size,
        offset=offset,
        alt=found.alt,
        transcript=found.transcript,
        width=facts.width,
        height=facts.height,
        seconds=facts.seconds,
        animated=facts.animated,
        waveform=facts.waveform,
        previews=previews_of(found, Way.OWN, key=key, now=now),
        comment=None if found.comment is None else str(found.comment),
        expires_at=found.created_at + UNSENT,
    )


def previews_of(found: Attachment, way: Way, *, key: bytes, now: datetime) -> tuple[PartFile, ...]:
    """Addresses of its forms for one who may see it before the public does."""
    if found.state not in OPEN:
        return ()
    return tuple(
        PartFile(
            name=one.name,
            url=f"/media/{found.id}/{one.name}?{query_of(key, found.id, one.name, way, now=now)}",
            type=one.content_type,
            width=one.width,
            height=one.height,
        )
        for one in found.variants
        if way is Way.DESK or not is_for_the_desk(one)
    )


def find_bytes(
    tx: sa.Connection, attachment: str, name: str, *, way: Way, now: datetime
) -> tuple[Variant, bool]:
    """Which bytes an address stands for, and whether they are public.

    Raises:
        NoSuchMedia: there is none, or it is not public and whoever asks may not see it.
        MediaGone: it was public; with the tombstone that stands there now.
    """
    found = queries.find(tx, attachment)
    form = {one.name: one for one in found.variants}.get(name) if found else None
    if found is None or form is None or (is_for_the_desk(form) and way is not Way.DESK):
        raise NoSuchMedia
    if way is Way.DESK:
        return form, False
    if found.comment is None:
        if way is Way.PUBLIC:
            raise NoSuchMedia
        return form, False
    return form, _require_shown(tx, found.comment, way=way, now=now)


def _require_shown(tx: sa.Connection, ref: CommentRef, *, way: Way, now: datetime) -> bool:
    """Whether what took it along is public. Raises NoSuchMedia, MediaGone."""
    try:
        state = comments.get(tx, ref).state
    except NoSuchComment as error:
        raise MediaGone(comment=str(ref)) from error
    if state in _WENT:
        raise MediaGone(comment=str(ref), tombstone=_tombstone(tx, ref, now=now))
    if state is not State.PUBLISHED and way is Way.PUBLIC:
        raise NoSuchMedia
    return state is State.PUBLISHED


def _tombstone(tx: sa.Connection, ref: CommentRef, *, now: datetime) -> Any:
    view = load_place(tx, ref, now=now).view
    return msgspec.to_builtins(view.tombstone) if isinstance(view, GoneView) else None
