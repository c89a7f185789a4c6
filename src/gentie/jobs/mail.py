"""Letters: who may want one is noted, and what is due is sent, one after another.

Between the sending of a letter and the note of it lies a moment in which a crash makes it leave
twice, never not at all. Both then have one Message-ID, by which mail programs know them as one.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import structlog

from gentie.actions.identity.ask_sign_in_link import WAY_IN_ASKED
from gentie.actions.operations.forget_letters import forget_letters
from gentie.actions.operations.note_answer import note_answer
from gentie.actions.operations.note_decision import note_decision
from gentie.actions.operations.note_sign_in import note_sign_in
from gentie.actions.operations.settle_letter import settle_letter
from gentie.actions.operations.take_letters import take_letters
from gentie.actions.telling import ANSWERED, DECIDED
from gentie.jobs.recurring import Task
from gentie.jobs.runner import Handler
from gentie.kernel.actor import SERVICE
from gentie.kernel.clock import Clock
from gentie.kernel.ids import AccountId, CommentId, CommentRef, DecisionId, ThreadId
from gentie.mail.model import Letter, Outcome, Sent
from gentie.mail.opening import CannotOpenAddress, Opener
from gentie.pages.letters import Desk, Written, write_letter
from gentie.storage.db import Database
from gentie.storage.outbox import Message

_POLICY: Final = SMTP.clone(cte_type="7bit")
"""No mail server on the way has to know of eight bits."""
AT_ONCE: Final = 5
"""Letters taken together: so few that the last is begun long before their lease ends."""

Deliver = Callable[[EmailMessage], Sent]
"""Hands a letter over. Blocks; called from a thread."""

log = structlog.get_logger()


class Post:
    """Sends what is due. One for a process; several processes may have one."""

    def __init__(
        self,
        db: Database,
        deliver: Deliver,
        *,
        opener: Opener,
        desk: Desk,
        sender: str,
        clock: Clock,
    ) -> None:
        self._db, self._deliver, self._clock = db, deliver, clock
        self._opener, self._desk, self._sender = opener, desk, sender

    async def send_due(self) -> int:
        """Returns how many letters were tried."""
        taking = partial(take_letters, most=AT_ONCE, acting=SERVICE, now=self._clock())
        letters = await self._db.act(taking)
        for letter in letters:
            sent = await self._send(letter)
            settling = partial(settle_letter, letter=letter, sent=sent)
            await self._db.act(partial(settling, acting=SERVICE, now=self._clock()))
            log.info("letter", topic=letter.kind.value, status=sent.outcome.value)
        return len(letters)

    async def _send(self, letter: Letter) -> Sent:
        writing = partial(write_letter, letter=letter, desk=self._desk, now=self._clock())
        try:
            written = await self._db.read(writing)
            if written is None:
                return Sent(outcome=Outcome.NOTHING)
            return await asyncio.to_thread(self._deliver, self._message(letter, written))
        except CannotOpenAddress:
            return Sent(outcome=Outcome.REFUSED, why="CannotOpenAddress")
        except Exception as error:
            log.exception("letter.not_sent", topic=letter.kind.value)
            return Sent(outcome=Outcome.LATER, why=type(error).__name__)

    def _message(self, letter: Letter, written: Written) -> EmailMessage:
        """Raises CannotOpenAddress."""
        message = EmailMessage(policy=_POLICY)
        message["From"] = formataddr(("Gentie", self._sender))
        message["To"] = self._opener.open(written.contact)
        message["Subject"] = " ".join(written.subject.split())
        message["Date"] = format_datetime(letter.created_at)
        domain = urlsplit(self._desk.base).hostname or "localhost"
        message["Message-ID"] = f"<{letter.id}.{letter.account[:12]}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["List-Unsubscribe"] = f"<{written.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(written.text)
        message.add_alternative(written.html, subtype="html")
        message["Content-Language"] = written.contact.lang
        return message


def handlers_for(db: Database, *, clock: Clock) -> Mapping[str, Handler]:
    """By topic: what people may want a letter about."""

    async def answered(message: Message) -> None:
        ref = CommentRef(ThreadId(message.body["thread"]), CommentId(message.body["comment"]))
        await db.act(partial(note_answer, ref=ref, acting=SERVICE, now=clock()))

    async def decided(message: Message) -> None:
        account, decision = AccountId(message.body["account"]), DecisionId(message.body["decision"])
        noting = partial(note_decision, decision=decision, account=account)
        await db.act(partial(noting, acting=SERVICE, now=clock()))

    async def way_in(message: Message) -> None:
        await db.act(partial(note_sign_in, body=message.body, acting=SERVICE, now=clock()))

    return {ANSWERED: answered, DECIDED: decided, WAY_IN_ASKED: way_in}


def tasks_for(db: Database, post: Post | None, *, clock: Clock) -> list[Task]:
    """What comes again. None: no mail is sent from here."""

    async def forget() -> None:
        await db.act(partial(forget_letters, acting=SERVICE, now=clock()))

    forgetting = Task(name="forget-letters", every=timedelta(hours=1), run=forget)
    if post is None:
        return [forgetting]

    async def send() -> None:
        while await post.send_due():
            pass

    return [forgetting, Task(name="send-letters", every=timedelta(seconds=2), run=send)]
