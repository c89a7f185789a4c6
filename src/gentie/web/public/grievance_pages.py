"""Reports, statements of reasons, appeals and the state of a case, as plain pages."""

import re
from functools import partial
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter

from gentie.actions.grievances.file_appeal import file_appeal
from gentie.actions.grievances.file_report import Report, file_report
from gentie.cases import queries as cases
from gentie.cases.model import Filed, NothingToReport
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import get_regime
from gentie.kernel.chance import digest_of
from gentie.kernel.ids import CommentRef, NoSuchComment
from gentie.kernel.refusal import Refusal
from gentie.kernel.texts import in_lang
from gentie.pages.house import classes_of
from gentie.pages.statement import load_statement
from gentie.pages.views import load_comment
from gentie.web.account.asking import Asking
from gentie.web.embed.grievances import decision_id
from gentie.web.embed.writing import Writing
from gentie.web.problems import STATUS
from gentie.web.public.showing import Page, require_ours, show
from gentie.web.public.thread_html import path_of
from gentie.web.reader import lang_for

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
Subject = Annotated[str, QueryParameter()]
Receipt = Annotated[str, QueryParameter()]


@get("/report")
async def report_form(asking: NamedDependency[Asking], subject: Subject = "") -> Page:
    """Which rule, a word if you like, and send: no account. Without a comment, ask for its link."""
    try:
        ref = comment_in(subject)
    except NoSuchComment as no:
        return _which(asking, subject, no if subject else None)
    return await _report_form(asking, str(ref))


@post("/report")
@fulfils("2022-13.1a")
async def report(
    data: Form,
    asking: NamedDependency[Asking],
    writing: NamedDependency[Writing],
    base_url: NamedDependency[str],
) -> Page:
    require_ours(asking, data.get("csrf", ""))
    await writing.count("report")
    subject = data.get("subject", "")
    wanted = Report(
        subject=CommentRef.parse(subject),
        class_id=data.get("class", ""),
        statement=data.get("statement", "")[:5000],
    )
    body = partial(file_report, report=wanted, acting=asking.acting, now=asking.now)
    try:
        filed = await writing.act(body)
    except Refusal as no:
        return await _report_form(asking, subject, no=no)
    return _filed(asking, filed, base_url, appeal=False)


@get("/c/{secret:str}")
async def case(secret: FromPath[str], asking: NamedDependency[Asking]) -> Page:
    """How a case stands, for whoever has the link."""
    found = await asking.read(partial(cases.get_by_secret, digest=digest_of(secret)))
    return show(asking, "case.html", case=found)


@get("/d/{decision:str}")
async def statement(
    decision: FromPath[str], asking: NamedDependency[Asking], receipt: Receipt = ""
) -> Page:
    """The statement of reasons, for the person concerned."""
    return await _statement(asking, decision, receipt)


@post("/d/{decision:str}/appeal")
@fulfils("2022-13.1a")
async def appeal(
    decision: FromPath[str],
    data: Form,
    asking: NamedDependency[Asking],
    writing: NamedDependency[Writing],
    base_url: NamedDependency[str],
) -> Page:
    require_ours(asking, data.get("csrf", ""))
    await writing.count("appeal")
    receipt = data.get("receipt", "")
    body = partial(
        file_appeal,
        decision=decision_id(decision),
        statement=data.get("statement", "")[:5000],
        receipt=receipt,
        acting=asking.acting,
        now=asking.now,
    )
    try:
        filed = await writing.act(body)
    except Refusal as no:
        return await _statement(asking, decision, receipt, no=no)
    return _filed(asking, filed, base_url, appeal=True)


def comment_in(text: str) -> CommentRef:
    """The comment that a permanent link names: of our own pages, of the widget's, or a bare id.

    Raises:
        NoSuchComment: the text is neither.
    """
    try:
        link = urlsplit(text.strip())
    except ValueError as error:
        raise NoSuchComment from error
    named = parse_qs(link.query).get("comment", [""])[-1]
    marked = re.sub(r"\A(gentie|c)-", "", link.fragment)
    return CommentRef.parse(named or marked or link.path.rpartition("/")[2])


def _which(asking: Asking, given: str, no: Refusal | None) -> Page:
    lang = lang_for(asking.request)
    said = in_lang("No comment can be found by this.", lang) if no else ""
    status = STATUS[type(no)] if no else 200
    return show(asking, "which.html", status=status, given=given[:2000], said=said)


async def _report_form(asking: Asking, subject: str, *, no: Refusal | None = None) -> Page:
    ref = CommentRef.parse(subject)
    found = await asking.read(partial(load_comment, ref=ref, now=asking.now))
    shown = (found.branch, *found.branch.replies) if found else ()
    about = next((one for one in shown if one.id == subject), None)
    if found is None or about is None or hasattr(about, "tombstone"):
        raise NothingToReport
    return show(
        asking,
        "report.html",
        subject=subject,
        about=about,
        classes=classes_of(get_regime(found.place.site.regime)),
        back=path_of(found.head, comment=subject),
        said=in_lang(no.says, lang_for(asking.request)) if no else "",
    )


def _filed(asking: Asking, filed: Filed, base_url: str, *, appeal: bool) -> Page:
    link = f"{base_url}/c/{filed.secret}"
    return show(asking, "filed.html", filed=filed, link=link, appeal=appeal)


async def _statement(
    asking: Asking, decision: str, receipt: str, *, no: Refusal | None = None
) -> Page:
    load = partial(
        load_statement,
        decision_id=decision_id(decision),
        receipt=receipt,
        acting=asking.acting,
        now=asking.now,
    )
    return show(
        asking,
        "decision.html",
        one=await asking.read(load),
        receipt=receipt,
        said=in_lang(no.says, lang_for(asking.request)) if no else "",
    )


HANDLERS: list[Any] = [report_form, report, case, statement, appeal]
