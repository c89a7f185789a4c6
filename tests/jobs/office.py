"""A mail server, who writes to it, and what people there have said."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.jobs.mail import Post, handlers_for
from gentie.kernel.actor import Actor
from gentie.mail import queries
from gentie.mail.adapters.smtp import deliver
from gentie.mail.model import (
    Contact,
    Letter,
    Sent,
)
from gentie.storage import outbox
from gentie.storage.db import Database
from tests.mail.build import DESK, OPENER, a_reader
from tests.mail.server import Inbox, a_mail_server
from tests.newsroom import ANN, BEN, NOON, NOTEBOOK, a_person, a_site, post, ref_of, staff

MINUTE = timedelta(minutes=1)


class Scene:
    """River, who wants mail, has written something, and Reed answers."""

    def __init__(self, tx: sa.Connection) -> None:
        a_site(tx, NOTEBOOK, regime="neutral")
        self.river, self.reed = a_person(tx), a_person(tx, "Reed")
        self.ann = staff(tx, ANN, BEN)[0]
        self.first = post(tx, self.river, text="First")
        self.contact = a_reader(tx, self.river)


class Office:
    """The jobs around letters, at a time that a test sets."""

    def __init__(self, db: Database, inbox: Inbox) -> None:
        self.db, self.inbox, self.now = db, inbox, NOON

    async def hear(self) -> None:
        """Carry out the messages that wait."""
        handlers = handlers_for(self.db, clock=lambda: self.now)
        taken = await self.db.act(partial(outbox.take, now=self.now))
        for message in taken:
            if message.topic in handlers:
                await handlers[message.topic](message)
                await handlers[message.topic](message)  # at least once
        await self.db.act(partial(outbox.done, handled=taken))

    def post(self, deliver_with: Callable[[EmailMessage], Sent] | None = None) -> Post:
        return Post(
            self.db,
            deliver_with or partial(deliver, self.inbox.server),
            opener=OPENER,
            desk=DESK,
            sender="comments@comments.example",
            clock=lambda: self.now,
        )

    async def send(self) -> list[EmailMessage]:
        """Everything that is due. Returns what arrives."""
        await self.hear()
        before = len(self.inbox.letters)
        while await self.post().send_due():
            pass
        return self.inbox.letters[before:]

    async def letters(self, acting: Actor) -> list[Letter]:
        found = await self.db.read(partial(queries.letters_to, account=acting.account))
        return found[::-1]

    async def contact(self, acting: Actor) -> Contact | None:
        return await self.db.read(partial(queries.find_contact, account=acting.account))


@pytest.fixture
def office(db: Database) -> Iterator[Office]:
    with a_mail_server() as inbox:
        yield Office(db, inbox)


@pytest.fixture
async def scene(office: Office) -> Scene:
    made = await office.db.act(Scene)
    await office.send()  # what led here: the letter that asked for a confirmation is dropped
    return made


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def removing(scene: Scene, made: Any, *, now: datetime) -> Callable[[sa.Connection], object]:
    removal = Removal(class_id="spam", facts="Seen", message="Not here")
    removing = partial(remove_comment, ref=ref_of(made), removal=removal)
    return partial(removing, acting=scene.ann, now=now)
