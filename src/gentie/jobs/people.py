"""Work around people that nobody waits for: sealed records, expiries, and tidying up."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from gentie.accounts import queries as accounts
from gentie.actions.identity.drop_contact import drop_contact
from gentie.actions.identity.keep_network_record import keep_network_record
from gentie.actions.identity.purge_network_records import purge_network_records
from gentie.actions.identity.purge_sign_ins import purge_sign_ins
from gentie.actions.identity.sweep_persons import sweep_persons
from gentie.actions.oversight.delete_expired import delete_expired
from gentie.actions.oversight.note_deletions import note_deletions
from gentie.actions.posting.forget_evidence import forget_evidence
from gentie.jobs.recurring import Task
from gentie.jobs.runner import Handler
from gentie.kernel.actor import SERVICE
from gentie.kernel.clock import Clock
from gentie.storage.db import Database
from gentie.storage.outbox import Message
from gentie.vault import queries as vaults
from gentie.vault.model import CONTACT_TOPIC, NETWORK_TOPIC, SealedRecord

SETTLED: Final = timedelta(hours=1)
"""Nobody is still on the way between the vault and their account after this."""
_HOURLY: Final = timedelta(hours=1)
_LATELY: Final = timedelta(days=60)
"""A service that stood still for so long proves what it still owes."""


def handlers_for(vault: Database, *, clock: Clock) -> Mapping[str, Handler]:
    """By topic: what moves sealed records into the vault."""

    async def keep(message: Message) -> None:
        record = SealedRecord.of_message(message.body)
        keeping = partial(keep_network_record, record=record, acting=SERVICE, now=clock())
        await vault.act(keeping)

    async def forget(message: Message) -> None:
        author = message.body["author"]
        await vault.act(partial(drop_contact, author=author, acting=SERVICE, now=clock()))

    return {NETWORK_TOPIC: keep, CONTACT_TOPIC: forget}


def tasks_for(db: Database, vault: Database, *, clock: Clock) -> list[Task]:
    """What comes again every hour."""

    async def purge() -> None:
        await vault.act(partial(purge_network_records, acting=SERVICE, now=clock()))
        await prove_gone(db, vault, clock=clock)
        await db.act(partial(purge_sign_ins, acting=SERVICE, now=clock()))
        await db.act(partial(forget_evidence, acting=SERVICE, now=clock()))
        await db.act(partial(delete_expired, acting=SERVICE, now=clock()))

    async def sweep() -> None:
        await sweep_once(db, vault, clock=clock)

    return [
        Task(name="people.purge", every=_HOURLY, run=purge),
        Task(name="people.sweep", every=_HOURLY, run=sweep),
    ]


async def prove_gone(db: Database, vault: Database, *, clock: Clock) -> int:
    """Enter in the public log what the vault's book says was deleted there. Returns how many."""
    now = clock()
    since = now - _LATELY
    gone = await vault.read(partial(vaults.gone_since, since=since))
    return await db.act(partial(note_deletions, gone=gone, since=since, acting=SERVICE, now=now))


async def sweep_once(db: Database, vault: Database, *, clock: Clock) -> int:
    """Forget persons that a crash left in the vault without an account. Returns how many."""
    now = clock()
    waiting = await vault.read(partial(vaults.unconfirmed_persons, before=now - SETTLED))
    known = await db.read(partial(accounts.known_persons, persons=waiting))
    sweeping = partial(sweep_persons, unconfirmed=waiting, known=known, acting=SERVICE, now=now)
    return await vault.act(sweeping)
