"""The plug is pulled after a mail server has taken a letter, and before that is noted."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gentie.actions.identity.answer_mail import answer_mail
from gentie.actions.identity.ask_for_mail import SealedAddress, Wishes, ask_for_mail
from gentie.kernel.actor import ANYONE
from gentie.kernel.clock import utc_now
from gentie.mail.model import Answer
from gentie.mail.sealing import Addresses, Tickets
from gentie.mail.tables import letters
from gentie.storage.db import Database
from gentie.vault.keys import load_private_key
from tests.mail.server import a_mail_server
from tests.newsroom import NOTEBOOK, a_person, a_site, post
from tests.serving import gentie, serving


def set_up(tx: sa.Connection, private: X25519PrivateKey) -> None:
    """Somebody who gets mail, and a reply to them whose letter is due."""
    a_site(tx, NOTEBOOK, regime="neutral")
    river, reed = a_person(tx), a_person(tx, "Reed")
    addresses = Addresses(private.public_key(), mark_key=b"m", tenant="gentie")
    sealed = addresses.seal("river@example.org", river.account)
    address = SealedAddress(sealed=sealed, hint="", mark="m")
    wishes = Wishes(lang="en", replies=True, decisions=True)
    now, tickets = utc_now(), Tickets(b"t")
    contact = ask_for_mail(tx, address, wishes, acting=river, now=now)
    ticket = tickets.write(Answer.CONFIRM, contact)
    answer_mail(tx, ticket, tickets=tickets, acting=ANYONE, now=now)
    post(tx, reed, to=post(tx, river, now=now), now=now)


def make_due(tx: sa.Connection) -> None:
    """As if the time had come: the minute that a letter gathers, and the lease of the dead."""
    tx.execute(letters.update().values(due_at=utc_now() - timedelta(seconds=1)))


def states(tx: sa.Connection) -> list[tuple[str, str]]:
    return [tuple(row) for row in tx.execute(sa.select(letters.c.kind, letters.c.state))]


@pytest.mark.slow
def test_the_letter_leaves_at_most_twice_and_is_not_lost(tmp_path: Path) -> None:
    data = tmp_path / "news"
    assert gentie("migrate", "--data", data).returncode == 0
    private = load_private_key(tmp_path / "news-keys" / "mail.private.pem")
    with a_mail_server() as inbox:
        settings = {"host": "127.0.0.1", "port": inbox.server.port, "security": "none"}
        lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
        mail = "\n".join(["[mail]", *lines, 'sender = "g@comments.example"'])
        (data / "gentie.toml").write_text(mail)
        asyncio.run(on(data, partial(set_up, private=private)))
        with serving(data) as (process, _):

            def kill() -> str:
                process.kill()
                process.wait()
                return "250 OK"

            inbox.at_data = kill
            asyncio.run(until_there_is_one(data))
            process.wait(60)
        inbox.at_data = lambda: "250 OK"
        asyncio.run(on(data, make_due))
        with serving(data):
            asyncio.run(until_sent(data))
        doctor = gentie("doctor", "--data", data)

    assert len(inbox.letters) == 2
    assert len({letter["Message-ID"] for letter in inbox.letters}) == 1
    assert "takes letters" in doctor.stdout
    assert "0 letters wait" in doctor.stdout


async def on(data: Path, body: Callable[[sa.Connection], object]) -> object:
    db = Database(f"sqlite:///{data}/gentie.db")
    try:
        return await db.act(body)
    finally:
        await db.close()


async def until_there_is_one(data: Path) -> None:
    """The server has noted the reply; then the letter is due at once."""
    db = Database(f"sqlite:///{data}/gentie.db")
    while ("replies", "waiting") not in await db.read(states):
        await asyncio.sleep(0.02)
    await db.act(make_due)
    await db.close()


async def until_sent(data: Path) -> None:
    db = Database(f"sqlite:///{data}/gentie.db")
    while ("replies", "sent") not in await db.read(states):
        await asyncio.sleep(0.02)
    await db.close()
