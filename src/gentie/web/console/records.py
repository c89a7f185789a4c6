"""Looking things up, removing what is public, and the lists of reports, appeals, decisions."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.moderation.reverse_decision import reverse_decision
from gentie.cases.model import CaseKind, NoSuchCase
from gentie.catalogue.regimes import get_regime
from gentie.decisions.model import Measure, NoSuchDecision, Source
from gentie.kernel.ids import CaseId, CommentRef, DecisionId, NoSuchComment, is_row_id
from gentie.kernel.refusal import Refusal
from gentie.pages.records import (
    load_attached,
    load_cases,
    load_comment_record,
    load_evidence,
    load_record,
    load_sites,
)
from gentie.web.console.views import row_id
from gentie.web.console.visit import Form, Page, Visit, go
from gentie.web.console.words import (
    by_tier,
    legal_title,
    propose_facts,
    propose_removal,
    time_since,
    typed,
)

_REF = re.compile(r"(?:#c-|[?&]comment=|/comments/|^)([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")
_SOURCES = frozenset({Source.PATROL, Source.REPORT, Source.ORDER, Source.OWN})
_REVERSING = frozenset({Source.OWN, Source.APPEAL, Source.REPORT, Source.ORDER})


@get("/comment")
async def comment_page(visit: NamedDependency[Visit]) -> Page:
    given = visit.asked("ref").strip()
    if not given:
        return await visit.page("comment.html", found=None, given="", said={})
    return await _show(visit, given)


@post("/comment/remove")
async def remove(data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    removal = Removal(
        class_id=data.get("class", ""),
        facts=data.get("facts", ""),
        message=data.get("message", ""),
        source=_source(data, _SOURCES, Source.PATROL),
    )
    given = data.get("ref", "")
    return await visit.carry_out(
        lambda: partial(remove_comment, ref=CommentRef.parse(given), removal=removal),
        again=partial(_show, visit, given, said=data),
        then=go("/console/comment", ref=given),
    )


@post("/comment/reverse")
async def reverse(data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    given = data.get("ref", "")
    source = _source(data, _REVERSING, Source.OWN)
    return await visit.carry_out(
        lambda: partial(
            reverse_decision,
            decision=DecisionId(row_id(data.get("decision", ""), NoSuchDecision)),
            source=source,
        ),
        again=partial(_show, visit, given),
        then=go("/console/comment", ref=given),
    )


@get("/decisions")
async def decisions_page(visit: NamedDependency[Visit]) -> Page:
    measure, class_id, before = (visit.asked(name) for name in ("measure", "class", "before"))
    wanted = Measure(measure) if measure in {one.value for one in Measure} else None
    loading = partial(
        load_record,
        site=visit.site,
        measure=wanted,
        class_id=class_id or None,
        before=int(before) if is_row_id(before) else None,
    )
    record = await visit.read(partial(loading, acting=visit.acting))
    sites = await visit.read(partial(load_sites, acting=visit.acting))
    classes = {one.id: one for site in sites for one in get_regime(site.regime).classes}
    return await visit.page(
        "decisions.html",
        record=record,
        sites=sites,
        measure=measure,
        class_id=class_id,
        groups=by_tier(tuple(classes.values())),
        more=record[-1].id if len(record) == 50 else "",  # noqa: PLR2004 what a page holds
    )


@get("/reports")
async def reports_page(visit: NamedDependency[Visit]) -> Page:
    return await _cases(visit, CaseKind.REPORT)


@get("/appeals")
async def appeals_page(visit: NamedDependency[Visit]) -> Page:
    return await _cases(visit, CaseKind.APPEAL)


async def _cases(visit: Visit, kind: CaseKind) -> Page:
    loading = partial(load_cases, site=visit.site, kind=kind, acting=visit.acting)
    sites = await visit.read(partial(load_sites, acting=visit.acting))
    titles = {
        (site.id, one.id): one.title.in_lang(visit.lang)
        for site in sites
        for one in get_regime(site.regime).classes
    }
    found = await visit.read(loading)
    attached = await visit.read(partial(load_attached, found=found))
    return await visit.page(
        "cases.html", kind=kind.value, cases=found, titles=titles, attached=attached
    )


@get("/cases/{case:str}/evidence")
async def evidence(case: FromPath[str], visit: NamedDependency[Visit]) -> Response[bytes]:
    """What a reporter attached, byte for byte. Raises NoSuchCase, MayNot."""
    if not is_row_id(case):
        raise NoSuchCase
    body = await visit.read(partial(load_evidence, case=CaseId(case), acting=visit.acting))
    name = f'attachment; filename="evidence-of-case-{case}.json"'
    return Response(
        body,
        media_type="application/json",
        headers={"cache-control": "no-store", "content-disposition": name},
    )


async def _show(
    visit: Visit,
    given: str,
    *,
    no: Refusal | None = None,
    said: Mapping[str, str] | None = None,
) -> Page:
    """One contribution. A text that names none says so."""
    try:
        reading = partial(load_comment_record, ref=_ref_in(given), acting=visit.acting)
        found = await visit.read(partial(reading, now=visit.now))
    except NoSuchComment as absent:
        return await visit.page("comment.html", no=no or absent, found=None, given=given, said={})
    told = found.site.lang
    return await visit.page(
        "comment.html",
        no=no,
        found=found,
        given=given,
        groups=by_tier(found.regime.classes),
        chosen=(said or {}).get("class", ""),
        facts=propose_facts(found.text[:60], told),
        said=typed(said),
        legal=lambda one: legal_title(one, visit.lang),
        propose=lambda one: propose_removal(one, told),
        ago=lambda moment: time_since(moment, visit.now, visit.lang),
    )


def _ref_in(text: str) -> CommentRef:
    """The contribution that a permanent link or a bare id names.

    Raises:
        NoSuchComment: the text names none.
    """
    found = _REF.search(text)
    if found is None:
        raise NoSuchComment
    return CommentRef.parse(found.group(1))


def _source(data: Mapping[str, str], allowed: frozenset[Source], default: Source) -> Source:
    return next((one for one in allowed if one.value == data.get("source")), default)


HANDLERS: list[Any] = [
    comment_page,
    remove,
    reverse,
    decisions_page,
    reports_page,
    appeals_page,
    evidence,
]
