"""Verifying by a document: the way to the service, and its answer."""

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from gentie.accounts.adapters.documents import DocumentClient
from gentie.accounts.documents.answers import attested_by, read_answer
from gentie.accounts.model import NoSuchProvider, Purpose
from gentie.accounts.roles import actor_of_account
from gentie.actions.identity.begin_document_check import begin_document_check
from gentie.actions.identity.give_consent import give_consent
from gentie.actions.identity.take_answer import take_answer
from gentie.kernel.actor import SERVICE
from gentie.kernel.chance import new_secret
from gentie.kernel.refusal import Refusal
from gentie.vault.model import Field
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.returning import safe_path
from gentie.web.account.showing import (
    Form,
    Page,
    next_of,
    refused_page,
    require_ours,
    show,
    to_sign_in,
)
from gentie.web.account.verifying import Shown, record

SECTOR = "document"


class SignedAnswer(msgspec.Struct, forbid_unknown_fields=True):
    answer: Annotated[str, msgspec.Meta(max_length=8192)]
    """A compact JWS (EdDSA)."""


@get("/{provider:str}")
async def document_page(provider: FromPath[str], asking: NamedDependency[Asking]) -> Page:
    """Tells what is checked, by whom, and what is kept, before anything is sent."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    service = _client(asking, provider).service
    return show(asking, "document.html", service=service, next=next_of(asking))


@post("/{provider:str}")
async def set_out(provider: FromPath[str], data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    client, back = _client(asking, provider), safe_path(data.get("next", ""))
    if data.get("consent") == "yes":
        saying = partial(give_consent, purpose=Purpose.IDENTITY_CHECK)
        await asking.act(partial(saying, acting=asking.acting, now=asking.now))
    reference, origin = new_secret(), asking.people.access.origin
    begin = partial(begin_document_check, provider=provider, reference=reference, back_to=back)
    await asking.act(partial(begin, acting=asking.acting, now=asking.now))
    answer_to = f"{origin}/api/v1/account/verify/answers/{provider}"
    there = await client.begin(reference, answer_to=answer_to, return_to=f"{origin}{back}")
    page = show(asking, "going.html", way_out=there, title=client.service.title, next=back)
    page.set_header("refresh", f"0; url={there}")
    return page


@post("/{provider:str}", operation_id="TakeDocumentAnswer", status_code=204)
async def answer(
    provider: FromPath[str], data: JSONBody[SignedAnswer], asking: NamedDependency[Asking]
) -> None:
    """What a document service says of a check, signed. Counts once; 400 `answer-invalid`."""
    service, now = _client(asking, provider).service, asking.now
    said = read_answer(data.answer, service, audience=asking.people.access.origin, now=now)
    taking = partial(take_answer, reference=said.reference, provider=provider)
    check = await asking.act(partial(taking, acting=SERVICE, now=now))
    if not said.verified:
        return
    shown = Shown(
        provider=provider,
        attested=attested_by(service, said, now=now),
        sector=SECTOR,
        identifier=said.identifier,
        fields={Field.ID_NUMBER: said.identifier},
    )
    await record(asking, shown, actor_of_account(check.account))


def _client(asking: Asking, provider: str) -> DocumentClient:
    """Raises NoSuchProvider: the operator trusts none of that name."""
    try:
        return asking.people.documents[provider]
    except KeyError:
        raise NoSuchProvider(provider=provider) from None


_ASKING = {"asking": Provide(provide_asking)}
HANDLERS: list[Any] = [document_page, set_out]
routes = [
    Router(
        "/api/v1/account/verify/answers",
        route_handlers=[answer],
        dependencies=_ASKING,
        tags=["account"],
    ),
    Router(
        "/account/verify/document",
        route_handlers=HANDLERS,
        dependencies=_ASKING,
        exception_handlers={Refusal: refused_page},
        include_in_schema=False,
    ),
]
