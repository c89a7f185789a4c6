"""An identity is opened for a case, on a legal basis, by several people, once."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from gentie.accounts import totp
from gentie.accounts.model import Role, Staff, WrongCredentials
from gentie.accounts.roles import actor_of_staff
from gentie.actions.identity.answer_disclosure import answer_disclosure
from gentie.actions.identity.ask_disclosure import DisclosureWanted, ask_disclosure
from gentie.actions.identity.end_staff import end_staff
from gentie.actions.identity.open_staff import NewStaff, open_staff
from gentie.actions.identity.report_disclosures import report_disclosures
from gentie.actions.identity.sound_alarm import sound_alarm
from gentie.actions.identity.take_ticket import Ticket, take_ticket
from gentie.actions.identity.use_ticket import use_ticket
from gentie.kernel.actor import SERVICE, VAULT, Actor, MayNot
from gentie.kernel.ids import AccountId, StaffId
from gentie.ledger.leaf import Leaf
from gentie.ledger.tables import leaves
from gentie.storage import outbox
from gentie.storage.db import Database
from gentie.vault import queries, rules
from gentie.vault.model import (
    AUDIT_TOPIC,
    OPENED_A_DAY,
    OPENED_A_MONTH,
    OVER_QUOTA,
    TICKET_TERM,
    Disclosure,
    DisclosureEnded,
    DisclosureUnfit,
    Field,
    NobodyKnown,
    NoSecondPerson,
    NotApproved,
    NotYours,
    QuotaReached,
    TicketInvalid,
)
from tests.actions.identity.build import ADMIN, FACTOR, FACTOR_KEY, stored
from tests.newsroom import DAILY, NOON, a_person, a_site, post

pytestmark = pytest.mark.clause("2017-5.2a", "2022-4.2a")


async def employ(db: Database, name: str, role: Role, *, outside: bool = False) -> Actor:
    new = NewStaff(name=name, role=role, stored=stored(), factor=FACTOR, outside=outside)
    opening = partial(open_staff, new=new, factor_key=FACTOR_KEY, acting=ADMIN, now=NOON)
    member: Staff = await db.act(opening)
    return actor_of_staff(member)


class Office:
    """Compliance asks; the chief editor and the admin can approve. `river` is verified."""

    def __init__(self, db: Database) -> None:
        self.db, self.now = db, NOON

    async def open(self) -> None:
        await self.db.act(a_site)
        self.river = await self.db.act(partial(a_person, name="River"))
        self.asker = await employ(self.db, "Asker", Role.COMPLIANCE)
        self.chief = await employ(self.db, "Chief", Role.CHIEF_EDITOR)
        self.admin = await employ(self.db, "Admin", Role.ADMIN)

    def wanted(self, **changes: object) -> DisclosureWanted:
        plain = DisclosureWanted(
            case="2026-117",
            basis="CPL art. 54",
            account=self.river.account,
            fields=(Field.NAME,),
            ends_at=self.now + timedelta(days=7),
        )
        return msgspec.structs.replace(plain, **changes)

    async def ask(self, *, acting: Actor | None = None, **changes: Any) -> Disclosure:
        asking = partial(ask_disclosure, wanted=self.wanted(**changes), now=self.now)
        return await self.db.act(partial(asking, acting=acting or self.asker))

    async def answer(
        self, asked: Disclosure, by: Actor, *, yes: bool = True, code: str = ""
    ) -> None:
        self.now += timedelta(seconds=30)
        answering = partial(answer_disclosure, disclosure=asked.id, yes=yes, acting=by)
        answering = partial(answering, code=code or code_at(self.now), factor_key=FACTOR_KEY)
        await self.db.act(partial(answering, now=self.now))

    async def ticket(self, asked: Disclosure, by: Actor | None = None) -> Ticket:
        self.now += timedelta(seconds=30)
        taking = partial(take_ticket, disclosure=asked.id, acting=by or self.asker)
        taking = partial(taking, code=code_at(self.now), factor_key=FACTOR_KEY, now=self.now)
        return await self.db.act(taking)

    async def use(self, ticket: Ticket, acting: Actor = VAULT) -> Disclosure:
        using = partial(use_ticket, ticket=ticket.ticket, acting=acting, now=self.now)
        return await self.db.act(using)

    async def approved(self) -> Disclosure:
        asked = await self.ask()
        for by in (self.chief, self.admin):
            await self.answer(asked, by)
        return asked


def code_at(moment: datetime) -> str:
    return totp.code_of(FACTOR, totp.counter_at(moment))


@pytest.fixture
async def office(db: Database) -> Office:
    office = Office(db)
    await office.open()
    return office


async def test_two_others_approve_and_it_is_opened_once(office: Office) -> None:
    asked = await office.approved()
    ticket = await office.ticket(asked)

    opened = await office.use(ticket)

    assert (opened.id, opened.fields) == (asked.id, (Field.NAME,))
    assert opened.person
    for again in (office.use(ticket), office.ticket(asked)):
        with pytest.raises((TicketInvalid, DisclosureEnded)):
            await again


async def test_nothing_happens_before_both_have_said_yes(office: Office) -> None:
    asked = await office.ask()
    with pytest.raises(NotApproved):
        await office.ticket(asked)
    await office.answer(asked, office.chief)
    with pytest.raises(NotApproved):
        await office.ticket(asked)


async def test_neither_the_one_who_asks_nor_the_same_role_again(office: Office) -> None:
    asked = await office.ask()
    second = await employ(office.db, "Chief two", Role.CHIEF_EDITOR)
    await office.answer(asked, office.chief)

    for by in (office.asker, office.chief, second):
        with pytest.raises(NotYours):
            await office.answer(asked, by)


async def test_one_no_ends_it(office: Office) -> None:
    asked = await office.ask()
    await office.answer(asked, office.chief, yes=False)

    with pytest.raises(DisclosureEnded):
        await office.answer(asked, office.admin)


async def test_each_answer_needs_a_code_of_its_own(office: Office) -> None:
    asked = await office.ask()
    with pytest.raises(WrongCredentials):
        await office.answer(asked, office.chief, code="000000")
    await office.answer(asked, office.chief)
    again = partial(answer_disclosure, disclosure=asked.id, yes=True, acting=office.chief)
    again = partial(again, code=code_at(office.now), factor_key=FACTOR_KEY, now=office.now)
    with pytest.raises(WrongCredentials):
        await office.db.act(again)


async def test_the_ticket_lasts_fifteen_minutes(office: Office) -> None:
    ticket = await office.ticket(await office.approved())
    office.now += TICKET_TERM
    with pytest.raises(TicketInvalid):
        await office.use(ticket)


async def test_a_newer_ticket_ends_the_one_before(office: Office) -> None:
    asked = await office.approved()
    first, second = await office.ticket(asked), await office.ticket(asked)
    with pytest.raises(TicketInvalid):
        await office.use(first)
    await office.use(second)


async def test_only_who_asked_gets_a_ticket_and_only_the_vault_uses_it(office: Office) -> None:
    asked = await office.approved()
    with pytest.raises(NotYours):
        await office.ticket(asked, office.chief)
    with pytest.raises(MayNot):
        await office.use(await office.ticket(asked), office.asker)


async def test_the_term_ends_everything(office: Office) -> None:
    asked = await office.approved()
    office.now = asked.ends_at
    with pytest.raises(DisclosureEnded):
        await office.ticket(asked)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.CHIEF_EDITOR, Role.ADMIN])
async def test_no_role_opens_alone(office: Office, role: Role) -> None:
    alone = await employ(office.db, "Somebody", role)
    asked = await office.ask()
    tries = [office.ticket(asked, alone), office.use(Ticket(ticket="x", until=NOON), alone)]
    for one in tries:
        with pytest.raises((MayNot, NotYours, NotApproved)):
            await one


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"case": " "}, "case"),
        ({"basis": "x" * 301}, "basis"),
        ({"fields": ()}, "fields"),
        ({"ends_at": NOON}, "term"),
        ({"ends_at": NOON + timedelta(days=31)}, "term"),
        ({"bar_until": NOON - timedelta(days=1), "bar_basis": "order"}, "bar"),
        ({"bar_until": NOON + timedelta(days=9)}, "bar"),
        ({"fields": (Field.NETWORK,)}, "comment"),
        ({"comment": "c"}, "comment"),
    ],
)
async def test_what_is_missing_is_named(
    office: Office, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(DisclosureUnfit) as refused:
        await office.ask(**changes)
    assert refused.value.facts["field"] == field


async def test_a_comment_stands_for_who_wrote_it_and_for_nobody_else(office: Office) -> None:
    """Else an address would be opened in the name, and with the limits, of another."""
    other = await office.db.act(partial(a_person, name="Reed"))
    theirs = str((await office.db.act(partial(post, by=other, site=DAILY))).id)
    for fields in ((Field.NETWORK,), (Field.NAME,)):
        with pytest.raises(DisclosureUnfit) as refused:
            await office.ask(comment=theirs, fields=fields)
        assert refused.value.facts["field"] == "comment"

    network = await office.ask(account="", comment=theirs, fields=(Field.NETWORK,))
    name = await office.ask(account="", comment=theirs)
    assert (network.account, network.comment) == (other.id, theirs)
    assert (name.account, name.comment) == (other.id, "")


async def test_nobody_known_cannot_be_opened(office: Office) -> None:
    stranger = await office.db.act(partial(a_person, name="Stranger", verified=False))
    with pytest.raises(NobodyKnown):
        await office.ask(account=AccountId(stranger.id))


async def test_one_person_alone_needs_somebody_from_outside(office: Office) -> None:
    for one in (office.chief, office.admin):
        member = StaffId(one.id.removeprefix("staff:"))
        await office.db.act(partial(end_staff, member=member, acting=ADMIN, now=NOON))
    with pytest.raises(NoSecondPerson):
        await office.ask()

    guest = await employ(office.db, "Guest", Role.COMPLIANCE, outside=True)
    asked = await office.ask()
    assert asked.needs == 1
    await office.answer(asked, guest)
    assert (await office.use(await office.ticket(asked))).id == asked.id


async def test_two_alone_cannot_either(office: Office) -> None:
    member = StaffId(office.admin.id.removeprefix("staff:"))
    await office.db.act(partial(end_staff, member=member, acting=ADMIN, now=NOON))
    with pytest.raises(NoSecondPerson):
        await office.ask()


async def test_the_person_learns_of_it_when_no_bar_stands(office: Office) -> None:
    until = NOON + timedelta(days=60)
    barred: dict[str, Any] = {"bar_until": until, "bar_basis": "court order 7"}
    for changes in ({}, barred):
        asked = await office.ask(**changes)
        for by in (office.chief, office.admin):
            await office.answer(asked, by)
        await office.use(await office.ticket(asked))
    await office.ask()
    about = await office.db.read(partial(queries.opened_about, account=office.river.account))

    assert sum(rules.is_told(one, now=office.now) for one in about) == 1
    assert sum(rules.is_told(one, now=until) for one in about) == 2


@pytest.mark.parametrize(("accounts", "may"), [(1, OPENED_A_MONTH), (8, OPENED_A_DAY)])
async def test_only_so_many_are_opened(office: Office, accounts: int, may: int) -> None:
    people = [await office.db.act(partial(a_person, name=f"P{n}")) for n in range(accounts)]
    tickets = []
    for number in range(may + 1):
        office.river = people[number % accounts]
        tickets.append(await office.ticket(await office.approved()))
        office.now += timedelta(minutes=1)
        if number < may:
            await office.use(tickets[-1])

    with pytest.raises(QuotaReached):
        await office.use(tickets[-1])
    sound = partial(sound_alarm, ticket=tickets[-1].ticket, acting=VAULT, now=office.now)
    assert await office.db.act(sound)
    assert not await office.db.act(partial(sound_alarm, ticket="x", acting=VAULT, now=office.now))

    booked = await office.db.read(
        lambda tx: tx.scalars(
            sa.select(outbox.messages.c.body).order_by(outbox.messages.c.id)
        ).all()
    )
    assert OVER_QUOTA in str(booked[-1])
    office.now += timedelta(days=31)
    later = await office.ticket(await office.approved())
    assert (await office.use(later)).account


async def test_every_step_goes_into_the_book(office: Office) -> None:
    asked = await office.approved()
    await office.use(await office.ticket(asked))

    sent = await office.db.act(partial(outbox.take, now=office.now))
    lines = [one.body for one in sent if one.topic == AUDIT_TOPIC]

    assert [one["event"].split("-")[0] for one in lines] == [
        "asked",
        "approved",
        "approved",
        "ticket",
        "opened",
    ]
    assert len({one["reference"] for one in lines}) == len({one["record"] for one in lines}) == 5
    assert all("2026-117" not in str(one) for one in lines)


async def test_the_public_learns_a_months_count_with_a_floor(office: Office) -> None:
    next_month = NOON + timedelta(days=40)
    report = partial(report_disclosures, book="", acting=SERVICE)
    before = await office.db.act(partial(_leaves))
    await office.use(await office.ticket(await office.approved()))
    assert await office.db.act(partial(_leaves)) == before

    assert await office.db.act(partial(report, now=next_month))
    assert not await office.db.act(partial(report, now=next_month + timedelta(days=1)))

    (leaf,) = (await office.db.act(partial(_leaves)))[len(before) :]
    assert (leaf.kind, leaf.measure, leaf.class_id) == (
        "disclosure",
        "opened-in-2026-03",
        "fewer-than-5",
    )


@pytest.mark.parametrize(("count", "said"), [(0, "fewer-than-5"), (4, "fewer-than-5"), (5, "5")])
def test_small_counts_name_nobody(count: int, said: str) -> None:
    assert rules.published_count(count) == said


def _leaves(tx: sa.Connection) -> list[Leaf]:
    rows = tx.scalars(sa.select(leaves.c.body).order_by(leaves.c.id))
    return [msgspec.json.decode(one, type=Leaf) for one in rows]
