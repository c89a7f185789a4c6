"""Who may reply to whom, and what is folded for whom. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from gentie.boundaries.model import (
    Keep,
    KeptAway,
    NoSuchEvidence,
    Replies,
    RepliesLimited,
    ReplyFacts,
    Setting,
    Why,
)
from gentie.kernel.ids import AccountId, CommentId, is_row_id

_WIDTH = {Replies.EVERYONE: 0, Replies.KNOWN: 1, Replies.NOBODY: 2}


def is_protected(setting: Setting, *, now: datetime) -> bool:
    return setting.protected_until is not None and now < setting.protected_until


def limit_of(facts: ReplyFacts, *, now: datetime) -> Replies:
    """Who may reply: what was set for the comment, else for all; protection lets no stranger in."""
    limit = facts.own or facts.setting.replies
    if is_protected(facts.setting, now=now):
        return max(limit, Replies.KNOWN, key=_WIDTH.__getitem__)
    return limit


def asks_who_is_known(facts: ReplyFacts, *, now: datetime) -> bool:
    """Whether the answer depends on the two having talked: looking that up is not free."""
    return facts.keep is not Keep.BLOCKED and limit_of(facts, now=now) is Replies.KNOWN


def require_reply(facts: ReplyFacts, *, known: bool, now: datetime) -> None:
    """Let a person reply, or say no in words that fit every reason.

    Who is blocked learns no more than who meets a limit for all.

    Raises:
        RepliesLimited: nothing was changed.
    """
    limit = limit_of(facts, now=now)
    open_to = limit is Replies.EVERYONE or (limit is Replies.KNOWN and known)
    if facts.keep is Keep.BLOCKED or not open_to:
        raise RepliesLimited


def wants_to_hear(facts: ReplyFacts, *, known: bool, now: datetime) -> bool:
    """Whether a person is told of what another wrote to them. For notices of any kind."""
    return facts.keep is None and (known or not is_protected(facts.setting, now=now))


def require_evidence_id(text: str) -> str:
    """Raises NoSuchEvidence: no id has this form."""
    if not is_row_id(text):
        raise NoSuchEvidence
    return text


def folded(
    kept: Iterable[KeptAway],
    strangers: Iterable[AccountId],
    written: Mapping[CommentId, AccountId],
    answers: Collection[CommentId],
) -> dict[CommentId, Why]:
    """What is folded for a person, of what `written` says who wrote.

    `answers` are those that answer the person; `strangers` are who wrote them while protection
    stands and have never been replied to.
    """
    why = {one.person: Why(one.keep.value) for one in kept}
    unknown = frozenset(strangers)
    found = {}
    for item, author in written.items():
        if author in why:
            found[item] = why[author]
        elif item in answers and author in unknown:
            found[item] = Why.PROTECTED
    return found
