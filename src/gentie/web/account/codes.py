"""Verifying by a one-time code: pages without script, and JSON.

How often, to whom, and whether it was right, is the same for both.
"""

import re
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from gentie.accounts.adapters.gateway import CodeGateway
from gentie.accounts.codes import rules
from gentie.accounts.codes.model import Proof, SentCode
from gentie.accounts.model import NoSuchProvider, Purpose, Verification
from gentie.actions.identity.begin_code_check import begin_code_check
from gentie.actions.identity.count_code_try import count_code_try
from gentie.actions.identity.give_consent import give_consent
from gentie.actions.identity.use_code import use_code
from gentie.actions.posting.count_attempt import count_attempt
from gentie.kernel.actor import SERVICE
from gentie.kernel.chance import new_number_below, new_secret
from gentie.kernel.refusal import Refusal
from gentie.kernel.texts import in_lang
from gentie.screening.rates import Rate
from gentie.vault.model import Field
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.proving import keyed
from gentie.web.account.returning import safe_path
from gentie.web.account.showing import (
    Form,
    Page,
    go,
    next_of,
    refused_page,
    require_ours,
    show,
    to_sign_in,
)
from gentie.web.account.verifying import Shown, record
from gentie.web.account.views import VerificationView, Word

_HOUR: Final = timedelta(hours=1)
BY_TARGET: Final = 5
"""Codes to one number in an hour: each costs money, and disturbs whoever has the number."""
BY_ACCOUNT: Final = 5
BY_ADDRESS: Final = 20
BY_SITE: Final = 600
"""For all people who come from one site together."""
_SITE: Final = re.compile(r"/t/([a-z0-9-]{1,40})/|[?&]site=([a-z0-9-]{1,40})")
_KEPT: Final = {Proof.PHONE: Field.PHONE, Proof.ORG_CODE: Field.ORG_CODE}


class OnItsWay(msgspec.Struct, frozen=True, kw_only=True):
    """A code that was handed to the gateway."""

    ticket: str
    target: str
    """The number in its one form."""
    expires_at: datetime


def gateway_of(asking: Asking, provider: str) -> CodeGateway:
    """Raises NoSuchProvider: the operator trusts none of that name."""
    try:
        return asking.people.gateways[provider]
    except KeyError:
        raise NoSuchProvider(provider=provider) from None


async def send_code(asking: Asking, provider: str, typed: str, *, back_to: str) -> OnItsWay:
    """Send a code to what was typed, for this account in this session.

    Raises:
        NoSuchProvider, BadNumber, BadOrgCode, TooMany, ConsentRequired, AccountClosed: no code
            was made.
        ProviderUnavailable: the gateway did not take it.
    """
    asking.acting.require("identity:verify")
    gateway = gateway_of(asking, provider)
    target = rules.normal_target(typed, gateway.gateway.proof)
    await _count(asking, target, back_to)
    ticket, code = new_secret(), f"{new_number_below(10**rules.DIGITS):0{rules.DIGITS}d}"
    kept = SentCode(
        account=asking.acting.account,
        provider=provider,
        session=_mark(asking, "session", asking.token),
        target=_mark(asking, "target", target),
        code=_mark(asking, "code", ticket, code),
        tries=0,
        back_to=back_to,
        expires_at=asking.now + rules.TERM,
        used_at=None,
    )
    begin = partial(begin_code_check, ticket=ticket, kept=kept, acting=asking.acting)
    await asking.act(partial(begin, now=asking.now))
    said = in_lang(
        "{code} is your code for {service}. It is good for 5 minutes. Tell it to nobody.",
        asking.lang,
        code=code,
        service=asking.people.access.origin,
    )
    await gateway.send(target, said, reference=ticket)
    return OnItsWay(ticket=ticket, target=target, expires_at=kept.expires_at)


async def confirm_code(
    asking: Asking, ticket: str, typed: str, code: str
) -> tuple[SentCode, Verification]:
    """Take the code that came, once.

    Raises:
        CodeWrong: wrong, late, used, tried five times, or asked for elsewhere.
        NotVerified, NotAdmitted, ConsentRequired, AccountClosed: the account is as it was.
    """
    acting, now, target = asking.acting, asking.now, typed.strip()
    await asking.act(partial(count_code_try, ticket=ticket, acting=acting, now=now))
    using = partial(
        use_code,
        ticket=ticket,
        session=_mark(asking, "session", asking.token),
        target=_mark(asking, "target", target),
        code=_mark(asking, "code", ticket, "".join(code.split())),
    )
    kept = await asking.act(partial(using, acting=acting, now=now))
    gateway = gateway_of(asking, kept.provider).gateway
    shown = Shown(
        provider=kept.provider,
        attested=rules.attested_by(gateway, now=now),
        sector=gateway.proof.value,
        identifier=target,
        fields={_KEPT[gateway.proof]: target},
    )
    return kept, await record(asking, shown, acting)


