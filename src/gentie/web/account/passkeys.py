"""Passkeys: JSON for the script of the pages, and the pages themselves."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from gentie.accounts import queries as accounts
from gentie.accounts.model import NewSession, SessionKind
from gentie.accounts.passkeys import queries
from gentie.accounts.passkeys.ceremony import ALGORITHMS, Party, nobodys
from gentie.accounts.passkeys.model import Passkey, PasskeysNotOffered, PasskeyWrong
from gentie.actions.identity.add_passkey import add_passkey
from gentie.actions.identity.begin_passkey import begin_passkey
from gentie.actions.identity.begin_passkey_sign_in import begin_passkey_sign_in
from gentie.actions.identity.begin_passkey_sign_up import begin_passkey_sign_up
from gentie.actions.identity.drop_passkey import drop_passkey
from gentie.actions.identity.sign_in_by_passkey import sign_in_by_passkey
from gentie.actions.identity.sign_up_by_passkey import sign_up_by_passkey
from gentie.kernel.actor import ANYONE
from gentie.kernel.chance import new_secret
from gentie.kernel.ids import AccountId
from gentie.kernel.refusal import Refusal
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.proving import count_passkey, hash_or_none, prove
from gentie.web.account.showing import (
    Form,
    Page,
    go,
    refused_page,
    require_ours,
    show,
    to_sign_in,
)
from gentie.web.account.views import Word

API: Final = "/api/v1/account/passkeys"
_HERE: Final = "/account/passkeys"
_PRIVATE: Final = {"cache-control": "no-store"}
_LONGEST_LABEL: Final = 40
Signed = Annotated[str, msgspec.Meta(max_length=8192)]
"""Base64url, as devices give it."""


class NewPasskeyAsked(msgspec.Struct, kw_only=True):
    """What `navigator.credentials.create` is to be asked for. User verification is required."""

    challenge: str
    """Its bytes are what the device signs."""
    rp: str
    user: str
    name: str
    algorithms: tuple[int, ...]
    exclude: tuple[str, ...]
    """Credentials that the account has."""


class SignatureAsked(msgspec.Struct, kw_only=True):
    """What `navigator.credentials.get` is to be asked for."""

    challenge: str
    rp: str


class NewPasskey(msgspec.Struct, forbid_unknown_fields=True):
    client_data: Signed
    attestation: Signed
    label: Word = ""
    password: Word = ""
    """Of the account, where it has one."""


class PasskeySignUp(msgspec.Struct, forbid_unknown_fields=True):
    name: Word
    """The pseudonym others see."""
    user: Word
    """As the question gave it."""
    client_data: Signed
    attestation: Signed
    label: Word = ""


class PasskeySignIn(msgspec.Struct, forbid_unknown_fields=True):
    user: Word
    """The user handle that the device has kept with the passkey."""
    credential: Signed
    client_data: Signed
    authenticator_data: Signed
    signature: Signed


class PasskeyView(msgspec.Struct, kw_only=True):
    credential: str
    label: str
    added_at: datetime
    used_at: datetime | None
    """Null: never."""

    @classmethod
    def of(cls, passkey: Passkey) -> "PasskeyView":
        return msgspec.convert(passkey, cls, from_attributes=True)


class Entered(msgspec.Struct, kw_only=True):
    """A session of this browser, in its cookie."""

    expires_at: datetime


def party_of(asking: Asking) -> Party | None:
    """None: browsers have no passkeys for the address that people reach us under."""
    try:
        return Party(asking.people.access.base_url)
    except PasskeysNotOffered:
        return None


@post("/begin", operation_id="BeginPasskey", status_code=200)
async def begin(asking: NamedDependency[Asking]) -> NewPasskeyAsked:
    """Ask the device for a new passkey. Answers 409 `too-many-passkeys`."""
    party, challenge = _party(asking), new_secret()
    await asking.act(
        partial(begin_passkey, challenge=challenge, acting=asking.acting, now=asking.now)
    )
    account = asking.acting.account
    poster = await asking.read(partial(accounts.get_poster, account=account))
    had = await asking.read(partial(queries.passkeys_of, account=account))
    return NewPasskeyAsked(
        challenge=challenge,
        rp=party.id,
        user=account,
        name=poster.name,
        algorithms=ALGORITHMS,
        exclude=tuple(one.credential for one in had),
    )


@post("/", operation_id="AddPasskey")
async def add(data: JSONBody[NewPasskey], asking: NamedDependency[Asking]) -> PasskeyView:
    """Add what the device has made. Answers 401 `wrong-credentials`, 403 `passkey-wrong`."""
    asking.acting.require("account:self")
    made = _party(asking).made(data.client_data, data.attestation)
    poster = await asking.read(partial(accounts.get_poster, account=asking.acting.account))
    proven = await prove(asking, poster.name, data.password) if data.password else None
    adding = partial(add_passkey, made=made, label=_label(data.label), proven=proven)
    return PasskeyView.of(await asking.act(partial(adding, acting=asking.acting, now=asking.now)))


@get("/", operation_id="ListPasskeys")
async def listed(asking: NamedDependency[Asking]) -> Response[list[PasskeyView]]:
    """Passkeys of one's own account, the oldest first."""
    asking.acting.require("account:self")
    return Response([PasskeyView.of(one) for one in await _mine(asking)], headers=_PRIVATE)


