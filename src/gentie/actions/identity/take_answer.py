"""Take a service's answer to a check, once."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.documents import store
from gentie.accounts.documents.model import AnswerInvalid, Check
from gentie.kernel.actor import Actor


def take_answer(
    tx: sa.Connection, reference: str, *, provider: str, acting: Actor, now: datetime
) -> Check:
    """Use the check up before anything rests on it, so that an answer counts once.

    Raises:
        AnswerInvalid: unknown, another service's, answered, or too late.
    """
    acting.require("identity:answer")
    check = store.find_check(tx, reference)
    if check is None or check.provider != provider or check.answered_at is not None:
        raise AnswerInvalid
    if check.expires_at <= now:
        raise AnswerInvalid
    store.mark_answered(tx, reference, now=now)
    return check
