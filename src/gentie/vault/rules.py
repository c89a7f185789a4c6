"""Who may open an identity, and when: pure, facts and `now` in, a refusal or nothing out."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from gentie.catalogue import fulfils
from gentie.vault.model import (
    FLOOR,
    GONE,
    LONGEST_BAR,
    LONGEST_TERM,
    OPENED_A_DAY,
    OPENED_A_MONTH,
    Approval,
    Disclosure,
    DisclosureEnded,
    DisclosureUnfit,
    Entry,
    Field,
    Gone,
    NobodyKnown,
    NoSecondPerson,
    NotApproved,
    NotYours,
    QuotaReached,
)

APPROVALS = 2
_LONGEST_TEXT = 300
_SHORTEST_TEXT = 3


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who works here and whose role approves disclosures."""

    id: str
    role: str
    outside: bool


def needed_of(colleagues: Collection[Colleague], *, asking: str, inside: int) -> int:
    """How many approvals a request needs. `inside` counts all of the operator's own staff.

    Two, by people in different roles. Where one person alone works here: that of somebody
    invited from outside.

    Raises:
        NoSecondPerson: there are not that many people who could approve.
    """
    others = [one for one in colleagues if one.id != asking]
    if inside <= 1:
        if not any(one.outside for one in others):
            raise NoSecondPerson
        return 1
    if len({one.role for one in others}) < APPROVALS:
        raise NoSecondPerson
    return APPROVALS


def require_fit(asked: Disclosure, *, now: datetime) -> None:
    """Raises DisclosureUnfit, NobodyKnown: with the field that is wrong."""
    for name, text in (("case", asked.case), ("basis", asked.basis)):
        if not _SHORTEST_TEXT <= len(text) <= _LONGEST_TEXT:
            raise DisclosureUnfit(field=name)
    if not asked.fields:
        raise DisclosureUnfit(field="fields")
    if not now < asked.ends_at <= now + LONGEST_TERM:
        raise DisclosureUnfit(field="term")
    if asked.bar_until is not None:
        dated = now < asked.bar_until <= now + LONGEST_BAR
        if not dated or len(asked.bar_basis) < _SHORTEST_TEXT:
            raise DisclosureUnfit(field="bar")
    if (Field.NETWORK in asked.fields) != bool(asked.comment):
        raise DisclosureUnfit(field="comment")
    if not asked.person and {*asked.fields} != {Field.NETWORK}:
        raise NobodyKnown


@fulfils("2017-5.2a", "2022-4.2a")
def require_may_approve(
    asked: Disclosure, given: Sequence[Approval], by: Colleague, *, now: datetime
) -> None:
    """Let only those on who neither ask nor stand in for one who has approved already.

    Raises:
        DisclosureEnded: nothing is left to approve.
        NotYours: the one who asks, the same person or the same role again, or, where one person
            alone works here, not somebody from outside.
    """
    require_under_way(asked, now=now)
    if asked.ticket_until is not None or is_approved(asked, given):
        raise DisclosureEnded
    same = any(one.by == by.id or one.role == by.role for one in given)
    if by.id == asked.asked_by or same or (asked.needs < APPROVALS and not by.outside):
        raise NotYours


def is_approved(asked: Disclosure, given: Iterable[Approval]) -> bool:
    """Whether enough people in different roles, none of them the one who asks, said yes."""
    yes = [one for one in given if one.yes and one.by != asked.asked_by]
    return len({one.role for one in yes}) >= asked.needs == len(yes)


def require_may_open(asked: Disclosure, given: Iterable[Approval], *, now: datetime) -> None:
    """Raises DisclosureEnded, NotApproved."""
    require_under_way(asked, now=now)
    if not is_approved(asked, given):
        raise NotApproved


@fulfils("2017-5.2a", "2022-4.2a")
def require_within_quota(*, today: int, of_account: int) -> None:
    """`today` were opened in the last 24 hours, `of_account` of this account in the last 30 days.

    Raises:
        QuotaReached: even two who conspire take a few identities, not all of them.
    """
    if today >= OPENED_A_DAY or of_account >= OPENED_A_MONTH:
        raise QuotaReached


def require_under_way(asked: Disclosure, *, now: datetime) -> None:
    """Raises DisclosureEnded: refused, opened, or its term is over."""
    if asked.refused_at is not None or asked.opened_at is not None or asked.ends_at <= now:
        raise DisclosureEnded


def is_told(asked: Disclosure, *, now: datetime) -> bool:
    """Whether the person may see that somebody looked: when it was opened, or the bar is over."""
    return asked.opened_at is not None and (asked.bar_until is None or asked.bar_until <= now)


def published_count(count: int) -> str:
    """What the public learns of a month: small numbers only as such."""
    return f"fewer-than-{FLOOR}" if count < FLOOR else str(count)


def digest_of_entry(entry: Entry) -> str:
    """The digest of a line, over everything in it and the line before."""
    body = msgspec.structs.replace(entry, digest="")
    return hashlib.sha256(msgspec.json.encode(body)).hexdigest()


def break_of(book: Iterable[Entry]) -> int | None:
    """The number at which the book was changed, oldest line first. None: it is whole."""
    before = ""
    for number, entry in enumerate(book, 1):
        if (entry.number, entry.before) != (number, before):
            return number
        if entry.digest != digest_of_entry(entry):
            return number
        before = entry.digest
    return None


def gone_in(book: Iterable[Entry]) -> Iterator[Gone]:
    """The deletions that the book tells of."""
    for entry in book:
        if entry.event == GONE:
            _, data, rows, _ = entry.reference.split(":")
            yield Gone(data=data, rows=int(rows), at=entry.at)


def mark_of(person: str, key: bytes) -> str:
    """How the vault remembers that a person is bait, without saying which."""
    return hmac.digest(key, person.encode(), "sha256").hex()
