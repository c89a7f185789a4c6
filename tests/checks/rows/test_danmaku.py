"""The check of layer and text holds on a film, and sees each way in which they could part."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from gentie.actions.operations.declare_stream import declare_stream
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.catalogue.regimes import get_regime
from gentie.checks.model import Finding, Outcome
from gentie.checks.rows.danmaku import (
    layer_and_text_are_the_same_lines,
    lines_were_decided_within_the_delay,
    nineteen_in_twenty,
)
from gentie.checks.rows.parts import known_forms_and_kinds
from gentie.checks.rows.publication import everything_was_reviewed
from gentie.comments.tables import comments, revisions
from gentie.danmaku.model import Stream, StreamKind
from gentie.danmaku.tables import placed, segments
from gentie.decisions.tables import decisions
from gentie.kernel.actor import Actor
from gentie.sites.model import ThreadClass
from gentie.sites.queries import get_site
from gentie.storage.db import Database
from tests.actions.moderation.measuring import publish
from tests.danmaku.build import a_film, a_line
from tests.newsroom import ANN, DAILY, NOON, OPERATOR, a_person, a_site, ref_of, staff

Plant = Callable[[], sa.Executable]
Check = Callable[..., Finding]


def found(tx: sa.Connection) -> Outcome:
    site, regime = get_site(tx, DAILY), get_regime("cn-2022-final")
    return layer_and_text_are_the_same_lines(tx, site, regime, now=NOON).outcome


@pytest.fixture
async def film(db: Database) -> Database:
    """Three lines in two segments, and one that was taken back."""

    def body(tx: sa.Connection) -> None:
        a_site(tx)
        assert found(tx) is Outcome.NO_DATA
        a_film(tx, DAILY)
        river = a_person(tx)
        for t_ms in (0, 119_999, 120_000):
            a_line(tx, river, t_ms=t_ms, site=DAILY)
        made = a_line(tx, river, t_ms=120_001, site=DAILY)
        withdraw_comment(tx, ref_of(made), acting=river, now=NOON)

    await db.act(body)
    return db


@pytest.mark.clause("2017-5.4", "2022-4.3")
async def test_holds_on_a_film(film: Database) -> None:
    assert await film.read(found) is Outcome.HOLDS


def asked(tx: sa.Connection, check: Check, regime: str) -> Outcome:
    return check(tx, get_site(tx, DAILY), get_regime(regime), now=NOON).outcome


@pytest.mark.clause("2017-2.2b", "2022-2.2")
async def test_lines_have_a_form_and_kinds_that_are_offered(film: Database) -> None:
    def body(tx: sa.Connection) -> tuple[Outcome, Outcome]:
        before = asked(tx, known_forms_and_kinds, "cn-2022-final")
        tx.execute(revisions.update().values(kinds="text video"))
        return before, asked(tx, known_forms_and_kinds, "cn-2022-final")

    assert await film.act(body) == (Outcome.HOLDS, Outcome.VIOLATED)


@pytest.mark.clause("2022-4.4b")
async def test_a_line_without_its_decision_is_seen(db: Database) -> None:
    """Where everything is reviewed first, lines over a video are no exception."""

    def body(tx: sa.Connection) -> tuple[Outcome, Outcome]:
        a_site(tx, regime="cn-2022-draft", test=True)
        a_film(tx, DAILY)
        river = a_person(tx, regimes=("cn-2022-draft",))
        made = a_line(tx, river, site=DAILY)
        before = asked(tx, everything_was_reviewed, "cn-2022-draft")
        about = decisions.c.comment == ref_of(made).comment
        tx.execute(decisions.update().where(about).values(measure="remove"))
        return before, asked(tx, everything_was_reviewed, "cn-2022-draft")

    assert await db.act(body) == (Outcome.HOLDS, Outcome.VIOLATED)


@pytest.mark.parametrize(
    "plant",
    [
        lambda: placed.update().where(placed.c.t_ms == 0).values(shown=0),
        lambda: placed.delete().where(placed.c.t_ms == 0),
        lambda: placed.update().values(shown=1),
        lambda: comments.update().values(state="removed"),
        lambda: segments.update().values({"count": 7}),
        lambda: placed.update().where(placed.c.t_ms == 0).values(t_ms=130_000),
    ],
)
async def test_a_planted_fault_is_seen(film: Database, plant: Plant) -> None:
    def body(tx: sa.Connection) -> Outcome:
        tx.execute(plant())
        return found(tx)

    assert await film.act(body) is Outcome.VIOLATED


def a_broadcast(tx: sa.Connection) -> tuple[Actor, Actor]:
    """News, live, held back for a minute: a person looks at each line first."""
    a_site(tx)
    a_film(tx, DAILY, kind=ThreadClass.NEWS)
    began = NOON - timedelta(hours=1)
    stream = Stream(kind=StreamKind.LIVE, started_at=began, delay=timedelta(minutes=1))
    declare_stream(tx, DAILY, "film", stream, acting=OPERATOR, now=NOON)
    (ann,) = staff(tx, ANN)
    return a_person(tx), ann


def held(tx: sa.Connection, *, seconds: int) -> Outcome:
    site, regime = get_site(tx, DAILY), get_regime("cn-2022-final")
    now = NOON + timedelta(seconds=seconds)
    return lines_were_decided_within_the_delay(tx, site, regime, now=now).outcome


@pytest.mark.clause("2022-4.4b")
@pytest.mark.parametrize("after", [30, 61])
async def test_a_desk_that_is_too_slow_for_its_broadcast_is_seen(db: Database, after: int) -> None:
    def body(tx: sa.Connection) -> list[Outcome]:
        river, ann = a_broadcast(tx)
        before = held(tx, seconds=0)
        made = a_line(tx, river, t_ms=None, site=DAILY)
        waits, waits_too_long = held(tx, seconds=60), held(tx, seconds=61)
        decided: datetime = NOON + timedelta(seconds=after)
        publish(tx, made, ann, now=decided)
        return [before, waits, waits_too_long, held(tx, seconds=3600)]

    late = Outcome.HOLDS if after == 30 else Outcome.VIOLATED
    assert await db.act(body) == [Outcome.NO_DATA, Outcome.HOLDS, Outcome.VIOLATED, late]


async def test_lines_of_recorded_films_wait_as_long_as_they_must(film: Database) -> None:
    def body(tx: sa.Connection) -> Outcome:
        return held(tx, seconds=3600)

    assert await film.read(body) is Outcome.NO_DATA


@given(st.lists(st.integers(0, 100), min_size=1, max_size=80))
def test_at_most_one_in_twenty_waited_longer(seconds: list[int]) -> None:
    holds = [timedelta(seconds=one) for one in seconds]
    bound = nineteen_in_twenty(holds)
    assert sum(one > bound for one in holds) <= len(holds) / 20
    assert sum(one >= bound for one in holds) > len(holds) / 20
