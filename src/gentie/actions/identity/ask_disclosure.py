"""Ask that an identity is opened: for a case, on a legal basis, for a term."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.accounts.model import Staff
from gentie.accounts.roles import SCOPES, staff_actor_id
from gentie.actions.identity.booking import book_on_commit
from gentie.catalogue import fulfils
from gentie.comments import queries as comments
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_number, new_salt
from gentie.kernel.ids import AccountId, CommentRef, NoSuchComment
from gentie.vault import rules, store
from gentie.vault.model import Disclosure, DisclosureUnfit, Field
from gentie.vault.rules import Colleague


class DisclosureWanted(msgspec.Struct, frozen=True, kw_only=True):
    case: str
    basis: str
    account: AccountId
    """Empty: the author of `comment`."""
    comment: str = ""
    """The contribution that the case is about, or whose network record is wanted."""
    fields: tuple[Field, ...]
    ends_at: datetime
    bar_until: datetime | None = None
    bar_basis: str = ""


@fulfils("2017-5.2a", "2022-4.2a")
def ask_disclosure(
    tx: sa.Connection, wanted: DisclosureWanted, *, acting: Actor, now: datetime
) -> Disclosure:
    """File the request. Nothing is opened: two others have to approve it first.

    Raises:
        DisclosureUnfit, NobodyKnown, NoSuchAccount: nothing was filed.
        NoSecondPerson: nobody here could approve it.
    """
    acting.require("disclosure:ask")
    account = _account_of(tx, wanted)
    poster = accounts.get_poster(tx, account)
    staff = [one for one in accounts.all_staff(tx) if one.active]
    asked = Disclosure(
        id=new_number("D"),
        case=wanted.case.strip(),
        basis=wanted.basis.strip(),
        account=account,
        comment=wanted.comment if Field.NETWORK in wanted.fields else "",
        person=poster.verification.person if poster.verification else "",
        fields=tuple(sorted({*wanted.fields})),
        asked_by=acting.id,
        asked_role=acting.role,
        asked_at=now,
        ends_at=wanted.ends_at,
        needs=rules.needed_of(
            _colleagues_of(staff), asking=acting.id, inside=sum(not one.outside for one in staff)
        ),
        bar_until=wanted.bar_until,
        bar_basis=wanted.bar_basis.strip(),
        refused_at=None,
        ticket_until=None,
        opened_at=None,
    )
    rules.require_fit(asked, now=now)
    salt = new_salt()
    store.add_disclosure(tx, asked, salt=salt)
    book_on_commit(tx, "asked", asked, by=acting.id, salt=salt, now=now)
    return asked


def _account_of(tx: sa.Connection, wanted: DisclosureWanted) -> AccountId:
    """Whom it is about: nothing of one person is opened in the name of another.

    Else limits, bait and the notice would all miss the person whose address is opened.

    Raises:
        DisclosureUnfit: there is no such contribution, or somebody else wrote it.
    """
    if not wanted.comment:
        return wanted.account
    try:
        author = comments.get(tx, CommentRef.parse(wanted.comment)).author.id
    except NoSuchComment as none:
        raise DisclosureUnfit(field="comment") from none
    if wanted.account not in {"", author}:
        raise DisclosureUnfit(field="comment")
    return author


def _colleagues_of(staff: list[Staff]) -> list[Colleague]:
    """Those whose role approves."""
    return [
        Colleague(id=staff_actor_id(one.id), role=one.role.value, outside=one.outside)
        for one in staff
        if one.active and "disclosure:approve" in SCOPES[one.role]
    ]
