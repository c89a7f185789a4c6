"""The account centre: one's comments, decisions, appeals, consents and rights; and how to leave.

Plain pages without script. Whose account is closed comes here by a signed link.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from gentie.accounts.after import link_to
from gentie.accounts.model import Purpose
from gentie.actions.grievances.ask_for_right import ask_for_right
from gentie.actions.identity.close_account import close_account
from gentie.actions.identity.give_consent import give_consent
from gentie.actions.identity.return_after import return_after
from gentie.actions.identity.see_rules import see_rules
from gentie.actions.identity.withdraw_consent import withdraw_consent
from gentie.kernel.actor import ANYONE
from gentie.kernel.refusal import Refusal
from gentie.pages.centre import load_filed, load_privacy
from gentie.pages.own import load_decisions, load_written
from gentie.privacy.model import Comments, RequestKind, RequestUnfit
from gentie.web.account.asking import Asking
from gentie.web.account.showing import Form, Page, go, require_ours, show, to_sign_in

_HERE: Final = "/account/privacy"


@get("/comments")
async def comments_page(asking: NamedDependency[Asking]) -> Page:
    """What I wrote, as a table with its state."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    after = asking.request.query_params.get("after")
    written = await asking.read(partial(load_written, after=after, acting=asking.acting))
    return show(asking, "comments.html", written=written)


@get("/decisions")
async def decisions_page(asking: NamedDependency[Asking]) -> Page:
    """What was decided about me, with the reasons, the proof and the way to appeal."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    found = await asking.read(partial(load_decisions, acting=asking.acting))
    appealed = {
        one.decision for one in await asking.read(partial(load_filed, acting=asking.acting))
    }
    return show(asking, "decisions.html", found=found, appealed=appealed, now=asking.now)


@get("/appeals")
async def appeals_page(asking: NamedDependency[Asking]) -> Page:
    """What I filed, and how it stands."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    filed = await asking.read(partial(load_filed, acting=asking.acting))
    return show(asking, "appeals.html", filed=filed, now=asking.now)


@get("/privacy")
async def privacy_page(asking: NamedDependency[Asking]) -> Page:
    """Consents one by one, rights, legal holds, and what changed in the processing rules."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    return await _privacy(asking)


@post("/privacy/consent")
async def say_consent(data: Form, asking: NamedDependency[Asking]) -> Page:
    """Give a consent or take it back: the same one step."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    purpose = next((one for one in Purpose if one.value == data.get("purpose")), None)
    if purpose is None:
        return go(_HERE)
    said = partial(
        give_consent if data.get("given") == "yes" else withdraw_consent, purpose=purpose
    )
    await asking.act(partial(said, acting=asking.acting, now=asking.now))
    return go(_HERE)


@post("/privacy/seen")
async def seen(data: Form, asking: NamedDependency[Asking]) -> Page:
    """I have seen the processing rules as they are now."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    number = data.get("number", "")
    seeing = partial(see_rules, number=int(number) if number.isdecimal() else 0)
    await asking.act(partial(seeing, acting=asking.acting, now=asking.now))
    return go(_HERE)


@post("/privacy/ask")
async def ask(data: Form, asking: NamedDependency[Asking]) -> Page:
    """Ask for a right over my data: number and due date at once."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    kind = next((one for one in RequestKind if one.value == data.get("kind")), None)
    statement = data.get("statement", "")[:5000]
    try:
        if kind is None:
            raise RequestUnfit
        asking_for = partial(ask_for_right, kind=kind, statement=statement)
        await asking.act(partial(asking_for, acting=asking.acting, now=asking.now))
    except Refusal as no:
        return await _privacy(asking, no=no, typed=data)
    return go(f"{_HERE}#rights")


@get("/leave")
async def leave_page(asking: NamedDependency[Asking]) -> Page:
    """A copy of everything, and the way out."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    found = await asking.read(partial(load_privacy, acting=asking.acting, now=asking.now))
    return show(asking, "leave.html", closure=found.closure)


@post("/close", status_code=200)
async def close(data: Form, asking: NamedDependency[Asking]) -> Page:
    """The answer shows the link to the closed account, and nothing else ever does."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    if data.get("sure") != "yes":
        return go("/account/leave")
    comments = Comments.GO if data.get("comments") == "go" else Comments.STAY
    closing = partial(close_account, comments=comments)
    await asking.act(partial(closing, acting=asking.acting, now=asking.now))
    link = link_to(asking.acting.account, asking.people.after_key)
    page = show(asking, "closed.html", link=f"{asking.people.access.origin}/account/after/{link}")
    page.set_cookie(asking.people.access.no_cookie())
    return page


@get("/after/{link:str}")
async def after_page(link: FromPath[str], asking: NamedDependency[Asking]) -> Page:
    """Says what the link does, and does nothing: programs open links to look at them."""
    return show(asking, "after.html", link=link)


@post("/after/{link:str}")
async def after(link: FromPath[str], data: Form, asking: NamedDependency[Asking]) -> Page:
    """Come back to a closed account for half a day."""
    require_ours(asking, data)
    coming = partial(return_after, link=link, key=asking.people.after_key)
    session = await asking.act(partial(coming, acting=ANYONE, now=asking.now))
    return go("/account/decisions", cookies=[asking.people.access.cookie_for(session)])


async def _privacy(
    asking: Asking, *, no: Refusal | None = None, typed: Mapping[str, str] | None = None
) -> Page:
    """With `no`, why not, and what was typed stays."""
    found = await asking.read(partial(load_privacy, acting=asking.acting, now=asking.now))
    return show(
        asking,
        "privacy.html",
        no=no,
        found=found,
        kinds=list(RequestKind),
        now=asking.now,
        typed=typed or {},
    )


HANDLERS: list[Any] = [
    comments_page,
    decisions_page,
    appeals_page,
    privacy_page,
    say_consent,
    seen,
    ask,
    leave_page,
    close,
    after_page,
    after,
]
