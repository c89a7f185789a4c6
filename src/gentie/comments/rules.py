"""The life cycle of a contribution, pure.

Every form and every client goes through `after`; nothing else gives a contribution a state.
"""

from gentie.catalogue import fulfils
from gentie.comments.model import (
    Comment,
    Event,
    Form,
    NoSuchParent,
    NotPublished,
    NotTheAuthor,
    OwnComment,
    State,
    WrongState,
)
from gentie.kernel.ids import AccountId

_STEPS: dict[tuple[State, Event], State] = {
    (State.HELD, Event.PUBLISH): State.PUBLISHED,
    (State.HELD, Event.REFUSE): State.REFUSED,
    (State.HELD, Event.WITHDRAW): State.WITHDRAWN,
    (State.PUBLISHED, Event.REMOVE): State.REMOVED,
    (State.PUBLISHED, Event.RECALL): State.HELD,
    (State.PUBLISHED, Event.WITHDRAW): State.WITHDRAWN,
    (State.REMOVED, Event.RESTORE): State.PUBLISHED,
    (State.REFUSED, Event.RESTORE): State.PUBLISHED,
    (State.REFUSED, Event.ERASE): State.ERASED,
    (State.REMOVED, Event.ERASE): State.ERASED,
    (State.WITHDRAWN, Event.ERASE): State.ERASED,
}
VISIBLE = frozenset({State.PUBLISHED, State.REMOVED})
"""States with a place in the public thread: the text itself, or a tombstone."""


def stands_in_thread(form: Form) -> bool:
    """Whether a contribution stands among the comments. Danmaku stands over the video instead."""
    return form is not Form.DANMAKU


def keeps_place(comment: Comment, state: State) -> bool:
    """Whether something stands in the thread after a change to `state`.

    Who withdraws takes nobody else's words along: a line stays where others have replied.
    """
    in_thread = stands_in_thread(comment.form)
    left = state in VISIBLE or (state is State.WITHDRAWN and comment.replies > 0)
    return in_thread and left


def after_decision(comment: Comment, number: int, event: Event) -> State:
    """The state that follows a decision on revision `number`.

    A decision on an edit that waits leaves the published text where it is.

    Raises:
        WrongState: this cannot happen to the contribution as it is.
    """
    waiting_edit = comment.state is State.PUBLISHED and number != comment.revision
    if waiting_edit and event in (Event.PUBLISH, Event.REFUSE):
        return State.PUBLISHED
    return after(comment.state, event)


def after(state: State, event: Event) -> State:
    """The state that follows.

    Raises:
        WrongState: this cannot happen to a contribution in that state.
    """
    try:
        return _STEPS[state, event]
    except KeyError:
        raise WrongState(state=state.value, event=event.value) from None


@fulfils("2017-2.2b", "2022-2.2")
def form_of(*, guestbook: bool, reply: bool, danmaku: bool = False) -> Form:
    """A contribution to a guestbook is a message to the site, whether it answers another or not."""
    if danmaku:
        return Form.DANMAKU
    if guestbook:
        return Form.MESSAGE
    return Form.REPLY if reply else Form.POST


def require_parent(parent: Comment | None) -> None:
    """Let people answer only what they can see.

    Raises:
        NoSuchParent: it is not in this thread, or not public any more, or a line over a video.
    """
    if parent is None or parent.state is not State.PUBLISHED:
        raise NoSuchParent
    if not stands_in_thread(parent.form):
        raise NoSuchParent


def require_author(comment: Comment, account: AccountId) -> None:
    if comment.author.id != account:
        raise NotTheAuthor


def require_votable(comment: Comment, account: AccountId) -> None:
    """Raises NotPublished or OwnComment."""
    if comment.state is not State.PUBLISHED:
        raise NotPublished
    if comment.author.id == account:
        raise OwnComment


def require_editable(comment: Comment) -> None:
    """Raises WrongState: only what waits or is public can be edited, and no line that went by."""
    gone_by = not stands_in_thread(comment.form)
    if gone_by or comment.state not in (State.HELD, State.PUBLISHED):
        raise WrongState(state=comment.state.value, event="edit")
