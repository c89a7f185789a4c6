"""Use a one-time code up: whoever sends it can read what was sent."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.codes import rules
from gentie.accounts.codes import store as codes
from gentie.accounts.codes.model import SentCode
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor


@fulfils("2017-5.1a", "2022-4.1a", "2022f-4.1")
def use_code(
    tx: sa.Connection,
    ticket: str,
    *,
    session: str,
    target: str,
    code: str,
    acting: Actor,
    now: datetime,
) -> SentCode:
    """`session`, `target` and `code` are marks. `count_code_try` has counted this try before.

    Raises:
        CodeWrong: wrong, late, used, tried too often, or asked for by another session.
    """
    acting.require("identity:verify")
    kept = rules.require_right(
        codes.find_code(tx, ticket),
        account=acting.account,
        session=session,
        target=target,
        code=code,
        now=now,
    )
    codes.use_code(tx, ticket, now=now)
    return kept
