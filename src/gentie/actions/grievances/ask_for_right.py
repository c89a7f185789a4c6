"""Ask for a right over one's own data: access, a copy, a correction, deletion, an explanation."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_number
from gentie.privacy import rules, store
from gentie.privacy.model import RequestKind, RequestState, RightsRequest


@fulfils("2017-5.2b", "2022-4.2a")
def ask_for_right(
    tx: sa.Connection, kind: RequestKind, *, statement: str, acting: Actor, now: datetime
) -> RightsRequest:
    """Take a request in: number and due date at once. Possible after the account was closed too.

    Raises:
        MayNot, RequestUnfit: nothing was changed.
    """
    acting.require("rights:ask")
    rules.require_words(statement)
    asked = RightsRequest(
        number=new_number("P"),
        account=acting.account,
        kind=kind,
        state=RequestState.RECEIVED,
        statement=statement.strip(),
        answer="",
        received_at=now,
        due_at=now + rules.ANSWER_WITHIN,
        answered_at=None,
        answered_by=None,
        answered_role="",
    )
    store.ask(tx, asked)
    return asked
