"""Answer a request about personal data."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.privacy import rules, store
from gentie.privacy.model import RequestState, RequestUnfit, RightsRequest


@fulfils("2017-5.2b")
def answer_right(
    tx: sa.Connection,
    number: str,
    *,
    state: RequestState,
    answer: str,
    acting: Actor,
    now: datetime,
) -> RightsRequest:
    """Grant, grant in part or refuse, with reasons in any case.

    Raises:
        MayNot, NoSuchRequest, RequestAnswered, RequestUnfit: nothing was changed.
    """
    acting.require("rights:answer")
    asked = store.get_request(tx, number)
    rules.require_waiting(asked)
    rules.require_words(answer)
    if state is RequestState.RECEIVED:
        raise RequestUnfit
    answered = msgspec.structs.replace(
        asked,
        state=state,
        answer=answer.strip(),
        answered_at=now,
        answered_by=acting.id,
        answered_role=acting.role,
    )
    store.answer(tx, answered)
    return answered
