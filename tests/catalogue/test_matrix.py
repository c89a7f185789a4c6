import msgspec
import pytest

from gentie.catalogue.marks import Kind, Mark, marks_in
from gentie.catalogue.matrix import counts_of, faults_of, rows_of
from gentie.catalogue.obligations import obligations
from gentie.catalogue.statuses import RowStatus, Status

ROW = "2017-5.3"
ROWS = {ROW: obligations()[ROW]}
MET = {ROW: RowStatus(Status.MET)}
MARKS = [Mark(kind, ROW, f"{kind}.py::x") for kind in Kind]


def faults(
    stands: dict[str, RowStatus] = MET,
    marks: list[Mark] = MARKS,
    once_met: tuple[str, ...] = (ROW,),
    *,
    tests_seen: bool = True,
) -> list[str]:
    rows = rows_of(ROWS, stands, marks)
    return list(faults_of(rows, stands, marks, once_met=once_met, tests_seen=tests_seen))


class TestFaultsOf:
    def test_a_row_with_code_test_and_check_is_met(self) -> None:
        assert faults() == []

    @pytest.mark.parametrize(
        ("kind", "what"),
        [
            (Kind.CODE, "code (@fulfils)"),
            (Kind.TEST, "test (pytest.mark.clause)"),
            (Kind.CHECK, "live check (@live_check)"),
        ],
    )
    def test_none_of_the_three_may_be_missing(self, kind: Kind, what: str) -> None:
        fewer = [mark for mark in MARKS if mark.kind is not kind]

        assert faults(marks=fewer) == [f"{ROW} is met without {what}"]

    def test_where_the_tests_are_not_shipped_they_are_not_asked(self) -> None:
        assert (
            faults(marks=[mark for mark in MARKS if mark.kind is not Kind.TEST], tests_seen=False)
            == []
        )

    def test_an_unknown_row_is_named_with_its_place(self) -> None:
        strange = Mark(Kind.CODE, "2017-99", "gentie/a.py::b")

        assert faults(marks=[*MARKS, strange]) == ["gentie/a.py::b: there is no row 2017-99"]

    @pytest.mark.parametrize("status", [Status.PARTIAL, Status.ORGANISATIONAL])
    def test_less_than_met_says_why(self, status: Status) -> None:
        assert faults({ROW: RowStatus(status, says=" ")}, once_met=()) == [
            f"{ROW} is {status}, but does not say how or what is missing"
        ]
        assert faults({ROW: RowStatus(status, says="No undo.")}, once_met=()) == []

    def test_what_was_met_stays_met(self) -> None:
        assert faults({ROW: RowStatus(Status.PLANNED)}) == [f"{ROW} was met and no longer is"]

    def test_what_is_met_is_written_down(self) -> None:
        assert faults(once_met=()) == [f"met.txt: {ROW} is met and missing"]

    def test_statuses_are_those_of_the_catalogue(self) -> None:
        assert faults({}, once_met=()) == [f"status.toml: {ROW} is missing"]
        assert faults({**MET, "2017-99": MET[ROW]}) == ["status.toml: there is no row 2017-99"]


def test_counts_name_every_status() -> None:
    rows = rows_of(ROWS, MET, MARKS)

    assert counts_of(rows) == dict.fromkeys(Status, 0) | {Status.MET: 1}


class TestMarksIn:
    @pytest.mark.parametrize(
        ("source", "mark"),
        [
            ("@fulfils('a')\ndef f(): ...", Mark(Kind.CODE, "a", "m.py::f")),
            ("@live_check('a', title='x')\ndef f(): ...", Mark(Kind.CHECK, "a", "m.py::f")),
            (
                "class T:\n @pytest.mark.clause('a')\n async def t(self): ...",
                Mark(Kind.TEST, "a", "m.py::T::t"),
            ),
            ("pytestmark = pytest.mark.clause('a')", Mark(Kind.TEST, "a", "m.py")),
            ("x = [pytest.param(1, marks=pytest.mark.clause('a'))]", Mark(Kind.TEST, "a", "m.py")),
            ("@fulfils(ROWS[0])\ndef f(): ...", Mark(Kind.CODE, "ROWS[0]", "m.py::f")),
        ],
    )
    def test_finds_each_mark_with_its_place(self, source: str, mark: Mark) -> None:
        assert list(marks_in(source, "m.py")) == [mark]

    def test_one_mark_may_name_several_rows(self) -> None:
        source = "@fulfils('a', 'b')\n@other('c')\ndef f(): ..."

        assert [mark.obligation for mark in marks_in(source, "m.py")] == ["a", "b"]


def test_rows_can_be_written_as_json() -> None:
    rows = rows_of(ROWS, MET, MARKS)

    assert msgspec.json.decode(msgspec.json.encode(rows), type=list[type(rows[0])]) == rows  # type: ignore[misc] # made at run time
