"""Approve, or refuse, that an identity is opened."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.actions.identity.booking import book_on_commit
from gentie.actions.identity.fresh_factor import use_fresh_factor
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor, MayNot
from gentie.vault import rules, store
from gentie.vault.model import Approval, Disclosure
from gentie.vault.rules import Colleague


@fulfils("2017-5.2a", "2022-4.2a")
def answer_disclosure(
    tx: sa.Connection,
    disclosure: str,
    *,
    yes: bool,
    code: str,
    factor_key: bytes,
    acting: Actor,
    now: datetime,
) -> Disclosure:
    """Say yes or no, with the second factor entered now. One no ends the request.

    Raises:
        NoSuchDisclosure, DisclosureEnded, NotYours, WrongCredentials: nothing was said.
    """
    acting.require("disclosure:approve")
    member = use_fresh_factor(tx, code, factor_key=factor_key, acting=acting, now=now)
    who = accounts.find_staff(tx, member)
    if who is None or not who.active:
        raise MayNot(scope="disclosure:approve")
    asked, given = store.get_disclosure(tx, disclosure), store.approvals_of(tx, disclosure)
    by = Colleague(id=acting.id, role=who.role.value, outside=who.outside)
    rules.require_may_approve(asked, given, by, now=now)
    approval = Approval(by=by.id, role=by.role, outside=by.outside, yes=yes, at=now)
    store.add_approval(tx, disclosure, approval)
    if not yes:
        store.refuse_disclosure(tx, disclosure, now=now)
    salt = store.salt_of(tx, disclosure)
    book_on_commit(tx, "approved" if yes else "refused", asked, by=by.id, salt=salt, now=now)
    return asked
