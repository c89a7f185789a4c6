"""Pure parts of the desk: cutting a text at its findings, and a list that does not move."""

import itertools
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from gentie.catalogue.regimes import get_regime
from gentie.comments.model import Form
from gentie.kernel.ids import SiteId, ThreadId
from gentie.pages.desk import Queue, QueueRow
from gentie.pages.findings import Found, cut, suggest
from gentie.screening.model import Span
from gentie.web.console.shown import Shown, Where, shown_of

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EDGE = st.integers(-3, 30)


@given(st.text(max_size=20), st.lists(st.builds(Span, EDGE, EDGE), max_size=4))
def test_no_character_is_lost_and_those_in_a_span_are_marked(text: str, spans: list[Span]) -> None:
    pieces = cut(text, spans)

    assert "".join(piece.text for piece in pieces) == text
    marked = [piece.marked for piece in pieces for _ in piece.text]
    assert marked == [any(s.start <= n < s.end for s in spans) for n in range(len(text))]
    assert all(one.marked != two.marked for one, two in itertools.pairwise(pieces))


def a_finding(class_id: str) -> Found:
    return Found(class_id=class_id, title=None, says="x", score=None, spans=(), quote="")


def test_the_first_class_that_the_regime_knows_is_suggested() -> None:
    regime = get_regime("neutral")

    found = suggest([a_finding(""), a_finding("heroes"), a_finding("spam")], regime)
    assert found
    assert found.id == "spam"


def test_without_a_finding_that_names_a_ground_none_is_suggested() -> None:
    regime = get_regime("neutral")

    assert suggest([], regime) is None
    assert suggest([a_finding(""), a_finding("heroes")], regime) is None


def a_row(number: int, hold: str = "") -> QueueRow:
    return QueueRow(
        id=str(number),
        site=SiteId("daily"),
        thread=ThreadId("7"),
        key="article",
        title="Article",
        comment="ref",
        form=Form.POST,
        author="River",
        text="Words",
        revision=1,
        opened_at=NOON,
        due_at=NOON,
        version=1,
        hold=hold,
        findings=(),
    )


def a_list(*rows: QueueRow, upto: str = "", waiting: int = 0) -> Shown:
    where = Where(site=None, upto=upto, done="")
    return shown_of(Queue(waiting=waiting or len(rows), oldest=NOON, items=rows), where)


def test_what_came_later_is_counted_and_not_shown() -> None:
    shown = a_list(a_row(1), a_row(2), a_row(3), upto="2", waiting=9)

    assert [row.id for row in shown.rows] == ["1", "2"]
    assert (shown.new, shown.upto) == (7, "2")


def test_next_is_what_follows_then_the_top_and_never_a_colleagues() -> None:
    shown = a_list(a_row(1), a_row(2, "colleague"), a_row(4), a_row(5))

    assert [row.id for row in shown.free_after("4")] == ["5", "1"]
    assert [row.id for row in shown.free_after("3")] == ["4", "5", "1"]
    assert [row.id for row in shown.free_after("")] == ["1", "4", "5"]
    assert (shown.neighbour("4", 1), shown.neighbour("4", -1)) == ("5", "2")
    assert (shown.neighbour("5", 1), shown.neighbour("1", -1)) == ("", "")
