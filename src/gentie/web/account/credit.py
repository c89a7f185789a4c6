"""One's own credit, and the lessons: pages without script, and the same as JSON."""

from functools import partial
from typing import Any

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from gentie.accounts.lessons import get_lesson
from gentie.actions.identity.finish_lesson import Finished, finish_lesson
from gentie.catalogue import fulfils
from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal
from gentie.pages.credit import CreditView, LessonView, load_credit, load_lessons
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.showing import Form, Page, refused_page, require_ours, show, to_sign_in
from gentie.web.account.views import Word

_MOST = 20
"""Questions of a lesson, at the very most."""


class Answers(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    answers: tuple[int, ...] = ()
    """For each question the number of a choice, from 0."""
    site: Word | None = None
    """Where credit is to come back."""


@get("/credit")
@fulfils("2017-9.1a", "2022-8.a")
async def credit_page(asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    found = await asking.read(partial(load_credit, acting=asking.acting, now=asking.now))
    return show(asking, "credit.html", found=found)


@get("/lessons")
@fulfils("2017-6.1c", "2022-6.c")
async def lessons_page(asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    found = await asking.read(partial(load_lessons, acting=asking.acting))
    return show(asking, "lessons.html", found=found)


@get("/lessons/{lesson:str}")
async def lesson_page(lesson: FromPath[str], asking: NamedDependency[Asking]) -> Page:
    site = asking.request.query_params.get("site", "")
    return show(asking, "lesson.html", lesson=get_lesson(lesson), site=site, finished=None)


@post("/lessons/{lesson:str}")
async def answer_page(lesson: FromPath[str], data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    asked = get_lesson(lesson)
    given = [data.get(f"q{number}", "") for number in range(len(asked.questions))]
    answers = tuple(int(one) if one.isdecimal() else -1 for one in given)
    finished = await _finish(asking, lesson, answers, data.get("site") or None)
    site = data.get("site", "")
    return show(asking, "lesson.html", lesson=asked, site=site, finished=finished, answers=answers)


@get("/credit", operation_id="GetCredit")
@fulfils("2017-9.1a", "2022-8.a")
async def credit(asking: NamedDependency[Asking]) -> Response[tuple[CreditView, ...]]:
    """My credit on each site where something counts: figure, tier, every event, the way back."""
    found = await asking.read(partial(load_credit, acting=asking.acting, now=asking.now))
    return Response(found, headers={"cache-control": "no-store"})


@get("/lessons", operation_id="ListLessons")
async def lessons(asking: NamedDependency[Asking]) -> Response[tuple[LessonView, ...]]:
    """The lessons, and which of them I was offered or have finished."""
    found = await asking.read(partial(load_lessons, acting=asking.acting))
    return Response(found, headers={"cache-control": "no-store"})


@post("/lessons/{lesson:str}", operation_id="FinishLesson", status_code=200)
async def answer(
    lesson: FromPath[str], data: JSONBody[Answers], asking: NamedDependency[Asking]
) -> Finished:
    """Answer a lesson's questions. Wrong answers cost nothing; answers 404 `no-such-lesson`."""
    return await _finish(asking, lesson, data.answers[:_MOST], data.site)


async def _finish(
    asking: Asking, lesson: str, answers: tuple[int, ...], site: str | None
) -> Finished:
    where = SiteId(site) if site else None
    finishing = partial(finish_lesson, name=lesson, answers=answers, site=where)
    return await asking.act(partial(finishing, acting=asking.acting, now=asking.now))


_PAGES: list[Any] = [credit_page, lessons_page, lesson_page, answer_page]
_API: list[Any] = [credit, lessons, answer]
_ASKING = {"asking": Provide(provide_asking)}
routes = [
    Router(
        "/account",
        route_handlers=_PAGES,
        dependencies=_ASKING,
        exception_handlers={Refusal: refused_page},
        include_in_schema=False,
    ),
    Router("/api/v1/account", route_handlers=_API, dependencies=_ASKING, tags=["account"]),
]
