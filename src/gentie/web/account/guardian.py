"""Children and guardians: what a child asks for, and what a guardian says to. Without script."""

from functools import partial
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from litestar import Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from gentie.accounts import queries as accounts
from gentie.accounts.minors import queries
from gentie.accounts.minors.model import AgeBand, Guardianship
from gentie.actions.identity.answer_for_child import answer_for_child
from gentie.actions.identity.ask_guardian import ask_guardian
from gentie.actions.identity.leave_child import leave_child
from gentie.kernel.ids import AccountId
from gentie.kernel.refusal import Refusal
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.showing import Form, Page, go, refused_page, require_ours, show, to_sign_in

HERE: Final = "/account/guardian"


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """A consent and the other side of it."""

    account: AccountId
    name: str
    given: Guardianship


@get("/")
async def guardian_page(asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    return await _page(asking)


@post("/")
async def ask(data: Form, asking: NamedDependency[Asking]) -> Page:
    """Make the link. It is shown once."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    code = await asking.act(partial(ask_guardian, acting=asking.acting, now=asking.now))
    return await _page(asking, link=f"{asking.people.access.origin}{HERE}/for/{code}")


@post("/leave")
async def leave(data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    leaving = partial(leave_child, child=AccountId(data.get("child", "")))
    await asking.act(partial(leaving, acting=asking.acting, now=asking.now))
    return go(HERE)


@get("/for/{code:str}")
async def for_page(code: FromPath[str], asking: NamedDependency[Asking]) -> Page:
    """What the guardian is asked. Looking changes nothing."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    child = await asking.read(partial(queries.child_behind, code=code, now=asking.now))
    poster = await asking.read(partial(accounts.get_poster, account=child))
    band = await asking.read(partial(queries.find_band, account=asking.acting.account))
    adult = band is AgeBand.ADULT
    return show(asking, "guardian_for.html", code=code, child=poster.name, adult=adult, next=HERE)


@post("/for/{code:str}")
async def say_yes(code: FromPath[str], data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    if data.get("sure") != "yes":
        return go(f"{HERE}/for/{code}")
    await asking.act(partial(answer_for_child, code=code, acting=asking.acting, now=asking.now))
    return go(HERE)


async def _page(asking: Asking, *, link: str = "") -> Page:
    account = asking.acting.account
    band = await asking.read(partial(queries.find_band, account=account))
    mine = await asking.read(partial(_named, account=account, of_child=True))
    theirs = await asking.read(partial(_named, account=account, of_child=False))
    return show(asking, "guardian.html", band=band, guardians=mine, children=theirs, link=link)


def _named(tx: sa.Connection, account: AccountId, *, of_child: bool) -> list[Answered]:
    found = queries.guardians_of(tx, account) if of_child else queries.children_of(tx, account)
    others = [(one.guardian if of_child else one.child, one) for one in found]
    return [
        Answered(account=other, name=accounts.get_poster(tx, other).name, given=one)
        for other, one in others
    ]


HANDLERS: list[Any] = [guardian_page, ask, leave, for_page, say_yes]
router = Router(
    HERE,
    route_handlers=HANDLERS,
    dependencies={"asking": Provide(provide_asking)},
    exception_handlers={Refusal: refused_page},
    include_in_schema=False,
)
routes = [router]
