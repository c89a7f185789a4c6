"""What people keep from each other holds at the acts, on both engines."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import msgspec
import pytest

from gentie.actions.grievances.file_report import Report, file_report
from gentie.actions.operations.note_answer import note_answer
from gentie.actions.posting.drop_evidence import drop_evidence
from gentie.actions.posting.edit_comment import edit_comment
from gentie.actions.posting.forget_evidence import forget_evidence
from gentie.actions.posting.keep_away import keep_away
from gentie.actions.posting.let_back import let_back
from gentie.actions.posting.lift_protection import lift_protection
from gentie.actions.posting.limit_all_replies import limit_all_replies
from gentie.actions.posting.limit_replies import limit_replies
from gentie.actions.posting.protect_account import protect_account
from gentie.actions.posting.routing import Submitted
from gentie.boundaries import queries, store
from gentie.boundaries.model import (
    EVIDENCE_KEPT,
    Bundle,
    Keep,
    NoSuchEvidence,
    NoSuchPerson,
    Replies,
    RepliesLimited,
    TooManyPeople,
)
from gentie.cases import queries as cases
from gentie.cases.tables import case_evidence
from gentie.comments.model import NotTheAuthor, OwnComment, State
from gentie.kernel.actor import ANYONE, SERVICE, Actor, MayNot
from gentie.kernel.ids import CommentRef
from gentie.mail import queries as mail
from gentie.mail.model import LetterKind
from gentie.pages.boundaries import load_all, load_bundle
from gentie.pages.own import Mine, load_mine
from gentie.storage.db import Database
from tests.mail.build import a_reader
from tests.newsroom import NOON, NOTEBOOK, a_draft, a_person, a_site, post
from tests.web.embed.build import count

T = TypeVar("T")
HOUR = timedelta(hours=1)


class Street:
    """A comment by River under which others write."""

    def __init__(self, db: Database, *people: Actor, said: CommentRef) -> None:
        self.db, self.said = db, said
        self.river, self.lake, self.stone = people

    async def reply(
        self, by: Actor, to: CommentRef | None = None, *, text: str = "Hm.", now: datetime = NOON
    ) -> CommentRef:
        said = Submitted(id=str(to or self.said), state=State.PUBLISHED, revision=1)
        sending = partial(post, by=by, text=text, key="blog", to=said, now=now)
        return CommentRef.parse((await self.db.act(sending)).id)

    async def do(self, act: Callable[..., T], by: Actor, **facts: Any) -> T:
        now = facts.pop("now", NOON)
        return await self.db.act(partial(act, **facts, acting=by, now=now))

    async def mine(self, by: Actor) -> Mine:
        load = partial(load_mine, site=NOTEBOOK, key="blog", acting=by, now=NOON)
        return await self.db.read(load)

    async def folded(self, by: Actor) -> dict[str, str]:
        return {one.id: one.why.value for one in (await self.mine(by)).folded}

    async def protect(self, by: Actor) -> str:
        bundle = await self.db.read(partial(load_bundle, acting=by, now=NOON))
        made = await self.do(protect_account, by, bundle=bundle, term=HOUR)
        return made.evidence.id


@pytest.fixture
async def street(db: Database) -> Street:
    await db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))
    people = [await db.act(partial(a_person, name=one)) for one in ("River", "Lake", "Stone")]
    said = await db.act(partial(post, by=people[0], key="blog"))
    return Street(db, *people, said=CommentRef.parse(said.id))


async def limited(attempt: Awaitable[object]) -> None:
    with pytest.raises(RepliesLimited):
        await attempt


class TestPeople:
    async def test_blocked_cannot_reply_and_is_folded(self, street: Street) -> None:
        first = await street.reply(street.lake)

        await street.do(keep_away, street.river, ref=first, keep=Keep.BLOCKED)

        await limited(street.reply(street.lake))
        await street.reply(street.stone)
        assert await street.folded(street.river) == {str(first): "blocked"}
        assert await street.folded(street.stone) == {}

    async def test_blocked_cannot_edit_a_reply_either(self, street: Street) -> None:
        first = await street.reply(street.lake)
        await street.do(keep_away, street.river, ref=first, keep=Keep.BLOCKED)

        editing = partial(edit_comment, ref=first, draft=a_draft("Worse."))
        await limited(street.db.act(partial(editing, acting=street.lake, now=NOON)))

    async def test_blocked_writes_to_others_as_before(self, street: Street) -> None:
        first = await street.reply(street.lake)
        await street.do(keep_away, street.river, ref=first, keep=Keep.BLOCKED)
        other = await street.reply(street.stone)

        await street.reply(street.lake, other)
        await street.reply(street.river, first)

    async def test_muted_may_reply_and_is_folded(self, street: Street) -> None:
        first = await street.reply(street.lake)

        await street.do(keep_away, street.river, ref=first, keep=Keep.MUTED)

        second = await street.reply(street.lake)
        assert await street.folded(street.river) == dict.fromkeys(
            (str(first), str(second)), "muted"
        )

    async def test_is_let_back(self, street: Street) -> None:
        first = await street.reply(street.lake)
        for letting in (
            partial(street.do, keep_away, street.river, ref=first, keep=None),
            partial(street.do, let_back, street.river, person=street.lake.account),
        ):
            await street.do(keep_away, street.river, ref=first, keep=Keep.MUTED)
            await street.do(keep_away, street.river, ref=first, keep=Keep.BLOCKED)
            await letting()
            await street.reply(street.lake)
            assert await street.folded(street.river) == {}
        with pytest.raises(NoSuchPerson):
            await street.do(let_back, street.river, person=street.lake.account)
        await street.do(keep_away, street.river, ref=first, keep=None)

    async def test_is_somebody_else_who_has_written_here(self, street: Street) -> None:
        with pytest.raises(OwnComment):
            await street.do(keep_away, street.river, ref=street.said, keep=Keep.MUTED)
        for acting in (ANYONE, msgspec.structs.replace(street.lake, site="daily")):
            with pytest.raises(MayNot):
                await street.do(keep_away, acting, ref=street.said, keep=Keep.MUTED)

    async def test_are_not_without_end(
        self, street: Street, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(store, "MOST_PEOPLE", 1)
        for by in (street.lake, street.stone):
            ref = await street.reply(by)
            keeping = street.do(keep_away, street.river, ref=ref, keep=Keep.MUTED)
            if by is street.stone:
                with pytest.raises(TooManyPeople):
                    await keeping
            else:
                await keeping

    async def test_are_listed_for_their_owner(self, street: Street) -> None:
        await street.do(
            keep_away, street.river, ref=await street.reply(street.lake), keep=Keep.MUTED
        )

        found = await street.db.read(partial(load_all, acting=street.river, now=NOON))
        assert [(one.name, one.keep) for one in found.people] == [("Lake", Keep.MUTED)]
        other = await street.db.read(partial(load_all, acting=street.lake, now=NOON))
        assert other.people == ()


class TestReplies:
    async def test_of_one_comment_are_limited(self, street: Street) -> None:
        first = await street.reply(street.lake)
        set_ = partial(street.do, limit_replies, street.river, ref=street.said)

        await set_(replies=Replies.NOBODY)
        await limited(street.reply(street.lake))
        assert (await street.mine(street.river)).limits == {str(street.said): Replies.NOBODY}
        await set_(replies=Replies.KNOWN)
        await limited(street.reply(street.lake))
        await street.reply(street.river, first)
        await street.reply(street.lake)
        await limited(street.reply(street.stone))
        await set_(replies=None)
        await street.reply(street.stone)
        await street.reply(street.river)

    async def test_of_all_comments_are_limited(self, street: Street) -> None:
        await street.do(limit_all_replies, street.river, replies=Replies.NOBODY)
        await limited(street.reply(street.lake))
        await street.do(limit_replies, street.river, ref=street.said, replies=Replies.EVERYONE)
        await street.reply(street.lake)
        assert (await street.mine(street.river)).replies_from is Replies.NOBODY

    async def test_are_for_the_author_to_limit(self, street: Street) -> None:
        with pytest.raises(NotTheAuthor):
            await street.do(limit_replies, street.lake, ref=street.said, replies=Replies.NOBODY)
        visitor = msgspec.structs.replace(street.river, scopes=frozenset({"boundary:set"}))
        with pytest.raises(MayNot):
            await street.do(limit_all_replies, visitor, replies=Replies.NOBODY)


class TestProtection:
    async def test_keeps_strangers_away_and_lets_known_people_in(self, street: Street) -> None:
        known, stranger = await street.reply(street.lake), await street.reply(street.stone)
        await street.reply(street.river, known)

        await street.protect(street.river)

        await street.reply(street.lake)
        await limited(street.reply(street.stone))
        assert await street.folded(street.river) == {str(stranger): "protected"}
        mine = await street.mine(street.river)
        assert (mine.protected_until, mine.hide_votes) == (NOON + HOUR, True)

    async def test_ends_by_itself_and_on_request(self, street: Street) -> None:
        await street.protect(street.river)
        await street.reply(street.lake, now=NOON + HOUR)

        await street.do(lift_protection, street.river)
        await street.reply(street.stone)
        assert not (await street.mine(street.river)).hide_votes

    async def test_leaves_the_other_setting_alone(self, street: Street) -> None:
        await street.do(limit_all_replies, street.river, replies=Replies.NOBODY)
        await street.protect(street.river)
        await street.do(limit_all_replies, street.river, replies=Replies.KNOWN)
        setting = await street.db.read(partial(queries.setting_of, account=street.river.account))
        assert (setting.replies, setting.protected_until) == (Replies.KNOWN, NOON + HOUR)


class TestEvidence:
    async def test_holds_what_was_replied_with_hash_and_times(self, street: Street) -> None:
        reply = await street.reply(street.lake, text="Go away.")
        saved = await street.protect(street.river)

        account = street.river.account
        body = await street.db.read(
            partial(queries.evidence_body, account=account, evidence_id=saved)
        )
        listed = (await street.db.read(partial(queries.saved_by, account=account)))[0]
        assert listed.sha256 == hashlib.sha256(body).hexdigest()
        bundle = msgspec.json.decode(body, type=Bundle)
        item = bundle.items[0]
        assert (item.id, item.in_reply_to) == (str(reply), str(street.said))
        assert (item.author, item.text, bundle.saved_at) == ("Lake", "Go away.", NOON)
        assert len(item.traces) == 1
        assert street.lake.account.encode() not in body

    async def test_is_its_owners(self, street: Street) -> None:
        saved = await street.protect(street.river)
        theirs = partial(queries.evidence_body, account=street.lake.account, evidence_id=saved)

        with pytest.raises(NoSuchEvidence):
            await street.db.read(theirs)
        with pytest.raises(NoSuchEvidence):
            await street.do(drop_evidence, street.lake, evidence=saved)
        await street.do(drop_evidence, street.river, evidence=saved)
        with pytest.raises(NoSuchEvidence):
            await street.do(drop_evidence, street.river, evidence=saved)

    async def test_goes_with_a_report_and_stays_with_it(self, street: Street) -> None:
        reply = await street.reply(street.lake)
        saved = await street.protect(street.river)
        report = Report(subject=reply, class_id="abuse", statement="Look.", evidence=saved)

        for other in (street.lake, ANYONE):
            with pytest.raises((NoSuchEvidence, MayNot)):
                await street.do(file_report, other, report=report)
        await street.do(file_report, street.river, report=report)
        await street.do(drop_evidence, street.river, evidence=saved)

        filed = await street.db.read(partial(cases.filed_by, account=street.river.account))
        body = await street.db.read(partial(cases.attached_to, case=filed[0]))
        assert body is not None
        known = await street.db.read(partial(cases.evidence_of, cases=[filed[0].id]))
        assert known == {filed[0].id: hashlib.sha256(body).hexdigest()}
        assert await street.db.read(partial(count, table=case_evidence)) == 1

    async def test_is_forgotten_after_its_time(self, street: Street) -> None:
        await street.protect(street.river)

        assert await street.do(forget_evidence, SERVICE, now=NOON + EVIDENCE_KEPT) == 0
        later = NOON + EVIDENCE_KEPT + HOUR
        assert await street.do(forget_evidence, SERVICE, now=later) == 1


class TestLetters:
    @pytest.fixture
    async def street(self, street: Street) -> Street:
        """River gets mail."""
        await street.db.act(partial(a_reader, acting=street.river))
        return street

    async def letters(self, street: Street, *replies: CommentRef) -> set[str]:
        """What letters to River are about after these replies."""
        for ref in replies:
            await street.do(note_answer, SERVICE, ref=ref)
        return await street.db.read(
            lambda tx: {
                item
                for letter in mail.letters_to(tx, street.river.account)
                if letter.kind is LetterKind.REPLIES
                for item in mail.about(tx, letter)
            }
        )

    async def test_say_nothing_of_whom_one_keeps_away(self, street: Street) -> None:
        first = await street.reply(street.lake)
        await street.do(keep_away, street.river, ref=first, keep=Keep.MUTED)
        heard = await street.reply(street.stone)

        assert await self.letters(street, first, heard) == {str(heard)}

    async def test_say_nothing_of_strangers_under_protection(self, street: Street) -> None:
        known, stranger = await street.reply(street.lake), await street.reply(street.stone)
        await street.reply(street.river, known)
        await street.protect(street.river)

        assert await self.letters(street, known, stranger) == {str(known)}
