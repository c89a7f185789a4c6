"""Signing in by a link in a letter: pages without script, where the operator sends mail.

What is said does not depend on whether anybody has given the address, nor does how long it takes.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import msgspec
from litestar import Response, Router, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from gentie.actions.identity.ask_sign_in_link import WayInAsked, ask_sign_in_link
from gentie.actions.identity.sign_in_by_link import sign_in_by_link
from gentie.actions.posting.count_attempt import count_attempt
from gentie.kernel.actor import ANYONE, SERVICE
from gentie.kernel.chance import new_secret
from gentie.kernel.refusal import Refusal
from gentie.mail.model import LinkWrong, MailNotOffered
from gentie.mail.rules import LINK_TERM, require_address
from gentie.screening.rates import Rate
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.proving import keyed
from gentie.web.account.returning import safe_path
from gentie.web.account.showing import Form, Page, go, next_of, refused_page, require_ours, show
from gentie.web.account.views import Word
from gentie.web.mailing import Mailing

_HOUR: Final = timedelta(hours=1)
BY_TARGET: Final = 5
"""Letters to one address in an hour."""
BY_SENDER: Final = 20
"""Letters that one network address may ask for in an hour."""


class AskLink(msgspec.Struct, forbid_unknown_fields=True):
    address: Word
    next: Word = ""
    """Path on this service to go on to afterwards."""


class LinkSent(msgspec.Struct, kw_only=True):
    """What is said to everybody."""

    expires_at: datetime
    """Until when a link, if one was sent, is good."""


_MINUTES: Final = int(LINK_TERM.total_seconds() // 60)


@get("/")
async def link_page(
    asking: NamedDependency[Asking], mailing: NamedDependency[Mailing | None]
) -> Page:
    _offered(mailing)
    return show(asking, "link.html", next=next_of(asking), minutes=_MINUTES)


@post("/")
async def ask(
    data: Form, asking: NamedDependency[Asking], mailing: NamedDependency[Mailing | None]
) -> Page:
    """Answers the same for every address."""
    addresses, back = _offered(mailing).addresses, safe_path(data.get("next", ""))
    require_ours(asking, data)
    try:
        mark = addresses.mark(require_address(data.get("address", "")))
        await _count(asking, mark)
    except Refusal as no:
        return show(asking, "link.html", no=no, next=back, minutes=_MINUTES)
    cookie = await _ask(asking, mark, back)
    page = show(asking, "link_sent.html", minutes=_MINUTES)
    page.set_cookie(cookie)
    return page


@post("/", operation_id="AskSignInLink", status_code=202)
async def ask_as_json(
    data: JSONBody[AskLink],
    asking: NamedDependency[Asking],
    mailing: NamedDependency[Mailing | None],
) -> Response[LinkSent]:
    """Have a link to sign in by sent to an address, if somebody here signs in by it.

    The answer is the same for every address, and sets the cookie of the one browser that the link
    is good for. Answers 404 `mail-not-offered`, 422 `bad-address`, 429.
    """
    addresses = _offered(mailing).addresses
    mark = addresses.mark(require_address(data.address))
    await _count(asking, mark)
    cookies = [await _ask(asking, mark, safe_path(data.next))]
    return Response(LinkSent(expires_at=asking.now + LINK_TERM), status_code=202, cookies=cookies)


async def _ask(asking: Asking, mark: str, back: str) -> Cookie:
    held = asking.people.access.link_of(asking.request) or new_secret()
    asked = WayInAsked(mark=mark, browser=held, back_to=back)
    await asking.act(partial(ask_sign_in_link, asked=asked, acting=ANYONE, now=asking.now))
    return asking.people.access.link_cookie(held, int(LINK_TERM.total_seconds()))


@get("/{ticket:str}")
async def come_page(
    ticket: FromPath[str],
    asking: NamedDependency[Asking],
    mailing: NamedDependency[Mailing | None],
) -> Page:
    """Opens nothing yet: programs open links to look at them."""
    _offered(mailing)
    return show(asking, "link_open.html", ticket=ticket)


@post("/{ticket:str}")
async def come(
    ticket: FromPath[str],
    data: Form,
    asking: NamedDependency[Asking],
    mailing: NamedDependency[Mailing | None],
) -> Page:
    require_ours(asking, data)
    access, tickets = asking.people.access, _offered(mailing).tickets
    held = access.link_of(asking.request)
    try:
        coming = partial(sign_in_by_link, ticket=ticket, browser=held, tickets=tickets)
        came = await asking.act(partial(coming, acting=ANYONE, now=asking.now))
    except LinkWrong as no:
        return show(asking, "link.html", no=no, next=safe_path(""), minutes=_MINUTES)
    cookies = [access.cookie_for(came.session), access.link_cookie("", 0)]
    return go(came.back_to, cookies=cookies)


async def _count(asking: Asking, mark: str) -> None:
    client = asking.request.client
    sender = keyed(asking, client.host if client else "")
    rates = [
        Rate(f"link:target:{keyed(asking, mark)}", _HOUR, BY_TARGET),
        Rate(f"link:address:{sender}", _HOUR, BY_SENDER),
    ]
    await asking.act(partial(count_attempt, attempted=rates, acting=SERVICE, now=asking.now))


def _offered(mailing: Mailing | None) -> Mailing:
    """Raises MailNotOffered."""
    if mailing is None:
        raise MailNotOffered
    return mailing


HANDLERS: list[Any] = [link_page, ask, come_page, come]
routes = [
    Router(
        "/account/link",
        route_handlers=HANDLERS,
        dependencies={"asking": Provide(provide_asking)},
        exception_handlers={Refusal: refused_page},
        include_in_schema=False,
    ),
    Router(
        "/api/v1/account/link",
        route_handlers=[ask_as_json],
        dependencies={"asking": Provide(provide_asking)},
        tags=["account"],
    ),
]
