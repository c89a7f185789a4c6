"""What a letter says, written at the moment it is sent: nothing that is not public by then.

Plain text, and the same as simple HTML that loads nothing from anywhere.
"""

from collections.abc import Sequence
from datetime import datetime
from html import escape

import msgspec
import sqlalchemy as sa

from gentie.accounts.queries import get_poster
from gentie.catalogue.regimes import Text
from gentie.comments import queries as comments
from gentie.comments.model import Author
from gentie.comments.queries import Listed
from gentie.decisions import queries as decisions
from gentie.decisions.model import Kept
from gentie.kernel.ids import CommentRef, DecisionId
from gentie.kernel.texts import in_lang
from gentie.mail import queries, rules
from gentie.mail.model import Answer, Contact, Letter, LetterKind
from gentie.mail.sealing import Tickets
from gentie.pages.lists import beginning, link_to
from gentie.pages.statement import class_of
from gentie.sites import queries as sites
from gentie.sites.model import Thread

QUOTED = 500
"""Characters of a reply, as a reader counts them."""
MOST = 20
"""Replies or decisions that one letter tells of one by one."""

_author = msgspec.json.Decoder(Author)
_STOPS = {
    LetterKind.CONFIRM: Answer.NEVER,
    LetterKind.REPLIES: Answer.STOP_REPLIES,
    LetterKind.DECISIONS: Answer.STOP_DECISIONS,
    LetterKind.LEAKS: Answer.STOP_DECISIONS,
    LetterKind.SIGN_IN: Answer.STOP_SIGN_IN,
}


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A paragraph, with an address under it where there is one."""

    text: str
    quote: str = ""
    link: str = ""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    contact: Contact
    subject: str
    blocks: tuple[Block, ...]
    stop: str
    """Address at which one request ends letters of this sort."""

    @property
    def text(self) -> str:
        return "\n".join(_plain(block) for block in self.blocks)

    @property
    def html(self) -> str:
        lang = escape(self.contact.lang)
        body = "\n".join(_marked_up(block) for block in self.blocks)
        return (
            f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
            f"<title>{escape(self.subject)}</title></head><body>\n{body}\n</body></html>\n"
        )


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """What every letter needs of this service."""

    base: str
    """Our public address."""
    tickets: Tickets

    def link(self, answer: Answer, contact: Contact) -> str:
        return f"{self.base}/mail/{self.tickets.write(answer, contact)}"


def write_letter(tx: sa.Connection, letter: Letter, desk: Desk, *, now: datetime) -> Written | None:
    """What a letter says now. None: nothing is left to tell, or nobody who wants it."""
    contact = queries.find_contact(tx, letter.account)
    if contact is None or not rules.wants(contact, letter.kind, now=now):
        return None
    if letter.kind is LetterKind.CONFIRM:
        return _confirm(contact, desk)
    if letter.kind is LetterKind.SIGN_IN:
        return _way_in(tx, contact, letter, desk, now=now)
    about = queries.about(tx, letter)
    if letter.kind is LetterKind.LEAKS:
        return _leaks(contact, about, desk)
    if letter.kind is LetterKind.REPLIES:
        return _replies(tx, contact, [CommentRef.parse(one) for one in about], desk)
    return _decisions(tx, contact, [DecisionId(one) for one in about], desk)


def _confirm(contact: Contact, desk: Desk) -> Written:
    lang = contact.lang
    blocks = (
        Block(
            text=in_lang("Somebody has asked for mail about comments to this address.", lang),
        ),
        Block(
            text=in_lang("If it was you, open this page and confirm it within two days:", lang),
            link=desk.link(Answer.CONFIRM, contact),
        ),
        Block(
            text=in_lang(
                "If it was not you, do nothing, and you get no more mail. "
                "Here you can say that this address is never to be written to again:",
                lang,
            ),
            link=desk.link(Answer.NEVER, contact),
        ),
    )
    subject = in_lang("Do you want mail about comments?", lang)
    return _written(contact, LetterKind.CONFIRM, subject, blocks, desk)


def _way_in(
    tx: sa.Connection, contact: Contact, letter: Letter, desk: Desk, *, now: datetime
) -> Written | None:
    """None: it would come too late."""
    found = queries.find_link(tx, letter)
    if found is None or found.expires_at <= now:
        return None
    lang, name = contact.lang, get_poster(tx, contact.account).name
    way_in = f"{desk.base}/account/link/{desk.tickets.write_sign_in(contact, letter.id)}"
    asked = in_lang("Somebody wants to sign in here as {name}.", lang, name=name)
    how = in_lang(
        "If it was you, open this within ten minutes, in the browser in which you asked:", lang
    )
    else_ = in_lang("If it was not you, do nothing: without this letter nobody gets in.", lang)
    blocks = (Block(text=asked), Block(text=how, link=way_in), Block(text=else_))
    subject = in_lang("Your way in", lang)
    return _written(contact, LetterKind.SIGN_IN, subject, (*blocks, _why(contact, desk)), desk)


def _replies(
    tx: sa.Connection, contact: Contact, refs: list[CommentRef], desk: Desk
) -> Written | None:
    found = [(ref, comments.find_shown(tx, ref)) for ref in refs]
    shown = [(ref, one[0]) for ref, one in found if one and one[0].nodes is not None]
    if not shown:
        return None
    lang, thread = contact.lang, sites.get_thread(tx, shown[0][0].thread)
    title = thread.title or thread.key
    subject = in_lang("New replies to you on “{title}”", lang, title=title)
    told = [_reply(ref, one, thread, lang, desk) for ref, one in shown[:MOST]]
    if len(shown) > MOST:
        more = in_lang("There are {count} more.", lang, count=len(shown) - MOST)
        told.append(Block(text=more, link=desk.base + link_to(thread)))
    return _written(contact, LetterKind.REPLIES, subject, (*told, _why(contact, desk)), desk)


def _reply(ref: CommentRef, one: Listed, thread: Thread, lang: str, desk: Desk) -> Block:
    name = _author.decode(one.author).name
    return Block(
        text=in_lang("{name} answered you:", lang, name=name),
        quote=beginning(one.plain, QUOTED),
        link=desk.base + link_to(thread, ref),
    )


def _decisions(
    tx: sa.Connection, contact: Contact, ids: list[DecisionId], desk: Desk
) -> Written | None:
    """Never with the text that was decided on: it may not be public."""
    if not ids:
        return None
    lang = contact.lang
    told = [_decision(decisions.get(tx, one), lang, desk) for one in ids[:MOST]]
    if len(ids) > MOST:
        more = in_lang("There are {count} more.", lang, count=len(ids) - MOST)
        told.append(Block(text=more, link=f"{desk.base}/account/notices"))
    subject = in_lang("A decision about what you wrote", lang)
    blocks = (*told, _why(contact, desk))
    return _written(contact, LetterKind.DECISIONS, subject, blocks, desk)


def _leaks(contact: Contact, numbers: Sequence[str], desk: Desk) -> Written | None:
    """Not what got out, nor how: that stands where only its person reads it."""
    if not numbers:
        return None
    lang = contact.lang
    said = in_lang("Data of yours got out. Read what, and what you can do.", lang)
    told = Block(text=f"{said} ({', '.join(numbers)})", link=f"{desk.base}/account/privacy#leaks")
    subject = in_lang("Personal data of yours got out", lang)
    return _written(contact, LetterKind.LEAKS, subject, (told, _why(contact, desk)), desk)


def _decision(kept: Kept, lang: str, desk: Desk) -> Block:
    decision, ground = kept.decision, class_of(kept.decision)
    said = {
        "publish": in_lang("Your comment was published.", lang),
        "refuse": in_lang("Your comment was not published.", lang),
        "remove": in_lang("Your comment was removed.", lang),
        "restore": in_lang("Your comment was restored.", lang),
        "recall": in_lang("Your comment waits for review again.", lang),
    }[decision.measure.value]
    lines = [said, *_ground(ground.title if ground else None, lang)]
    if decision.appeal_before is not None:
        day = decision.appeal_before.date().isoformat()
        lines.append(in_lang("You can appeal until {day}.", lang, day=day))
    return Block(text=" ".join(lines), link=f"{desk.base}/d/{decision.id}")


def _ground(title: Text | None, lang: str) -> list[str]:
    return [] if title is None else [in_lang("Ground: {title}.", lang, title=title.in_lang(lang))]


def _why(contact: Contact, desk: Desk) -> Block:
    text = in_lang("You get this because you asked for it. Change or end it here:", contact.lang)
    return Block(text=text, link=f"{desk.base}/account/mail")


def _written(
    contact: Contact, kind: LetterKind, subject: str, blocks: tuple[Block, ...], desk: Desk
) -> Written:
    stop = desk.link(_STOPS[kind], contact)
    return Written(contact=contact, subject=subject, blocks=blocks, stop=stop)


def _plain(block: Block) -> str:
    quoted = f"> {block.quote}\n" if block.quote else ""
    link = f"{block.link}\n" if block.link else ""
    return f"{block.text}\n{quoted}{link}"


def _marked_up(block: Block) -> str:
    quoted = f"<blockquote>{escape(block.quote)}</blockquote>" if block.quote else ""
    link = escape(block.link)
    linked = f'<p><a href="{link}">{link}</a></p>' if link else ""
    return f"<p>{escape(block.text)}</p>{quoted}{linked}"
