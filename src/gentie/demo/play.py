"""Play the scenes: each is one or two acts, done by the people who would do them."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import cycle

import sqlalchemy as sa

from gentie.actions.grievances.file_appeal import file_appeal
from gentie.actions.grievances.file_report import Report, file_report
from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.moderation.reverse_decision import reverse_decision
from gentie.actions.moderation.take_effect import take_effect
from gentie.actions.operations.lift_switch import lift_switch
from gentie.actions.operations.set_switch import SwitchWanted, set_switch
from gentie.actions.posting.cast_vote import cast_vote
from gentie.actions.posting.edit_comment import edit_comment
from gentie.actions.posting.make_draft import Draft
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.danmaku.model import Wanted
from gentie.danmaku.rules import PALETTE
from gentie.decisions.model import Measure, Source
from gentie.demo.content import CHANGED, Comment, Over, Ruling
from gentie.demo.script import Deed, Scene
from gentie.kernel.actor import ANYONE, SERVICE, Actor
from gentie.kernel.ids import CommentRef, DecisionId, SiteId
from gentie.review import queries as review
from gentie.review.model import WAITING
from gentie.sites import queries as sites
from gentie.sites.model import SwitchKind

WHY_HELD = (
    "广告和争吵集中出现，这一页暂时先审后发。 "
    "Advertising and quarrels: for a while a person looks first."
)


class Play:
    """What has happened so far. `drafts` holds every text of the content, screened."""

    def __init__(
        self,
        tx: sa.Connection,
        actors: dict[str, Actor],
        voters: Iterable[Actor],
        drafts: dict[str, Draft],
    ) -> None:
        self._tx, self._actors, self._drafts = tx, actors, drafts
        self._voters = list(voters)
        self._desk = cycle([actors["moderator"], actors["second_moderator"]])
        self._refs: dict[str, CommentRef] = {}
        self._decided: dict[str, DecisionId] = {}
        self._holds: dict[str, str] = {}

    def perform(self, scene: Scene) -> None:
        if scene.comment is None:
            _PAGE[scene.deed](self, scene)
        else:
            _COMMENT[scene.deed](self, scene, scene.comment)

    def hold(self, scene: Scene) -> None:
        site = SiteId(scene.thread.site)
        thread = sites.find_thread(self._tx, site, scene.thread.key)
        wanted = SwitchWanted(
            site=site,
            thread=thread.id if thread else None,
            kind=SwitchKind.HOLD_ALL,
            reason=WHY_HELD,
            until=scene.until or scene.at + timedelta(hours=1),
        )
        switch = set_switch(self._tx, wanted, acting=self._actors["chief_editor"], now=scene.at)
        self._holds[scene.thread.key] = switch.id

    def release(self, scene: Scene) -> None:
        switch = self._holds.pop(scene.thread.key)
        lift_switch(self._tx, switch, acting=self._actors["chief_editor"], now=scene.at)

    def submit(self, scene: Scene, comment: Comment) -> None:
        submission = Submission(
            site=SiteId(scene.thread.site),
            key=scene.thread.key,
            draft=self._drafts[
                (comment.earlier if comment.fate in CHANGED else "") or comment.text
            ],
            parent=self._refs[comment.reply_to] if comment.reply_to else None,
            lang=comment.lang,
            danmaku=_wanted(comment.over),
        )
        done = submit_comment(self._tx, submission, acting=self._by(comment), now=scene.at)
        self._refs[comment.id] = CommentRef.parse(done.id)
        if done.decision is not None:
            self._decided[comment.id] = done.decision

    def edit(self, scene: Scene, comment: Comment) -> None:
        draft = self._drafts[comment.text]
        ref = self._refs[comment.id]
        edit_comment(self._tx, ref, draft, acting=self._by(comment), now=scene.at)

    def publish(self, scene: Scene, comment: Comment) -> None:
        self._decide(comment, Measure.PUBLISH, None, now=scene.at)

    def refuse(self, scene: Scene, comment: Comment) -> None:
        self._decide(comment, Measure.REFUSE, comment.ruling, now=scene.at)

    def _decide(
        self, comment: Comment, measure: Measure, ruling: Ruling | None, *, now: datetime
    ) -> None:
        """What waits; nothing does where the text was public, or refused, at once."""
        item = review.find_on(self._tx, self._refs[comment.id])
        if item is None or item.state not in WAITING:
            return
        desk = next(self._desk)
        claimed = claim_item(self._tx, item.id, acting=desk, now=now)
        opinion = Opinion(
            measure=measure,
            version=claimed.version,
            class_id=ruling.class_id if ruling else "",
            facts=ruling.facts.in_lang(comment.lang) if ruling else "",
            message=ruling.message.in_lang(comment.lang) if ruling else "",
        )
        decide_item(self._tx, item.id, opinion, acting=desk, now=now)

    def take_effect(self, scene: Scene, comment: Comment) -> None:
        item = review.find_on(self._tx, self._refs[comment.id])
        if item is not None:
            decision = take_effect(self._tx, item.id, acting=SERVICE, now=scene.at)
            if decision is not None:
                self._decided[comment.id] = decision

    def vote(self, scene: Scene, comment: Comment) -> None:
        author = self._by(comment)
        others = [one for one in self._voters if one != author]
        for voter in others[: comment.votes]:
            ref = self._refs[comment.id]
            cast_vote(self._tx, ref, agree=True, acting=voter, now=scene.at)

    def report(self, scene: Scene, comment: Comment) -> None:
        for one in comment.reports:
            report = Report(
                subject=self._refs[comment.id], class_id=one.class_id, statement=one.statement
            )
            by = self._actors[one.by] if one.by else ANYONE
            file_report(self._tx, report, acting=by, now=scene.at)

    def withdraw(self, scene: Scene, comment: Comment) -> None:
        ref = self._refs[comment.id]
        withdraw_comment(self._tx, ref, acting=self._by(comment), now=scene.at)

    def remove(self, scene: Scene, comment: Comment) -> None:
        if comment.ruling is None:
            return
        removal = Removal(
            class_id=comment.ruling.class_id,
            facts=comment.ruling.facts.in_lang(comment.lang),
            message=comment.ruling.message.in_lang(comment.lang),
            source=Source.REPORT if comment.reports else Source.PATROL,
        )
        ref = self._refs[comment.id]
        done = remove_comment(self._tx, ref, removal, acting=next(self._desk), now=scene.at)
        self._decided[comment.id] = done.decision

    def appeal(self, scene: Scene, comment: Comment) -> None:
        file_appeal(
            self._tx,
            self._decided[comment.id],
            statement=comment.appeal,
            receipt="",
            acting=self._by(comment),
            now=scene.at,
        )

    def restore(self, scene: Scene, comment: Comment) -> None:
        """A second person looks at it again."""
        reverse_decision(
            self._tx,
            self._decided[comment.id],
            source=Source.APPEAL if comment.appeal else Source.OWN,
            acting=self._actors["chief_editor"],
            now=scene.at,
        )

    def _by(self, comment: Comment) -> Actor:
        return self._actors[comment.by]


def _wanted(over: Over | None) -> Wanted | None:
    if over is None:
        return None
    return Wanted(t_ms=round(over.at * 1000), mode=over.mode, colour=PALETTE[over.colour])


_PAGE: dict[Deed, Callable[[Play, Scene], None]] = {
    Deed.HOLD: Play.hold,
    Deed.RELEASE: Play.release,
}
_COMMENT: dict[Deed, Callable[[Play, Scene, Comment], None]] = {
    Deed.SUBMIT: Play.submit,
    Deed.PUBLISH: Play.publish,
    Deed.REFUSE: Play.refuse,
    Deed.EFFECT: Play.take_effect,
    Deed.VOTE: Play.vote,
    Deed.REPORT: Play.report,
    Deed.EDIT: Play.edit,
    Deed.WITHDRAW: Play.withdraw,
    Deed.REMOVE: Play.remove,
    Deed.APPEAL: Play.appeal,
    Deed.RESTORE: Play.restore,
}
