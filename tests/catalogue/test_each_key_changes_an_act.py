"""Each key of a pack is turned over once, and the act that it belongs to comes out differently."""

from datetime import date

import pytest
import sqlalchemy as sa

from gentie.actions import place
from gentie.actions.grievances import file_appeal as appealing
from gentie.actions.identity import asked_for
from gentie.actions.identity import finish_lesson as learning
from gentie.actions.identity.asked_for import accounts_allowed
from gentie.actions.media import begin_upload as sending
from gentie.actions.operations import adopting
from gentie.actions.oversight import record_leak as finding
from gentie.catalogue.regimes import (
    MEASURES,
    Premoderation,
    Regime,
    Tier,
    get_regime,
)
from gentie.decisions.model import Decision
from gentie.kernel.refusal import Refusal
from gentie.pages import credit as credits_seen
from gentie.pages import vaulting
from gentie.pages.vaulting import is_vaulted
from gentie.standing.model import Measure
from gentie.storage.db import Database
from tests.catalogue.test_every_key_is_read import READ_BY
from tests.catalogue.turning import (
    FLAT,
    Act,
    Turn,
    also,
    appeal_window,
    appealing_act,
    credit,
    crediting,
    finding_a_leak,
    graver,
    ground_of_removal,
    identity,
    ladder,
    opening,
    posting,
    posting_after_a_new_agreement,
    queueing,
    recording,
    removing,
    reporting,
    sanctioning,
    spam,
    tombstone,
    turned,
    voting,
    windows,
)
from tests.catalogue.turning_media import MEGABYTE, media, posting_pictures, uploading
from tests.newsroom import (
    NOON,
    NOTEBOOK,
    a_site,
)

MEASURED = also(turned(measures=frozenset(MEASURES)), ladder())


BAR = Measure.BAR


ALL = turned(premoderation=Premoderation.ALL)


NEWS = turned(premoderation=Premoderation.NEWS)


VERIFIED = identity(required=True)


