"""Refusals as problem details (RFC 9457). One table says which status each one gets."""

from litestar.plugins.problem_details import ProblemDetailsException

from gentie.accounts.names import BadName
from gentie.comments.cleaning import BadText, TextEmpty, TextTooLong
from gentie.kernel.actor import MayNot
from gentie.kernel.ids import NoSuchComment
from gentie.kernel.page import BadCursor
from gentie.kernel.refusal import Refusal
from gentie.storage.idempotency import KeyReused

STATUS: dict[type[Refusal], int] = {
    BadCursor: 400,
    BadName: 422,
    BadText: 422,
    KeyReused: 422,
    MayNot: 403,
    NoSuchComment: 404,
    TextEmpty: 422,
    TextTooLong: 422,
}


def to_problem(refusal: Refusal) -> ProblemDetailsException:
    return ProblemDetailsException(
        status_code=STATUS[type(refusal)],
        type_=f"/problems/{refusal.code}",
        title=refusal.code,
        detail=refusal.says,
        extra=dict(refusal.facts),
    )
