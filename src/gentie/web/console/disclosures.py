"""Requests to open an identity: asked here, approved here, opened elsewhere.

No page of this process can show what is sealed. The ticket is used with `gentie vault open`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from litestar import get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException

from gentie.accounts import queries as accounts
from gentie.accounts.roles import staff_of
from gentie.actions.identity.answer_disclosure import answer_disclosure
from gentie.actions.identity.ask_disclosure import DisclosureWanted, ask_disclosure
from gentie.actions.identity.count_own_factor_try import count_own_factor_try
from gentie.actions.identity.revoke_verification import revoke_verification
from gentie.actions.identity.take_ticket import Ticket, take_ticket
from gentie.kernel.actor import MayNot
from gentie.kernel.ids import AccountId, ActorId
from gentie.kernel.refusal import Refusal
from gentie.vault import queries, rules
from gentie.vault.model import OVER_QUOTA, Field
from gentie.web.console.visit import Form, Page, Visit, go
from gentie.web.people import People

_FIELDS: Final = ("case", "basis", "account", "comment", "ends_at", "bar_until", "bar_basis")
_PROPOSED: Final = timedelta(days=7)
_MAY: Final = frozenset({"disclosure:ask", "disclosure:approve"})


@get("/disclosures")
async def disclosures_page(
    visit: NamedDependency[Visit], people: NamedDependency[People | None]
) -> Page:
    return await _show(visit, people)


@post("/disclosures")
async def ask(
    data: Form, visit: NamedDependency[Visit], people: NamedDependency[People | None]
) -> Page:
    visit.require_ours(data)
    return await visit.carry_out(
        lambda: partial(ask_disclosure, wanted=_wanted(data, visit.now)),
        again=partial(_show, visit, people, said=data),
        then=go("/console/disclosures"),
    )


@post("/disclosures/answer")
async def answer(
    data: Form, visit: NamedDependency[Visit], people: NamedDependency[People | None]
) -> Page:
    """Yes or no, with the second factor entered again."""
    visit.require_ours(data)
    key = _required(people).factor_key
    answering = partial(
        answer_disclosure,
        disclosure=data.get("disclosure", ""),
        yes=data.get("answer") == "yes",
        code=data.get("code", ""),
        factor_key=key,
        acting=visit.acting,
    )
    try:
        await visit.act(partial(count_own_factor_try, acting=visit.acting, now=visit.now))
        await visit.act(partial(answering, now=visit.now))
    except Refusal as no:
        return await _show(visit, people, no=no)
    return go("/console/disclosures")


@post("/disclosures/ticket")
async def ticket(
    data: Form, visit: NamedDependency[Visit], people: NamedDependency[People | None]
) -> Page:
    """The ticket is shown on this answer and nowhere again."""
    visit.require_ours(data)
    taking = partial(
        take_ticket,
        disclosure=data.get("disclosure", ""),
        code=data.get("code", ""),
        factor_key=_required(people).factor_key,
        acting=visit.acting,
    )
    try:
        await visit.act(partial(count_own_factor_try, acting=visit.acting, now=visit.now))
        taken = await visit.act(partial(taking, now=visit.now))
    except Refusal as no:
        return await _show(visit, people, no=no)
    return await _show(visit, people, taken=taken)


@post("/disclosures/revoke")
async def revoke(
    data: Form, visit: NamedDependency[Visit], people: NamedDependency[People | None]
) -> Page:
    """End a verification, as when somebody used another's identity: read-only at once."""
    visit.require_ours(data)
    account = AccountId(data.get("account", "").strip())
    revoking = partial(revoke_verification, account=account, why=data.get("why", "").strip()[:300])
    return await visit.carry_out(
        lambda: revoking,
        again=partial(_show, visit, people, said=data),
        then=go("/console/disclosures", revoked="yes"),
    )


async def _show(
    visit: Visit,
    people: People | None,
    *,
    no: Refusal | None = None,
    said: Mapping[str, str] | None = None,
    taken: Ticket | None = None,
) -> Page:
    acting, now = visit.acting, visit.now
    if not _MAY & acting.scopes:
        raise MayNot(scope="disclosure:ask")
    book = await _required(people).vault.read(queries.book)
    names = {str(one.id): one.name for one in await visit.read(accounts.all_staff)}
    proposed = {"ends_at": (now + _PROPOSED).strftime("%Y-%m-%dT%H:%M")}
    return await visit.page(
        "disclosures.html",
        no=no,
        found=[
            (one, given, _state(one, given, now))
            for one, given in await visit.read(queries.all_disclosures)
        ],
        choices=[*Field],
        said={name: (said or proposed).get(name, "") for name in (*_FIELDS, "why")},
        asked_fields=[one for one in Field if said and said.get(f"field-{one}")],
        taken=taken,
        lines=len(book),
        broken=rules.break_of(book),
        alarms=[one for one in book if one.event == "alarm"],
        over=[one for one in book if one.event.startswith(OVER_QUOTA)],
        revoked=bool(visit.asked("revoked")),
        name_of=lambda actor: names.get(staff_of(ActorId(actor)) or "", actor),
    )


def _state(asked: Any, given: list[Any], now: datetime) -> str:
    if asked.refused_at:
        return "refused"
    if asked.opened_at:
        return "opened"
    if asked.ends_at <= now:
        return "ended"
    return "approved" if rules.is_approved(asked, given) else "waits"


def _wanted(data: Mapping[str, str], now: datetime) -> DisclosureWanted:
    return DisclosureWanted(
        case=data.get("case", ""),
        basis=data.get("basis", ""),
        account=AccountId(data.get("account", "").strip()),
        comment=data.get("comment", "").strip(),
        fields=tuple(one for one in Field if data.get(f"field-{one}")),
        ends_at=_moment(data.get("ends_at", ""), now) or now,
        bar_until=_moment(data.get("bar_until", ""), now),
        bar_basis=data.get("bar_basis", ""),
    )


def _moment(text: str, now: datetime) -> datetime | None:
    """A time as it was typed, in UTC. Empty: none. What is no time is the past: refused."""
    if not text.strip():
        return None
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        return now
    return typed.replace(tzinfo=now.tzinfo) if typed.tzinfo is None else typed


def _required(people: People | None) -> People:
    if people is None:
        raise NotFoundException
    return people


HANDLERS: list[Any] = [disclosures_page, ask, answer, ticket, revoke]
