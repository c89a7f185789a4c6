"""One's own account as JSON."""

from functools import partial
from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, JSONBody

from gentie.accounts import queries
from gentie.accounts.model import ATTEMPT_TERM, NewSession, SessionKind
from gentie.accounts.tickets import csrf_of
from gentie.actions.identity.accept_agreement import accept_agreement
from gentie.actions.identity.begin_verification import begin_verification
from gentie.actions.identity.give_consent import give_consent
from gentie.actions.identity.open_account import open_account
from gentie.actions.identity.sign_in import sign_in
from gentie.actions.identity.sign_in_staff import sign_in_staff
from gentie.actions.identity.sign_out import sign_out
from gentie.actions.identity.withdraw_consent import withdraw_consent
from gentie.decisions.queries import count_unseen
from gentie.kernel.actor import ANYONE
from gentie.kernel.chance import new_secret
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.proving import hash_new, prove, prove_staff
from gentie.web.account.returning import safe_path
from gentie.web.account.verifying import provider_of, way_out_of
from gentie.web.account.views import (
    Accepted,
    AcceptRequest,
    AgreementView,
    ConsentRequest,
    ConsentView,
    Me,
    Opened,
    SignIn,
    SignUp,
    VerifyRequest,
    WayOut,
)


@post("/sign-up", operation_id="SignUp")
async def sign_up(data: JSONBody[SignUp], asking: NamedDependency[Asking]) -> Opened:
    """Open an account under a pseudonym, and a bearer session for it.

    Answers 409 `name-taken`, 422 `bad-name`, `password-too-short`, `password-too-long`, or 429.
    """
    stored = await hash_new(asking, data.password)
    await asking.act(
        partial(open_account, name=data.name, stored=stored, acting=ANYONE, now=asking.now)
    )
    bearer = SignIn(name=data.name, password=data.password)
    return _opened(await _enter(asking, bearer))


@post("/sign-in", operation_id="SignIn", status_code=200)
async def sign_in_here(data: JSONBody[SignIn], asking: NamedDependency[Asking]) -> Response[Opened]:
    """Open a session. Answers 401 `wrong-credentials`, whatever of it was wrong, or 429."""
    session = await _enter(asking, data)
    by_cookie = data.kind is SessionKind.COOKIE
    cookies = [asking.people.access.cookie_for(session)] if by_cookie else []
    return Response(_opened(session), cookies=cookies)


@post("/sign-out", operation_id="SignOut", status_code=204)
async def sign_out_here(asking: NamedDependency[Asking]) -> Response[None]:
    """End the session that this request came with. Answers 401 when there is none."""
    leave = partial(sign_out, token=asking.token, acting=asking.acting, now=asking.now)
    await asking.act(leave)
    return Response(None, status_code=204, cookies=[asking.people.access.no_cookie()])


@get("/session", operation_id="GetSession")
async def session_of(asking: NamedDependency[Asking]) -> Response[Me]:
    """Who the service takes this request for."""
    poster, unseen = None, None
    if asking.is_commenter:
        account = asking.acting.account
        poster = await asking.read(partial(queries.get_poster, account=account))
        unseen = await asking.read(partial(count_unseen, account=account))
    me = Me.of(asking.acting, poster, asking.csrf, unseen=unseen)
    return Response(me, headers={"cache-control": "no-store"})


@get("/agreement", operation_id="GetAgreement")
async def agreement(asking: NamedDependency[Asking], regime: FromQuery[str]) -> AgreementView:
    """The service agreement in force under a regime, in the language asked for."""
    find = partial(queries.agreement_in_force, regime_id=regime, now=asking.now)
    return AgreementView.of(await asking.read(find), asking.lang)


@post("/agreement", operation_id="AcceptAgreement")
async def accept(data: JSONBody[AcceptRequest], asking: NamedDependency[Asking]) -> Accepted:
    """Accept the version that was read. Answers 409 `agreement-changed` when it is another now."""
    acceptance = await asking.act(
        partial(
            accept_agreement,
            regime=data.regime,
            number=data.version,
            acting=asking.acting,
            now=asking.now,
        )
    )
    return Accepted(regime=acceptance.regime, version=acceptance.number, at=acceptance.at)


@get("/consents", operation_id="ListConsents")
async def consents(asking: NamedDependency[Asking]) -> list[ConsentView]:
    """The last word on each purpose that was ever asked about."""
    asking.acting.require("account:self")
    of = partial(queries.consents_of, account=asking.acting.account)
    return [ConsentView.of(one) for one in (await asking.read(of)).values()]


@post("/consents", operation_id="SayConsent")
async def consent(data: JSONBody[ConsentRequest], asking: NamedDependency[Asking]) -> ConsentView:
    """Give a consent or take it back: the same one step."""
    said = partial(give_consent if data.given else withdraw_consent, purpose=data.purpose)
    return ConsentView.of(await asking.act(partial(said, acting=asking.acting, now=asking.now)))


@post("/verify", operation_id="BeginVerification")
async def verify(
    data: JSONBody[VerifyRequest], asking: NamedDependency[Asking]
) -> Response[WayOut]:
    """Set out for an identity provider. Needs the consent `identity-check`.

    The provider is asked first: while it is down, nothing is begun.
    """
    ticket = new_secret()
    way_out = await way_out_of(asking, provider_of(asking.people, data.provider), ticket)
    begin = partial(begin_verification, provider=data.provider, back_to=safe_path(data.next))
    await asking.act(partial(begin, ticket=ticket, acting=asking.acting, now=asking.now))
    cookie = asking.people.access.ticket_cookie(ticket, int(ATTEMPT_TERM.total_seconds()))
    answer = WayOut(location=way_out, expires_at=asking.now + ATTEMPT_TERM)
    return Response(answer, cookies=[cookie])


async def _enter(asking: Asking, data: SignIn) -> NewSession:
    if not data.code:
        proven = await prove(asking, data.name, data.password)
        entering = partial(sign_in, proven=proven, kind=data.kind)
        return await asking.act(partial(entering, acting=ANYONE, now=asking.now))
    proven = await prove_staff(asking, data.name, data.password)
    with_factor = partial(sign_in_staff, code=data.code, factor_key=asking.people.factor_key)
    with_factor = partial(with_factor, proven=proven, kind=data.kind)
    return await asking.act(partial(with_factor, acting=ANYONE, now=asking.now))


def _opened(session: NewSession) -> Opened:
    by_cookie = session.kind is SessionKind.COOKIE
    return Opened(
        kind=session.kind,
        token=None if by_cookie else session.token,
        csrf=csrf_of(session.token) if by_cookie else None,
        expires_at=session.expires_at,
    )


_HANDLERS: list[Any] = [
    sign_up,
    sign_in_here,
    sign_out_here,
    session_of,
    agreement,
    accept,
    consents,
    consent,
    verify,
]
router = Router(
    "/api/v1/account",
    route_handlers=_HANDLERS,
    dependencies={"asking": Provide(provide_asking)},
    tags=["account"],
)
routes = [router]
