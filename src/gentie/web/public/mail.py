"""Mail as its person sees it: where to, what about, what became of it. Pages and data."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody

from gentie.accounts.model import Credentials
from gentie.accounts.queries import get_poster, has_password
from gentie.actions.identity.answer_mail import answer_mail
from gentie.actions.identity.ask_for_mail import SealedAddress, Wishes, ask_for_mail
from gentie.actions.identity.choose_mail import choose_mail
from gentie.actions.identity.end_mail import end_mail
from gentie.actions.posting.count_attempt import count_attempt
from gentie.kernel.refusal import Refusal
from gentie.kernel.texts import LANGS
from gentie.mail import queries
from gentie.mail.model import Contact, ContactState, Letter, LetterState, MailNotOffered
from gentie.mail.rules import hint_of, require_address
from gentie.screening.rates import Rate
from gentie.web.access import CSRF_FIELD
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.proving import prove
from gentie.web.account.showing import show as show_account
from gentie.web.mailing import Mailing
from gentie.web.public.showing import Page, go, refused, require_ours, show

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
PRIVATE = {"cache-control": "no-store"}
A_DAY = timedelta(days=1)


class LetterView(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    state: LetterState
    created_at: datetime
    sent_at: datetime | None
    next_try: datetime | None
    error: str
    """What kind of failure the last attempt met. Empty: none."""

    @classmethod
    def of(cls, letter: Letter) -> "LetterView":
        waits = letter.state is LetterState.WAITING
        return cls(
            kind=letter.kind.value,
            state=letter.state,
            created_at=letter.created_at,
            sent_at=letter.sent_at,
            next_try=letter.due_at if waits else None,
            error=letter.error,
        )


class MailView(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    """As much of it as its owner needs. Empty: none was given."""
    state: ContactState | None
    lang: str
    replies: bool
    decisions: bool
    sign_in: bool
    letters: tuple[LetterView, ...]

    @classmethod
    def of(cls, contact: Contact | None, letters: list[Letter]) -> "MailView":
        return cls(
            address=contact.hint if contact else "",
            state=contact.state if contact else None,
            lang=contact.lang if contact else "",
            replies=contact.replies if contact else False,
            decisions=contact.decisions if contact else False,
            sign_in=contact.sign_in if contact else False,
            letters=tuple(map(LetterView.of, letters)),
        )


class MailRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    address: Annotated[str, msgspec.Meta(max_length=300)] = ""
    """A new one, which a letter asks first. Empty: leave it."""
    lang: Annotated[str, msgspec.Meta(pattern="^(zh-CN|en)$")]
    replies: bool
    decisions: bool
    sign_in: bool = False
    """Whether whoever reads mail there may sign in by a link."""
    password: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    """To make the address a way in, where the account has one."""


@get("/me/mail", operation_id="ReadMyMail")
async def read_mail(asking: NamedDependency[Asking]) -> Response[MailView]:
    """Where I get mail, what about, and what became of the last letters."""
    asking.acting.require("account:self")
    return Response(await _load(asking), headers=PRIVATE)


@put("/me/mail", operation_id="ChooseMyMail")
async def choose(
    data: JSONBody[MailRequest],
    asking: NamedDependency[Asking],
    mailing: NamedDependency[Mailing | None],
) -> Response[MailView]:
    """Give an address, or change what mail is about.

    A new address gets a letter with a link first, and nothing else before that was followed.
    422 `bad-address`, 409 `address-refuses`, 429 `too-many`, 404 `no-contact`, `mail-not-offered`.
    """
    asking.acting.require("account:self")
    wishes = msgspec.convert(data, Wishes, from_attributes=True)
    await _choose(asking, mailing, data.address, wishes, password=data.password)
    return Response(await _load(asking), headers=PRIVATE)


@delete("/me/mail", operation_id="EndMyMail")
async def end(asking: NamedDependency[Asking]) -> None:
    """Forget my address."""
    await asking.act(partial(end_mail, acting=asking.acting, now=asking.now))


@get("/account/mail")
async def mail_page(
    asking: NamedDependency[Asking], mailing: NamedDependency[Mailing | None]
) -> Page:
    if not asking.is_commenter:
        return go("/account/sign-in?next=/account/mail")
    return await _mail_page(asking, mailing)


@post("/account/mail")
async def choose_here(
    data: Form, asking: NamedDependency[Asking], mailing: NamedDependency[Mailing | None]
) -> Page:
    if not asking.is_commenter:
        return go("/account/sign-in?next=/account/mail")
    require_ours(asking, data.get(CSRF_FIELD, ""))
    lang = next((one for one in LANGS if one == data.get("lang")), asking.lang)
    wished = {one: one in data for one in ("replies", "decisions", "sign_in")}
    wishes = Wishes(lang=lang, **wished)
    password = data.get("password", "")
    try:
        await _choose(asking, mailing, data.get("address", ""), wishes, password=password)
    except Refusal as no:
        return await _mail_page(asking, mailing, no=no, typed=data)
    return go("/account/mail")


@post("/account/mail/end")
async def end_here(data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return go("/account/sign-in?next=/account/mail")
    require_ours(asking, data.get(CSRF_FIELD, ""))
    await asking.act(partial(end_mail, acting=asking.acting, now=asking.now))
    return go("/account/mail")


@get("/mail/{ticket:str}")
async def ask(
    ticket: FromPath[str],
    asking: NamedDependency[Asking],
    mailing: NamedDependency[Mailing | None],
) -> Page:
    """Says what the link does, and does nothing: programs open links to look at them."""
    answer, _ = _offered(mailing).tickets.read(ticket)
    return show(asking, "mail_answer.html", answer=answer.value, ticket=ticket, done=False)


@post("/mail/{ticket:str}", status_code=200)
async def answer(
    ticket: FromPath[str],
    asking: NamedDependency[Asking],
    mailing: NamedDependency[Mailing | None],
) -> Page:
    """Do it, by a button or by the one click of a mail program (RFC 8058). Needs no session."""
    tickets = _offered(mailing).tickets
    answering = partial(answer_mail, ticket=ticket, tickets=tickets)
    done = await asking.act(partial(answering, acting=asking.acting, now=asking.now))
    return show(asking, "mail_answer.html", answer=done.value, ticket=ticket, done=True)


async def _mail_page(
    asking: Asking,
    mailing: Mailing | None,
    *,
    no: Refusal | None = None,
    typed: Mapping[str, str] | None = None,
) -> Page:
    """With `no`, why not, and what was typed stays."""
    by_password = await asking.read(partial(has_password, account=asking.acting.account))
    return show_account(
        asking,
        "mail.html",
        no=no,
        mail=await _load(asking),
        typed=typed,
        langs=LANGS,
        offered=mailing is not None,
        by_password=by_password,
    )


async def _choose(
    asking: Asking, mailing: Mailing | None, given: str, wishes: Wishes, *, password: str
) -> None:
    proven = await _prove(asking, password) if password else None
    if not given:
        changing = partial(choose_mail, wishes=wishes, proven=proven)
        await asking.act(partial(changing, acting=asking.acting, now=asking.now))
        return
    addresses = _offered(mailing).addresses
    address, account = require_address(given), asking.acting.account
    mark = addresses.mark(address)
    rates = [Rate(f"mail:account:{account}", A_DAY, 5), Rate(f"mail:address:{mark}", A_DAY, 3)]
    await asking.act(partial(count_attempt, attempted=rates, acting=asking.acting, now=asking.now))
    sealed = SealedAddress(
        sealed=addresses.seal(address, account), hint=hint_of(address), mark=mark
    )
    wanting = partial(ask_for_mail, address=sealed, wishes=wishes, proven=proven)
    await asking.act(partial(wanting, acting=asking.acting, now=asking.now))


async def _prove(asking: Asking, password: str) -> Credentials | None:
    """Raises TooMany."""
    poster = await asking.read(partial(get_poster, account=asking.acting.account))
    return await prove(asking, poster.name, password)


async def _load(asking: Asking) -> MailView:
    account = asking.acting.account
    contact = await asking.read(partial(queries.find_contact, account=account))
    return MailView.of(contact, await asking.read(partial(queries.letters_to, account=account)))


def _offered(mailing: Mailing | None) -> Mailing:
    """Raises MailNotOffered."""
    if mailing is None:
        raise MailNotOffered
    return mailing


_ASKING: dict[str, Any] = {"asking": Provide(provide_asking)}
routes = [
    Router(
        "/",
        route_handlers=[mail_page, choose_here, end_here, ask, answer],
        dependencies=_ASKING,
        exception_handlers={Refusal: refused},
        include_in_schema=False,
    ),
    Router("/api/v1", route_handlers=[read_mail, choose, end], dependencies=_ASKING, tags=["me"]),
]
