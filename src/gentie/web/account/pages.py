"""Pages of one's own account: plain forms, no script, in Chinese and English."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from litestar import Request, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException

from gentie.accounts import queries
from gentie.accounts.adapters.oidc import Callback
from gentie.accounts.model import (
    ATTEMPT_TERM,
    MIN_PASSWORD,
    AttemptInvalid,
    Purpose,
    SessionKind,
)
from gentie.actions.grievances.mark_notices_seen import mark_notices_seen
from gentie.actions.identity.accept_agreement import accept_agreement
from gentie.actions.identity.begin_verification import begin_verification
from gentie.actions.identity.change_name import change_name
from gentie.actions.identity.give_consent import give_consent
from gentie.actions.identity.open_account import open_account
from gentie.actions.identity.return_from_provider import return_from_provider
from gentie.actions.identity.sign_in import sign_in as enter
from gentie.actions.identity.sign_in_staff import sign_in_staff as enter_staff
from gentie.actions.identity.sign_out import sign_out
from gentie.catalogue.regimes import get_regime
from gentie.decisions.queries import count_unseen
from gentie.kernel.actor import ANYONE, Kind
from gentie.kernel.chance import new_secret
from gentie.kernel.refusal import Refusal
from gentie.pages.agreements import find_renewed
from gentie.pages.own import load_notices, load_written
from gentie.pages.privacy import find_news
from gentie.web.account import between, centre, connecting
from gentie.web.account.agreeing import changes_for
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.passkeys import party_of
from gentie.web.account.proving import hash_new, prove, prove_staff
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
from gentie.web.account.verifying import ask_provider, kept_here, provider_of, record, way_out_of
from gentie.web.mailing import Mailing
from gentie.web.problems import STATUS

_SAYS = {refusal.code: refusal.says for refusal in STATUS}
"""What a refusal says, by its code."""
_AGAINST = ("refuse", "remove", "warn", "restrict", "suspend", "close", "bar_reregistration")
"""Kinds of notices from which an appeal starts."""


@get("/sign-up")
async def sign_up_page(asking: NamedDependency[Asking]) -> Page:
    return show(asking, "sign_up.html", next=next_of(asking), shortest=MIN_PASSWORD)


@post("/sign-up")
async def sign_up(data: Form, asking: NamedDependency[Asking]) -> Page:
    require_ours(asking, data)
    name, password, back = data.get("name", ""), data.get("password", ""), data.get("next", "")
    try:
        stored = await hash_new(asking, password)
        opening = partial(open_account, name=name, stored=stored, acting=ANYONE, now=asking.now)
        await asking.act(opening)
    except Refusal as no:
        return show(
            asking, "sign_up.html", no=no, next=safe_path(back), name=name, shortest=MIN_PASSWORD
        )
    return await _enter(asking, data)


@get("/sign-in")
async def sign_in_page(
    asking: NamedDependency[Asking], mailing: NamedDependency[Mailing | None]
) -> Page:
    return _sign_in_page(asking, mailing, next_of(asking))


@post("/sign-in")
async def sign_in(
    data: Form, asking: NamedDependency[Asking], mailing: NamedDependency[Mailing | None]
) -> Page:
    require_ours(asking, data)
    try:
        return await _enter(asking, data)
    except Refusal as no:
        back, name = safe_path(data.get("next", "")), data.get("name", "")
        return _sign_in_page(asking, mailing, back, no=no, name=name)


@post("/sign-out")
async def leave(data: Form, asking: NamedDependency[Asking]) -> Page:
    require_ours(asking, data)
    if asking.acting.kind is not Kind.ANYONE:
        token = asking.token
        await asking.act(partial(sign_out, token=token, acting=asking.acting, now=asking.now))
    back = safe_path(data.get("next", "/account/sign-in"))
    return go(back, cookies=[asking.people.access.no_cookie()])


@get("/agreement")
async def agreement_page(asking: NamedDependency[Asking]) -> Page:
    regime = asking.request.query_params.get("regime", "neutral")
    _require_known(regime)
    version = await asking.read(
        partial(queries.agreement_in_force, regime_id=regime, now=asking.now)
    )
    latest = None
    if asking.is_commenter:
        poster = await asking.read(partial(queries.get_poster, account=asking.acting.account))
        mine = (one.number for one in poster.accepted if one.regime == version.regime)
        latest = max(mine, default=None)
    return show(
        asking,
        "agreement.html",
        version=version,
        accepted=latest == version.number,
        changes=await changes_for(asking, version, latest),
        next=next_of(asking),
    )


@post("/agreement")
async def accept(data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    regime, number = data.get("regime", ""), data.get("version", "")
    accepting = partial(
        accept_agreement, regime=regime, number=int(number) if number.isdecimal() else 0
    )
    await asking.act(partial(accepting, acting=asking.acting, now=asking.now))
    return go(safe_path(data.get("next", "")))


@get("/verify")
async def verify_page(asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    return show(
        asking,
        "verify.html",
        next=next_of(asking),
        kept=await kept_here(asking),
        providers=[one.provider for one in asking.people.providers.values()],
        documents=[one.service for one in asking.people.documents.values()],
        gateways=[one.gateway for one in asking.people.gateways.values()],
        minutes=int(ATTEMPT_TERM.total_seconds() // 60),
    )


@post("/verify")
async def verify(data: Form, asking: NamedDependency[Asking]) -> Page:
    """Consent, set out, and a page that leads to the provider.

    A redirect would not do: the rule that our forms go nowhere else holds for redirects as well.
    """
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    oidc = provider_of(asking.people, data.get("provider", ""))
    if data.get("consent") == "yes":
        saying = partial(give_consent, purpose=Purpose.IDENTITY_CHECK)
        await asking.act(partial(saying, acting=asking.acting, now=asking.now))
    ticket, back = new_secret(), safe_path(data.get("next", ""))
    way_out = await way_out_of(asking, oidc, ticket)
    begin = partial(begin_verification, provider=oidc.provider.id, back_to=back)
    await asking.act(partial(begin, ticket=ticket, acting=asking.acting, now=asking.now))
    cookie = asking.people.access.ticket_cookie(ticket, int(ATTEMPT_TERM.total_seconds()))
    page = show(asking, "going.html", way_out=way_out, title=oidc.provider.title, next=back)
    page.set_header("refresh", f"0; url={way_out}")
    page.set_cookie(cookie)
    return page


@get("/verify/callback")
async def come_back(asking: NamedDependency[Asking]) -> Page:
    """Where identity providers send people back to. Each way out leads back once."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    ticket = asking.people.access.ticket_of(asking.request)
    if not ticket:
        raise AttemptInvalid
    using = partial(return_from_provider, ticket=ticket, acting=asking.acting, now=asking.now)
    attempt = await asking.act(using)
    oidc = provider_of(asking.people, attempt.provider)
    shown = await ask_provider(asking, oidc, _callback(asking.request), ticket)
    await record(asking, shown, asking.acting)
    return go(attempt.back_to, cookies=[asking.people.access.ticket_cookie("", 0)])


