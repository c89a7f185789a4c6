"""The SQL of mail that writes or locks."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.kernel.chance import new_id, new_secret
from gentie.kernel.ids import AccountId, ThreadId
from gentie.mail.model import (
    Contact,
    ContactState,
    Letter,
    LetterKind,
    LetterState,
    SignInLink,
)
from gentie.mail.rows import CONTACT, LINK, contact_of, letter_of, link_of
from gentie.mail.tables import contacts, items, letters, links, refusals
from gentie.storage.schema import Id

LEASE = timedelta(minutes=10)
"""Longer than any attempt: until it is over, nobody else sends the letter."""

_CONTACT = CONTACT.with_for_update()
_AT = sa.select(contacts).where(contacts.c.mark == sa.bindparam("mark"))
_ADD_LINK = links.insert()
_LINK = LINK.with_for_update()
_USE_LINK = (
    links.update()
    .where(
        links.c.account_id == sa.bindparam("b_account"),
        links.c.letter == sa.bindparam("b_letter", type_=Id),
    )
    .values(used_at=sa.bindparam("now"))
)
_FORGET_LINKS = links.delete().where(links.c.expires_at < sa.bindparam("before"))
_ADD_CONTACT = contacts.insert()
_CHANGE_CONTACT = contacts.update().where(contacts.c.account_id == sa.bindparam("b_account"))
_DROP_CONTACT = contacts.delete().where(contacts.c.account_id == sa.bindparam("b_account"))
_REFUSE = {
    "sqlite": sqlite.insert(refusals).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(refusals).on_conflict_do_nothing(),
}
_ADD_LETTER = letters.insert()
_OPEN = (
    sa.select(letters)
    .where(
        letters.c.account_id == sa.bindparam("account"),
        letters.c.kind == sa.bindparam("kind"),
        letters.c.thread.is_not_distinct_from(sa.bindparam("thread", type_=Id)),
        letters.c.state == LetterState.WAITING.value,
        letters.c.lease.is_(None),
    )
    .with_for_update()
)
_LAST_SENT = sa.select(sa.func.max(letters.c.sent_at)).where(
    letters.c.account_id == sa.bindparam("account"),
    letters.c.kind == sa.bindparam("kind"),
    letters.c.thread.is_not_distinct_from(sa.bindparam("thread", type_=Id)),
)
_ADD_ITEM = {
    "sqlite": sqlite.insert(items).on_conflict_do_nothing().returning(items.c.about),
    "postgresql": postgresql.insert(items).on_conflict_do_nothing().returning(items.c.about),
}
_DUE = (
    sa.select(letters)
    .where(
        letters.c.state == sa.literal_column("'waiting'"), letters.c.due_at <= sa.bindparam("now")
    )
    .order_by(letters.c.due_at, letters.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update(skip_locked=True)
)
_TAKE = (
    letters.update()
    .where(
        letters.c.account_id == sa.bindparam("b_account"),
        letters.c.id == sa.bindparam("b_id", type_=Id),
    )
    .values(due_at=sa.bindparam("until"), lease=sa.bindparam("token"), attempts=sa.bindparam("n"))
)
_SETTLE = (
    letters.update()
    .where(
        letters.c.account_id == sa.bindparam("b_account"),
        letters.c.id == sa.bindparam("b_id", type_=Id),
        letters.c.lease == sa.bindparam("b_lease"),
    )
    .values(
        state=sa.bindparam("to"),
        due_at=sa.bindparam("again"),
        error=sa.bindparam("why"),
        sent_at=sa.bindparam("sent"),
        lease=None,
    )
)
_DROP_LETTERS = (
    letters.update()
    .where(
        letters.c.account_id == sa.bindparam("b_account"),
        letters.c.state == LetterState.WAITING.value,
    )
    .values(state=LetterState.DROPPED.value, lease=None)
)
_DROP_LETTER = letters.delete().where(
    letters.c.account_id == sa.bindparam("b_account"),
    letters.c.id == sa.bindparam("b_id", type_=Id),
)
_OLD = sa.and_(
    letters.c.created_at < sa.bindparam("before"), letters.c.state != LetterState.WAITING.value
)
_FORGET_ITEMS = items.delete().where(
    sa.tuple_(items.c.account_id, items.c.letter).in_(
        sa.select(letters.c.account_id, letters.c.id).where(_OLD)
    )
)
_FORGET_LETTERS = letters.delete().where(_OLD)
_DROP_ITEMS = items.delete().where(items.c.account_id == sa.bindparam("b_account"))


def find_contact(tx: sa.Connection, account: AccountId) -> Contact | None:
    """Load and lock."""
    row = tx.execute(_CONTACT, {"account": account}).one_or_none()
    return None if row is None else contact_of(row)


def put_contact(tx: sa.Connection, contact: Contact) -> None:
    """Store it in the place of an earlier one."""
    tx.execute(_DROP_CONTACT, {"b_account": contact.account})
    row = msgspec.structs.asdict(contact) | {"account_id": contact.account}
    del row["account"]
    tx.execute(_ADD_CONTACT, row | {"state": contact.state.value})


def contacts_at(tx: sa.Connection, mark: str) -> list[Contact]:
    """Everybody who has given this address."""
    return [contact_of(row) for row in tx.execute(_AT, {"mark": mark})]


def change_contact(
    tx: sa.Connection,
    account: AccountId,
    *,
    lang: str,
    replies: bool,
    decisions: bool,
    sign_in: bool,
) -> None:
    wishes = {"lang": lang, "replies": replies, "decisions": decisions, "sign_in": sign_in}
    tx.execute(_CHANGE_CONTACT, {"b_account": account, **wishes})


def confirm_contact(tx: sa.Connection, account: AccountId, *, now: datetime) -> None:
    state = ContactState.CONFIRMED.value
    tx.execute(_CHANGE_CONTACT, {"b_account": account, "state": state, "confirmed_at": now})


def fail_contact(tx: sa.Connection, account: AccountId) -> None:
    tx.execute(_CHANGE_CONTACT, {"b_account": account, "state": ContactState.FAILING.value})


def drop_contact(tx: sa.Connection, account: AccountId) -> None:
    """Forget the address and drop what still waits for it."""
    tx.execute(_DROP_CONTACT, {"b_account": account})
    tx.execute(_DROP_LETTERS, {"b_account": account})


def forget_told(tx: sa.Connection, account: AccountId) -> int:
    """Forget what somebody was told of by mail. Returns how many."""
    return tx.execute(_DROP_ITEMS, {"b_account": account}).rowcount


def drop_letter(tx: sa.Connection, account: AccountId, letter: str) -> None:
    """Take back one that has nothing to tell."""
    tx.execute(_DROP_LETTER, {"b_account": account, "b_id": letter})


def refuse(tx: sa.Connection, mark: str, *, now: datetime) -> None:
    tx.execute(_REFUSE[tx.dialect.name], {"mark": mark, "at": now})


def add_link(tx: sa.Connection, link: SignInLink) -> None:
    row = msgspec.structs.asdict(link)
    row["account_id"] = row.pop("account")
    tx.execute(_ADD_LINK, row)


def find_link(tx: sa.Connection, account: AccountId, letter: str) -> SignInLink | None:
    """Load and lock, so that a link pressed twice at once opens once."""
    row = tx.execute(_LINK, {"account": account, "letter": letter}).one_or_none()
    return None if row is None else link_of(row)


def use_link(tx: sa.Connection, link: SignInLink, *, now: datetime) -> None:
    tx.execute(_USE_LINK, {"b_account": link.account, "b_letter": link.letter, "now": now})


def forget_links(tx: sa.Connection, *, before: datetime) -> int:
    """Drop links whose time was over by then. Returns how many."""
    return tx.execute(_FORGET_LINKS, {"before": before}).rowcount


def find_open(
    tx: sa.Connection, account: AccountId, kind: LetterKind, thread: ThreadId | None
) -> Letter | None:
    """The letter of this sort that gathers, if one does. Locked."""
    facts = {"account": account, "kind": kind.value, "thread": thread}
    row = tx.execute(_OPEN, facts).first()
    return None if row is None else letter_of(row)


def last_sent(
    tx: sa.Connection, account: AccountId, kind: LetterKind, thread: ThreadId | None
) -> datetime | None:
    facts = {"account": account, "kind": kind.value, "thread": thread}
    found: datetime | None = tx.scalar(_LAST_SENT, facts)
    return found


def add_letter(
    tx: sa.Connection,
    account: AccountId,
    kind: LetterKind,
    *,
    thread: ThreadId | None,
    due: datetime,
    now: datetime,
) -> str:
    """Returns its id."""
    letter = new_id()
    row = {"account_id": account, "id": letter, "kind": kind.value, "thread": thread}
    begun = {"state": LetterState.WAITING.value, "due_at": due, "attempts": 0, "error": ""}
    tx.execute(_ADD_LETTER, row | begun | {"created_at": now})
    return letter


def add_item(
    tx: sa.Connection, account: AccountId, kind: LetterKind, about: str, *, letter: str
) -> bool:
    """False: the person is, or has been, told of it by another letter."""
    row = {"account_id": account, "kind": kind.value, "about": about, "letter": letter}
    return tx.scalar(_ADD_ITEM[tx.dialect.name], row) is not None


def take(tx: sa.Connection, *, most: int, now: datetime) -> list[Letter]:
    """Lease letters that are due, oldest first. Nobody else gets them until the lease ends."""
    token, until = new_secret(), now + LEASE
    found = [letter_of(row) for row in tx.execute(_DUE, {"now": now, "most": most})]
    if found:
        rows = [{"b_account": one.account, "b_id": one.id, "n": one.attempts + 1} for one in found]
        tx.execute(_TAKE, [row | {"until": until, "token": token} for row in rows])
    return [
        msgspec.structs.replace(one, lease=token, attempts=one.attempts + 1, due_at=until)
        for one in found
    ]


def settle(
    tx: sa.Connection, letter: Letter, state: LetterState, *, due: datetime, why: str, now: datetime
) -> bool:
    """Note what became of a letter. False: somebody else has it by now."""
    facts = {
        "b_account": letter.account,
        "b_id": letter.id,
        "b_lease": letter.lease,
        "to": state.value,
        "again": due,
        "why": why[:200],
        "sent": now if state is LetterState.SENT else None,
    }
    return tx.execute(_SETTLE, facts).rowcount == 1


def forget(tx: sa.Connection, *, before: datetime) -> int:
    """Forget letters that are over and were written before then. Returns how many."""
    tx.execute(_FORGET_ITEMS, {"before": before})
    return tx.execute(_FORGET_LETTERS, {"before": before}).rowcount
