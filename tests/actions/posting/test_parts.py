"""Every form with every part: gate, screening, review, publication, removal, export; or a no."""

from typing import NamedTuple

import msgspec
import pytest
import sqlalchemy as sa

from gentie.accounts.model import IdentityRequired
from gentie.accounts.roles import actor_of_staff
from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.posting.make_draft import make_draft, make_line
from gentie.actions.posting.routing import Submitted
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.catalogue.regimes import MEDIA_PARTS, PARTS, Regime, get_regime
from gentie.comments import queries
from gentie.comments.model import Form, State
from gentie.danmaku.model import WHITE, Mode, Wanted
from gentie.decisions.model import Measure
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef
from gentie.media.links import Way
from gentie.media.model import Kind, MediaGone, PartNotOffered
from gentie.moving.media import media_of
from gentie.moving.records.media import MediaRecord
from gentie.moving.records.threads import CommentRecord
from gentie.moving.threads import threads_of
from gentie.pages.media import find_bytes
from gentie.review.queries import queue
from gentie.screening.model import Verdict
from gentie.storage.db import Database
from tests.danmaku.build import a_film
from tests.media.build import FORMS, takes_media, uploaded
from tests.newsroom import ANN, BEN, DAILY, NOON, RULES, a_person, a_site, post, ref_of, staff

SAID = {"text": "A kind word", "symbol": "!?", "emoji": "🙂"}
NUMBER = "call 13812345678"
"""What screening holds a text for."""
KEYS = {Form.POST: "blog", Form.REPLY: "blog", Form.MESSAGE: "guests", Form.DANMAKU: "film"}
REGIMES = ("cn-2017", "cn-2022-draft", "cn-2022-final", "neutral")
PAIRS = [(form, part) for form in Form for part in PARTS]


class Scene(NamedTuple):
    tx: sa.Connection
    form: Form
    part: str
    regime: str

    def post(self, by: Actor, *, alt: str = "A ferry", more: str = "") -> Submitted:
        """What `by` says in this form, made of this part and of `more`."""
        media: tuple[str, ...] = ()
        if self.part in MEDIA_PARTS:
            media = (uploaded(self.tx, by, Kind(self.part), site=DAILY, alt=alt),)
        text = SAID.get(self.part, "") + more
        line = self.form is Form.DANMAKU
        draft = make_line(text or "Look", RULES) if line else make_draft(text, RULES, media=True)
        submission = Submission(
            site=DAILY,
            key=KEYS[self.form],
            draft=draft,
            parent=self._parent(by),
            danmaku=Wanted(t_ms=0, mode=Mode.SCROLL, colour=WHITE) if line else None,
            media=media,
        )
        return submit_comment(self.tx, submission, acting=by, now=NOON)

    def person(self, name: str, *, verified: bool = True) -> Actor:
        return a_person(self.tx, name, verified=verified, regimes=(self.regime,))

    def publish(self, ref: CommentRef, by: Actor) -> None:
        """The desk, where something waits there."""
        for item in queue(self.tx, DAILY, most=50):
            if item.ref == ref:
                version = claim_item(self.tx, item.id, acting=by, now=NOON).version
                opinion = Opinion(measure=Measure.PUBLISH, version=version)
                decide_item(self.tx, item.id, opinion, acting=by, now=NOON)

    def _parent(self, by: Actor) -> CommentRef | None:
        if self.form is not Form.REPLY:
            return None
        first = ref_of(post(self.tx, by, site=DAILY))
        self.publish(first, actor_of_staff(ANN))
        return first


def a_scene(tx: sa.Connection, form: Form, part: str, regime: str) -> Scene:
    a_site(tx, regime=regime, test=regime in {"cn-2017", "cn-2022-draft"})
    a_film(tx, DAILY)
    takes_media(tx, DAILY)
    staff(tx, ANN, BEN)
    return Scene(tx, form, part, regime)


@pytest.mark.clause("2017-2.2b", "2022-2.2")
@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize(("form", "part"), PAIRS, ids=lambda one: str(getattr(one, "value", one)))
async def test_every_pair(sqlite_db: Database, form: Form, part: str, regime: str) -> None:
    goes_all_the_way = goes if part in get_regime(regime).parts_of(form.value) else is_refused

    await sqlite_db.act(lambda tx: goes_all_the_way(a_scene(tx, form, part, regime)))


def is_refused(scene: Scene) -> None:
    with pytest.raises(PartNotOffered) as no:
        scene.post(scene.person("River"))
    assert no.value.facts == {"form": scene.form.value, "part": scene.part}


def goes(scene: Scene) -> None:
    """Gate, screening, review, publication, export and removal."""
    tx, ann = scene.tx, actor_of_staff(ANN)
    if get_regime(scene.regime).identity.required:
        with pytest.raises(IdentityRequired):
            scene.post(scene.person("Nobody", verified=False))
    river = scene.person("River")
    found = ref_of(scene.post(river, alt=NUMBER, more="" if scene.part in MEDIA_PARTS else NUMBER))
    kept = queries.get_revision(tx, found, 1)
    verdict = msgspec.json.decode(kept.verdict, type=Verdict)
    assert [one.detector for one in verdict.findings if one.class_id == "privacy"] == ["mobile"]
    assert queries.get(tx, found).state is State.HELD

    ref = ref_of(scene.post(river))
    revision = queries.get_revision(tx, ref, 1)
    assert queries.get(tx, ref).form is scene.form
    assert scene.part in revision.kinds
    scene.publish(ref, ann)
    assert queries.get(tx, ref).state is State.PUBLISHED
    assert exported(tx, ref) == (scene.part in MEDIA_PARTS)

    remove_comment(
        tx, ref, Removal(class_id="spam", facts="A shop", message="No."), acting=ann, now=NOON
    )
    assert queries.get(tx, ref).state is State.REMOVED
    if scene.part in MEDIA_PARTS:
        (part,) = msgspec.json.decode(revision.parts)
        with pytest.raises(MediaGone):
            find_bytes(tx, part["id"], FORMS[Kind(scene.part)][0], way=Way.PUBLIC, now=NOON)


def exported(tx: sa.Connection, ref: CommentRef) -> bool:
    """It is in the export. Returns whether a file of it is, too."""
    lines = threads_of(tx, DAILY)
    (comment,) = (one for one in lines if isinstance(one, CommentRecord) and one.ref == str(ref))
    assert comment.revisions
    files = media_of(tx, DAILY, lambda _: b"bytes")
    return any(isinstance(one, MediaRecord) and one.comment == ref.comment for one in files)


@pytest.mark.clause("2017-2.2b", "2022-2.2")
@pytest.mark.parametrize(("form", "part"), PAIRS, ids=lambda one: str(getattr(one, "value", one)))
async def test_a_pair_that_the_regime_takes_away_is_refused(
    sqlite_db: Database, form: Form, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(regime_id: str) -> Regime:
        regime = get_regime(regime_id)
        parts = {**regime.parts, form.value: regime.parts_of(form.value) - {part}}
        return msgspec.structs.replace(regime, parts=parts)

    def body(tx: sa.Connection) -> None:
        scene = a_scene(tx, form, part, "neutral")
        monkeypatch.setattr("gentie.actions.place.get_regime", without)
        is_refused(scene)

    await sqlite_db.act(body)
