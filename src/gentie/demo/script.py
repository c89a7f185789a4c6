"""From the content to the order of events: who does what, and when. Pure.

The content says what became of a comment; here stands how it came about, as it would among people:
a moderator takes a while, a removal follows the answers, an appeal follows its reasons.
"""

import enum
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from gentie.demo.content import NEVER_PUBLIC, Comment, Content, Fate, Kind, Thread

_SOONEST_LOOK, _LOOKS = 30, 150
"""Seconds until a moderator looks: at least, and what is added at most. All answers come later."""
_EDITED_AFTER = timedelta(minutes=10)
_REMOVED_AFTER = timedelta(minutes=15)
_RESTORED_AFTER = timedelta(minutes=45)
_APPEALED_AFTER = timedelta(minutes=12)
_UNDO_IS_OVER = timedelta(seconds=11)
_A_WHILE = timedelta(minutes=1)
_ONE_HOLD = timedelta(hours=2)
"""Two reasons to hold a page this close to each other make one hold."""


class Deed(enum.StrEnum):
    HOLD = "hold"
    """The chief editor lets everything on a page wait for a person."""
    RELEASE = "release"
    SUBMIT = "submit"
    PUBLISH = "publish"
    """A moderator publishes what waits. Nothing waits where nobody has to look first."""
    REFUSE = "refuse"
    EFFECT = "effect"
    """A refusal can no longer be undone."""
    VOTE = "vote"
    REPORT = "report"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    REMOVE = "remove"
    APPEAL = "appeal"
    RESTORE = "restore"


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    deed: Deed
    thread: Thread
    comment: Comment | None = None
    """None: it is about the whole page."""
    until: datetime | None = None
    """When a hold ends."""


_Make = Callable[[datetime, Deed], Scene]
"""A scene about one comment."""


def scenes_of(content: Content, *, start: datetime) -> list[Scene]:
    """Everything that happens before `start`, in order."""
    return sorted(
        (scene for thread in content.threads for scene in _of_thread(thread, start)),
        key=lambda scene: scene.at,
    )


def _of_thread(thread: Thread, start: datetime) -> Iterator[Scene]:
    yield from _holds(thread, start)
    for comment in thread.oldest_first():
        for scene in _of_comment(thread, comment, start):
            yield msgspec.structs.replace(scene, at=min(scene.at, start))


def _of_comment(thread: Thread, comment: Comment, start: datetime) -> Iterator[Scene]:
    def scene(at: datetime, deed: Deed) -> Scene:
        return Scene(at=at, deed=deed, thread=thread, comment=comment)

    came = _came(comment, start)
    looked = came + _look(comment)
    yield scene(came, Deed.SUBMIT)
    if comment.fate is Fate.REFUSED:
        yield scene(looked, Deed.REFUSE)
        yield scene(looked + _UNDO_IS_OVER, Deed.EFFECT)
        yield from _appeal(scene, comment, looked)
    if comment.fate in NEVER_PUBLIC:
        return
    yield scene(looked, Deed.PUBLISH)
    yield scene(looked + _A_WHILE / 3, Deed.VOTE)
    yield scene(looked + _A_WHILE / 2, Deed.REPORT)
    yield from _afterwards(scene, comment, _last_answer(thread, comment, start), came)


def _afterwards(
    scene: _Make, comment: Comment, answered: datetime, came: datetime
) -> Iterator[Scene]:
    late = max(came + _REMOVED_AFTER, answered + 2 * _A_WHILE)
    if comment.fate in (Fate.EDITED, Fate.EDIT_HELD):
        yield scene(came + _EDITED_AFTER, Deed.EDIT)
    if comment.fate is Fate.EDITED:
        yield scene(came + _EDITED_AFTER + _look(comment), Deed.PUBLISH)
    if comment.fate is Fate.WITHDRAWN:
        yield scene(late, Deed.WITHDRAW)
    if comment.fate in (Fate.REMOVED, Fate.RESTORED):
        yield scene(late, Deed.REMOVE)
        yield from _appeal(scene, comment, late)
    if comment.fate is Fate.RESTORED:
        yield scene(late + _RESTORED_AFTER, Deed.RESTORE)


def _appeal(scene: _Make, comment: Comment, decided: datetime) -> Iterator[Scene]:
    if comment.appeal:
        yield scene(decided + _APPEALED_AFTER, Deed.APPEAL)


def _holds(thread: Thread, start: datetime) -> Iterator[Scene]:
    """Where nobody looks first, the chief editor had a reason to let this wait."""
    if thread.kind is Kind.NEWS:
        return
    for since, until in _spans(sorted(_held_at(thread, start))):
        yield Scene(at=since, deed=Deed.HOLD, thread=thread, until=until + _A_WHILE)
        yield Scene(at=until, deed=Deed.RELEASE, thread=thread)


def _held_at(thread: Thread, start: datetime) -> Iterator[datetime]:
    for comment in thread.comments:
        if comment.fate in NEVER_PUBLIC:
            yield _came(comment, start)
        if comment.fate is Fate.EDIT_HELD:
            yield _came(comment, start) + _EDITED_AFTER


def _spans(moments: list[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """From a minute before the first to a minute after the last of those that are close."""
    if not moments:
        return
    since = moments[0]
    for one, following in pairwise(moments):
        if following - one > _ONE_HOLD:
            yield since - _A_WHILE, one + _A_WHILE
            since = following
    yield since - _A_WHILE, moments[-1] + _A_WHILE


def _came(comment: Comment, start: datetime) -> datetime:
    return start - timedelta(minutes=comment.minutes_ago)


def _last_answer(thread: Thread, comment: Comment, start: datetime) -> datetime:
    answers = [_came(one, start) for one in thread.comments if one.reply_to == comment.id]
    return max(answers, default=_came(comment, start))


def _look(comment: Comment) -> timedelta:
    """How long it took a moderator: a different time for each, the same at each start."""
    return timedelta(seconds=_SOONEST_LOOK + zlib.crc32(comment.id.encode()) % _LOOKS)
