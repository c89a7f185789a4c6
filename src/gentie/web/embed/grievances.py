"""Reports, appeals, statements of reasons and their proofs."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import MediaType, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter

from gentie.actions.grievances.file_appeal import file_appeal
from gentie.actions.grievances.file_report import Report, file_report
from gentie.cases import queries as cases
from gentie.cases.model import CaseKind, CaseState, Filed
from gentie.catalogue import fulfils
from gentie.decisions.model import NoSuchDecision
from gentie.kernel.chance import digest_of
from gentie.kernel.ids import CommentRef, DecisionId
from gentie.ledger.queries import proof_of
from gentie.pages.statement import Statement, load_concerned, load_statement
from gentie.web.embed.writing import Writing

OPEN: dict[str, Any] = {"tags": ["reports and appeals"]}
Receipt = Annotated[str, QueryParameter()]
ReceiptHeader = Annotated[str, HeaderParameter(name="gentie-receipt")]
Words = Annotated[str, msgspec.Meta(max_length=5000, pattern=r"^[^\u0000]*$")]
PRIVATE = {"cache-control": "no-store"}
_LONGEST_ID = 19


class NewReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    subject: str
    """Id of the comment."""
    class_id: str = msgspec.field(name="class")
    """Which rule is said to be broken: an id of `GET /sites/{site}/rules`."""
    statement: Words = ""
    evidence: Annotated[str, msgspec.Meta(max_length=20)] = ""
    """Id of evidence that the reporter has saved. Needs an account."""


class NewAppeal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    statement: Words
    receipt: str = ""
    """Shows who asks, without a session."""


class FiledView(msgspec.Struct, frozen=True, kw_only=True):
    case: str
    """Number to read out."""
    secret_url: str
    """Opens the status, for whoever has it. Given only now."""
    next: str
    due: datetime


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    case: str
    kind: CaseKind
    state: CaseState
    subject: str
    decision: DecisionId | None
    class_id: str = msgspec.field(name="class")
    statement: str
    received_at: datetime
    due: datetime


@post("/reports", operation_id="FileReport", **OPEN)
@fulfils("2022-13.1a")
async def report(
    data: JSONBody[NewReport], writing: NamedDependency[Writing], base_url: NamedDependency[str]
) -> FiledView:
    """Report what somebody else wrote. Needs no account.

    404 `no-such-comment`, `no-such-evidence`, 409 `nothing-to-report`, 422 `no-such-class`, 429
    `too-many`.
    """
    await writing.count("report")
    wanted = Report(
        subject=CommentRef.parse(data.subject),
        class_id=data.class_id,
        statement=data.statement,
        evidence=data.evidence,
    )
    body = partial(file_report, report=wanted, acting=writing.acting, now=writing.now)
    return filed_view(await writing.act_once(body, Filed), base_url)


@post("/decisions/{decision:str}/appeals", operation_id="FileAppeal", **OPEN)
@fulfils("2022-13.1a")
async def appeal(
    decision: FromPath[str],
    data: JSONBody[NewAppeal],
    writing: NamedDependency[Writing],
    base_url: NamedDependency[str],
) -> FiledView:
    """Appeal against a decision, by session or with the comment's receipt.

    404 `no-such-decision`, 409 `nothing-to-appeal`, `already-appealed`, 429 `too-many`.
    """
    await writing.count("appeal")
    body = partial(
        file_appeal,
        decision=decision_id(decision),
        statement=data.statement,
        receipt=data.receipt,
        acting=writing.acting,
        now=writing.now,
    )
    return filed_view(await writing.act_once(body, Filed), base_url)


@get("/decisions/{decision:str}", operation_id="ReadDecision", **OPEN)
async def statement(
    decision: FromPath[str],
    writing: NamedDependency[Writing],
    receipt: Receipt = "",
    receipt_header: ReceiptHeader = "",
) -> Response[Statement]:
    """The statement of reasons with its record, for the person concerned.

    By session, or by the receipt (`?receipt=`, or better the header `Gentie-Receipt`). For
    everybody else 404 `no-such-decision`.
    """
    load = partial(
        load_statement,
        decision_id=decision_id(decision),
        receipt=receipt or receipt_header,
        acting=writing.acting,
        now=writing.now,
    )
    return Response(await writing.read(load), headers=PRIVATE)


@get("/decisions/{decision:str}/proof", operation_id="ReadProof", **OPEN, media_type=MediaType.TEXT)
async def proof(
    decision: FromPath[str],
    writing: NamedDependency[Writing],
    receipt: Receipt = "",
    receipt_header: ReceiptHeader = "",
) -> Response[str]:
    """A tlog-proof file: the decision's leaf is in the signed log. 409 `not-yet-in-log`."""
    load = partial(
        load_concerned,
        decision_id=decision_id(decision),
        receipt=receipt or receipt_header,
        acting=writing.acting,
        now=writing.now,
    )
    kept = await writing.read(load)
    body = await writing.read(partial(proof_of, leaf_id=kept.leaf))
    name = f'attachment; filename="decision-{kept.decision.id}.tlog-proof"'
    return Response(body, headers={**PRIVATE, "content-disposition": name})


@get("/cases/{secret:str}", operation_id="ReadCase", **OPEN)
async def case(secret: FromPath[str], writing: NamedDependency[Writing]) -> Response[CaseView]:
    """How a report or an appeal stands, for whoever has the secret link. 404 `no-such-case`."""
    found = await writing.read(partial(cases.get_by_secret, digest=digest_of(secret)))
    view = CaseView(
        case=found.number,
        kind=found.kind,
        state=found.state,
        subject=found.subject,
        decision=found.decision,
        class_id=found.class_id,
        statement=found.statement,
        received_at=found.received_at,
        due=found.due_at,
    )
    return Response(view, headers=PRIVATE)


def decision_id(text: str) -> DecisionId:
    """Raises NoSuchDecision: this is no id at all."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID):
        raise NoSuchDecision
    return DecisionId(text)


def filed_view(filed: Filed, base_url: str) -> FiledView:
    path = f"/c/{filed.secret}"
    return FiledView(case=filed.case, secret_url=base_url + path, next=path, due=filed.due)


HANDLERS: list[Any] = [report, appeal, statement, proof, case]