@delete("/{credential:str}", operation_id="DropPasskey")
async def drop(credential: FromPath[str], asking: NamedDependency[Asking]) -> None:
    """Remove one. Answers 404 `no-such-passkey`, 409 `last-way-in`."""
    dropping = partial(drop_passkey, credential=credential)
    await asking.act(partial(dropping, acting=asking.acting, now=asking.now))


@post("/sign-in/begin", operation_id="BeginPasskeySignIn", status_code=200)
async def begin_sign_in(asking: NamedDependency[Asking]) -> SignatureAsked:
    """Ask a device for a signature. Says nothing of who is known here. Answers 429."""
    party, challenge = _party(asking), new_secret()
    await count_passkey(asking)
    asked = partial(begin_passkey_sign_in, challenge=challenge, acting=ANYONE, now=asking.now)
    await asking.act(asked)
    return SignatureAsked(challenge=challenge, rp=party.id)


@post("/sign-in", operation_id="SignInByPasskey", status_code=200)
async def sign_in(
    data: JSONBody[PasskeySignIn], asking: NamedDependency[Asking]
) -> Response[Entered]:
    """Open a session in this browser. Answers 403 `passkey-wrong`, whatever of it was wrong."""
    await count_passkey(asking)
    finding = partial(queries.find_passkey, account=AccountId(data.user))
    found = await asking.read(partial(finding, credential=data.credential))
    key = found or nobodys(data.credential)
    shown = _party(asking).shown(key, data.client_data, data.authenticator_data, data.signature)
    if found is None:
        raise PasskeyWrong
    entering = partial(sign_in_by_passkey, shown=shown, kind=SessionKind.COOKIE)
    return _entered(asking, await asking.act(partial(entering, acting=ANYONE, now=asking.now)))


@post("/sign-up/begin", operation_id="BeginPasskeySignUp", status_code=200)
async def begin_sign_up(asking: NamedDependency[Asking]) -> NewPasskeyAsked:
    """Ask a device for the passkey of a new account. `name` is empty: it is chosen afterwards.

    Answers 404 `passkeys-not-offered`, 429.
    """
    party, challenge = _party(asking), new_secret()
    await hash_or_none(asking, "")
    beginning = partial(begin_passkey_sign_up, challenge=challenge, acting=ANYONE, now=asking.now)
    return NewPasskeyAsked(
        challenge=challenge,
        rp=party.id,
        user=await asking.act(beginning),
        name="",
        algorithms=ALGORITHMS,
        exclude=(),
    )


@post("/sign-up", operation_id="SignUpByPasskey")
async def sign_up(
    data: JSONBody[PasskeySignUp], asking: NamedDependency[Asking]
) -> Response[Entered]:
    """Open an account without a password, and a session of this browser for it.

    Answers 409 `name-taken`, 422 `bad-name`, 403 `passkey-wrong`, 429.
    """
    await count_passkey(asking)
    made = _party(asking).made(data.client_data, data.attestation)
    opening = partial(sign_up_by_passkey, name=data.name, made=made, label=_label(data.label))
    opening = partial(opening, account=AccountId(data.user), acting=ANYONE, now=asking.now)
    return _entered(asking, await asking.act(opening))


@get("/")
async def passkeys_page(asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    return await _page(asking)


@post("/drop")
async def drop_here(data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    dropping = partial(drop_passkey, credential=data.get("credential", ""))
    try:
        await asking.act(partial(dropping, acting=asking.acting, now=asking.now))
    except Refusal as no:
        return await _page(asking, no=no)
    return go(_HERE)


async def _page(asking: Asking, *, no: Refusal | None = None) -> Page:
    return show(
        asking,
        "passkeys.html",
        no=no,
        passkeys=await _mine(asking),
        offered=party_of(asking) is not None,
        by_password=await asking.read(
            partial(accounts.has_password, account=asking.acting.account)
        ),
        longest=_LONGEST_LABEL,
    )


def _entered(asking: Asking, session: NewSession) -> Response[Entered]:
    cookies = [asking.people.access.cookie_for(session)]
    return Response(Entered(expires_at=session.expires_at), cookies=cookies, headers=_PRIVATE)


def _label(given: str) -> str:
    return " ".join(given.split())[:_LONGEST_LABEL]


async def _mine(asking: Asking) -> list[Passkey]:
    return await asking.read(partial(queries.passkeys_of, account=asking.acting.account))


def _party(asking: Asking) -> Party:
    """Raises PasskeysNotOffered."""
    return Party(asking.people.access.base_url)


_ASKING: dict[str, Any] = {"asking": Provide(provide_asking)}
routes = [
    Router(
        API,
        route_handlers=[begin, add, listed, drop, begin_sign_in, sign_in, begin_sign_up, sign_up],
        dependencies=_ASKING,
        tags=["account"],
    ),
    Router(
        _HERE,
        route_handlers=[passkeys_page, drop_here],
        dependencies=_ASKING,
        exception_handlers={Refusal: refused_page},
        include_in_schema=False,
    ),
]