def site_in(back_to: str) -> str:
    """The site that somebody comes from, as far as the way back tells. Empty: it does not."""
    found = _SITE.search(unquote(back_to))
    return next(filter(None, found.groups()), "") if found else ""


async def _count(asking: Asking, target: str, back_to: str) -> None:
    client = asking.request.client
    address = client.host if client else ""
    rates = [
        Rate(f"code:target:{keyed(asking, target)}", _HOUR, BY_TARGET),
        Rate(f"code:account:{asking.acting.account}", _HOUR, BY_ACCOUNT),
        Rate(f"code:address:{keyed(asking, address)}", _HOUR, BY_ADDRESS),
        Rate(f"code:site:{site_in(back_to)}", _HOUR, BY_SITE),
    ]
    await asking.act(partial(count_attempt, attempted=rates, acting=SERVICE, now=asking.now))


def _mark(asking: Asking, what: str, *parts: str) -> str:
    return rules.mark_of(what, *parts, key=asking.people.code_key)


class CodeWanted(msgspec.Struct, forbid_unknown_fields=True):
    provider: Word
    target: Word
    """A phone number with its country, or an organisation code."""
    next: Word = ""


class CodeSent(msgspec.Struct, kw_only=True):
    ticket: str
    """Goes back with the code."""
    target: str
    expires_at: datetime


class CodeGiven(msgspec.Struct, forbid_unknown_fields=True):
    ticket: Word
    target: Word
    """As the answer before named it."""
    code: Word


@post("/", operation_id="SendVerificationCode")
async def send(data: JSONBody[CodeWanted], asking: NamedDependency[Asking]) -> CodeSent:
    """Have a code sent. Needs the consent `identity-check`.

    Answers 422 `bad-phone-number` or `bad-org-code`, 429, or 503 when the gateway does not take it.
    """
    sent = await send_code(asking, data.provider, data.target, back_to=safe_path(data.next))
    return CodeSent(ticket=sent.ticket, target=sent.target, expires_at=sent.expires_at)


@post("/confirm", operation_id="ConfirmVerificationCode", status_code=200)
async def confirm(data: JSONBody[CodeGiven], asking: NamedDependency[Asking]) -> VerificationView:
    """Give the code back, in the session that asked for it. Answers 403 `code-wrong`."""
    _, verification = await confirm_code(asking, data.ticket, data.target, data.code)
    return VerificationView.of(verification)


@get("/code/{provider:str}")
async def code_page(provider: FromPath[str], asking: NamedDependency[Asking]) -> Page:
    """Tells what is checked and kept before anything is typed."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    return _page(asking, provider, next_of(asking))


@post("/code/{provider:str}")
async def send_page(provider: FromPath[str], data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    back, typed = safe_path(data.get("next", "")), data.get("target", "")
    if data.get("consent") == "yes":
        saying = partial(give_consent, purpose=Purpose.IDENTITY_CHECK)
        await asking.act(partial(saying, acting=asking.acting, now=asking.now))
    try:
        sent = await send_code(asking, provider, typed, back_to=back)
    except Refusal as no:
        return _page(asking, provider, back, no=no, typed=typed)
    return _code_page(asking, provider, sent.ticket, sent.target, back)


@post("/code/{provider:str}/confirm")
async def confirm_page(
    provider: FromPath[str], data: Form, asking: NamedDependency[Asking]
) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    ticket, target = data.get("ticket", ""), data.get("target", "")
    try:
        kept, _ = await confirm_code(asking, ticket, target, data.get("code", ""))
    except Refusal as no:
        back = safe_path(data.get("next", ""))
        return _code_page(asking, provider, ticket, target, back, no=no)
    return go(kept.back_to)


def _page(
    asking: Asking, provider: str, back: str, *, no: Refusal | None = None, typed: str = ""
) -> Page:
    gateway = gateway_of(asking, provider).gateway
    return show(asking, "verify_code.html", no=no, gateway=gateway, typed=typed, next=back)


def _code_page(
    asking: Asking, provider: str, ticket: str, target: str, back: str, *, no: Refusal | None = None
) -> Page:
    sent = {"ticket": ticket, "target": target}
    to_phone = gateway_of(asking, provider).gateway.proof is Proof.PHONE
    return show(
        asking, "code.html", no=no, sent=sent, to_phone=to_phone, provider=provider, next=back
    )


HANDLERS: list[Any] = [code_page, send_page, confirm_page]
_ASKING = {"asking": Provide(provide_asking)}
routes = [
    Router(
        "/api/v1/account/verify/codes",
        route_handlers=[send, confirm],
        dependencies=_ASKING,
        tags=["account"],
    ),
    Router(
        "/account/verify",
        route_handlers=HANDLERS,
        dependencies=_ASKING,
        exception_handlers={Refusal: refused_page},
        include_in_schema=False,
    ),
]