KEYS: list[tuple[str, Act, Turn, Turn]] = [
    ("id", posting(), turned(), turned(id="cn-2017")),
    ("version", posting(), turned(), turned(version=7)),
    ("valid_from", opening, turned(), turned(valid_from=date(2030, 1, 1))),
    ("valid_to", opening, turned(), turned(valid_to=NOON.date())),
    ("test_only", opening, turned(), turned(test_only=True)),
    ("premoderation", posting("article"), turned(), NEWS),
    ("auto_clear", posting(), ALL, also(ALL, turned(auto_clear=False))),
    ("forms", posting(), turned(), turned(forms=frozenset({"reply"}))),
    ("parts", posting(), turned(), turned(parts={})),
    ("media.look_first", posting_pictures(), media(), media(look_first=frozenset({"picture"}))),
    ("media.each", posting_pictures(2), media(), media(each=1)),
    ("media.per_day", uploading(1, 1), media(), media(per_day=1)),
    ("media.megabytes_per_day", uploading(2 * MEGABYTE), media(), media(megabytes_per_day=1)),
    ("identity.required", posting(verified=False), turned(), VERIFIED),
    ("identity.methods", posting(), VERIFIED, also(VERIFIED, identity(methods=frozenset()))),
    ("identity.max_age_days", posting(), VERIFIED, also(VERIFIED, identity(max_age_days=1))),
    ("identity.vaulted", is_vaulted, VERIFIED, also(VERIFIED, identity(vaulted=True))),
    (
        "identity.accounts_per_person",
        accounts_allowed,
        VERIFIED,
        also(VERIFIED, identity(accounts_per_person=1)),
    ),
    ("reaction_identity", voting, turned(), also(VERIFIED, turned(reaction_identity=True))),
    ("measures", removing, turned(), turned(measures=frozenset())),
    ("classes", ground_of_removal, turned(), turned(classes=())),
    ("class.id", ground_of_removal, turned(), spam(id="adverts")),
    ("class.tier", ground_of_removal, turned(), spam(tier=Tier.ILLEGAL)),
    ("class.clause", ground_of_removal, turned(), spam(clause="9.9")),
    ("class.legal_ref", ground_of_removal, turned(), spam(legal_ref="csl")),
    ("class.hidden", tombstone, turned(), spam(hidden=True)),
    ("ladder.terms", sanctioning(), MEASURED, also(MEASURED, ladder(terms=()))),
    *(
        (f"ladder.{tier}", sanctioning(tier=tier), MEASURED, also(MEASURED, ladder(**{tier: ()})))
        for tier in ("negative", "illegal")
    ),
    (
        "ladder.restrict_days",
        sanctioning(Measure.RESTRICT, tier="illegal"),
        MEASURED,
        also(MEASURED, ladder(restrict_days=70)),
    ),
    (
        "ladder.suspend_days",
        sanctioning(Measure.SUSPEND, tier="illegal"),
        also(MEASURED, ladder(illegal=("suspend",))),
        also(MEASURED, ladder(illegal=("suspend",), suspend_days=70)),
    ),
    (
        "ladder.bar_days",
        sanctioning(BAR, tier="illegal"),
        also(MEASURED, ladder(illegal=("bar_reregistration",))),
        also(MEASURED, ladder(illegal=("bar_reregistration",), bar_days=70)),
    ),
    (
        "ladder.memory_days",
        sanctioning(Measure.RESTRICT, known=1, tier="negative"),
        MEASURED,
        also(MEASURED, ladder(memory_days=5)),
    ),
    ("ladder.within_days", sanctioning(days=10), MEASURED, also(MEASURED, ladder(within_days=5))),
    ("credit.terms", crediting(), credit(), credit(terms=1)),
    *(
        (
            f"credit.{tier}",
            crediting(),
            graver(tier),
            also(graver(tier), credit(**{tier.value: 77})),
        )
        for tier in (Tier.NEGATIVE, Tier.ILLEGAL)
    ),
    ("credit.lesson", crediting(times=2, lessons=1), credit(), credit(lesson=1)),
    (
        "credit.lesson_days",
        crediting(times=5, lessons=2, days=11),
        credit(tiers=FLAT),
        credit(tiers=FLAT, lesson_days=10),
    ),
    ("credit.half_life_days", crediting(days=30), credit(), credit(half_life_days=5)),
    ("credit.floor", crediting(times=9), credit(tiers=FLAT), credit(tiers=FLAT, floor=3)),
    ("credit.tiers", crediting(times=3), credit(), credit(tiers=FLAT)),
    ("windows.review_seconds", queueing, NEWS, also(NEWS, windows(review_seconds=7))),
    ("windows.appeal_days", appeal_window, turned(), windows(appeal_days=400)),
    ("windows.appeal_answer_days", appealing_act, turned(), windows(appeal_answer_days=70)),
    ("windows.network_log_days", recording, turned(), windows(network_log_days=70)),
    ("windows.leak_authority_hours", finding_a_leak, turned(), windows(leak_authority_hours=1)),
    ("windows.leak_people_hours", finding_a_leak, turned(), windows(leak_people_hours=1)),
    ("windows.report_answer_days", reporting, turned(), windows(report_answer_days=70)),
    (
        "windows.agreement_grace_days",
        posting_after_a_new_agreement,
        turned(),
        windows(agreement_grace_days=1),
    ),
]


def test_every_key_that_an_act_reads_is_turned() -> None:
    assert {key for key, reader in READ_BY.items() if reader.startswith("actions.")} <= {
        key for key, _, _, _ in KEYS
    }


async def outcome(db: Database, act: Act, turn: Turn, monkeypatch: pytest.MonkeyPatch) -> object:
    """How the act comes out under the neutral pack with something turned over."""

    def regime_of(_: str) -> Regime:
        return turn(get_regime("neutral"))

    def body(tx: sa.Connection) -> object:
        with tx.begin_nested() as trial:
            try:
                return act(tx)
            except Refusal as refusal:
                return refusal.code
            finally:
                trial.rollback()

    for module in (
        place,
        adopting,
        appealing,
        asked_for,
        vaulting,
        learning,
        credits_seen,
        sending,
        finding,
    ):
        monkeypatch.setattr(module, "get_regime", regime_of)
    return await db.act(body)


@pytest.mark.parametrize(
    ("key", "act", "before", "after"), KEYS, ids=[key for key, _, _, _ in KEYS]
)
async def test_turning_a_key_changes_its_act(
    sqlite_db: Database,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    act: Act,
    before: Turn,
    after: Turn,
) -> None:
    await sqlite_db.act(lambda tx: a_site(tx, NOTEBOOK, regime="neutral"))

    first = await outcome(sqlite_db, act, before, monkeypatch)
    second = await outcome(sqlite_db, act, after, monkeypatch)

    assert not_by_chance(first) != not_by_chance(second), key


def not_by_chance(outcome: object) -> object:
    """A decision without what differs each time: that it was made is what counts."""
    return "decided" if isinstance(outcome, Decision) else outcome