@get("/me")
async def me_page(
    asking: NamedDependency[Asking], mailing: NamedDependency[Mailing | None]
) -> Page:
    if asking.acting.kind is Kind.STAFF:
        return show(asking, "staff.html", role=asking.acting.role)
    if not asking.is_commenter:
        return to_sign_in(asking)
    return await _me(asking, mailing)


async def _me(
    asking: Asking, mailing: Mailing | None, *, no: Refusal | None = None, name: str = ""
) -> Page:
    """With `no`, why the account is not called `name` now."""
    account = asking.acting.account
    poster = await asking.read(partial(queries.get_poster, account=account))
    unseen = await asking.read(partial(count_unseen, account=account))
    ended = poster.verification is not None and (
        poster.verification.revoked_at is not None or poster.verification.valid_until <= asking.now
    )
    regimes = {one.regime: get_regime(one.regime).title for one in poster.accepted}
    after = asking.request.query_params.get("after")
    return show(
        asking,
        "me.html",
        no=no,
        name=name,
        poster=poster,
        written=await asking.read(partial(load_written, after=after, acting=asking.acting)),
        ended=ended,
        unseen=unseen,
        regimes=regimes,
        news=await asking.read(partial(find_news, account=account)),
        renewed=await asking.read(partial(find_renewed, poster=poster, now=asking.now)),
        now=asking.now,
        letters=mailing is not None,
    )


@get("/notices")
async def notices_page(asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    notices = await asking.read(partial(load_notices, acting=asking.acting))
    new = not all(one.seen for one in notices)
    return show(asking, "notices.html", notices=notices, new=new, says=_SAYS, against=_AGAINST)


@post("/notices")
async def read_notices(data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    marking = partial(mark_notices_seen, upto=data.get("upto", ""))
    await asking.act(partial(marking, acting=asking.acting, now=asking.now))
    return go("/account/notices")


@post("/name")
async def rename(
    data: Form, asking: NamedDependency[Asking], mailing: NamedDependency[Mailing | None]
) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    renaming = partial(change_name, name=data.get("name", ""))
    try:
        await asking.act(partial(renaming, acting=asking.acting, now=asking.now))
    except Refusal as no:
        return await _me(asking, mailing, no=no, name=data.get("name", ""))
    return go("/account/me")


def _sign_in_page(
    asking: Asking,
    mailing: Mailing | None,
    back: str,
    *,
    no: Refusal | None = None,
    name: str = "",
) -> Page:
    ways = {"passkeys": party_of(asking) is not None, "letters": mailing is not None}
    return show(asking, "sign_in.html", no=no, next=back, name=name, **ways)


async def _enter(asking: Asking, data: Mapping[str, str]) -> Page:
    """Open a session and go on with it."""
    name, password, code = (data.get(field, "") for field in ("name", "password", "code"))
    kind = SessionKind.COOKIE
    if code:
        proven = await prove_staff(asking, name, password)
        factor = partial(enter_staff, code=code.strip(), factor_key=asking.people.factor_key)
        entering = partial(factor, proven=proven, kind=kind, acting=ANYONE, now=asking.now)
        session = await asking.act(entering)
    else:
        proven = await prove(asking, name, password)
        knowing = partial(enter, proven=proven, kind=kind)
        session = await asking.act(partial(knowing, acting=ANYONE, now=asking.now))
    back = safe_path(data.get("next", ""))
    return go(back, cookies=[asking.people.access.cookie_for(session)])


def _require_known(regime: str) -> None:
    try:
        get_regime(regime)
    except KeyError as error:
        raise NotFoundException from error


def _callback(request: Request[Any, Any, Any]) -> Callback:
    given = request.query_params
    return Callback(**{name: given.get(name, "") for name in ("state", "code", "iss", "error")})


HANDLERS: list[Any] = [
    sign_up_page,
    sign_up,
    sign_in_page,
    sign_in,
    leave,
    agreement_page,
    accept,
    verify_page,
    verify,
    come_back,
    me_page,
    notices_page,
    read_notices,
    rename,
    *centre.HANDLERS,
    *connecting.HANDLERS,
    *between.HANDLERS,
]
router = Router(
    "/account",
    route_handlers=HANDLERS,
    dependencies={"asking": Provide(provide_asking)},
    exception_handlers={Refusal: refused_page},
    include_in_schema=False,
)
routes = [router]
