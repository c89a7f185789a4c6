"""Each row of the catalogue with its status and everything that claims it. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from gentie.catalogue.marks import Kind, Mark
from gentie.catalogue.obligations import Obligation
from gentie.catalogue.statuses import RowStatus, Status

_MISSING = RowStatus(Status.PLANNED)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    document: str
    article: str
    status: Status
    says: str
    code: tuple[str, ...]
    tests: tuple[str, ...]
    checks: tuple[str, ...]


def rows_of(
    obligations: Mapping[str, Obligation], stands: Mapping[str, RowStatus], marks: Iterable[Mark]
) -> list[Row]:
    """One row for each obligation, in the order of the catalogue."""
    claims: dict[tuple[str, Kind], list[str]] = {}
    for mark in marks:
        claims.setdefault((mark.obligation, mark.kind), []).append(mark.where)
    return [
        Row(
            id=one.id,
            document=one.document,
            article=one.article,
            status=stands.get(one.id, _MISSING).status,
            says=stands.get(one.id, _MISSING).says,
            code=tuple(claims.get((one.id, Kind.CODE), ())),
            tests=tuple(claims.get((one.id, Kind.TEST), ())),
            checks=tuple(claims.get((one.id, Kind.CHECK), ())),
        )
        for one in obligations.values()
    ]


def counts_of(rows: Iterable[Row]) -> dict[Status, int]:
    """How many rows stand where; all four statuses are there, also with 0."""
    counts = dict.fromkeys(Status, 0)
    for row in rows:
        counts[row.status] += 1
    return counts


def faults_of(
    rows: Collection[Row],
    stands: Mapping[str, RowStatus],
    marks: Iterable[Mark],
    *,
    once_met: Collection[str],
    tests_seen: bool,
) -> Iterator[str]:
    """Say what is claimed and not so. Without the tests (in a wheel) theirs is not asked."""
    known = {row.id for row in rows}
    for mark in marks:
        if mark.obligation not in known:
            yield f"{mark.where}: there is no row {mark.obligation}"
    yield from (f"status.toml: there is no row {one}" for one in stands if one not in known)
    yield from (f"status.toml: {one} is missing" for one in known - set(stands))
    for row in rows:
        yield from _faults_of_row(row, tests_seen=tests_seen)
    yield from _faults_of_ratchet(rows, once_met)


def _faults_of_row(row: Row, *, tests_seen: bool) -> Iterator[str]:
    if row.status in (Status.PARTIAL, Status.ORGANISATIONAL) and not row.says.strip():
        yield f"{row.id} is {row.status}, but does not say how or what is missing"
    if row.status is not Status.MET:
        return
    needs = {"code (@fulfils)": row.code, "live check (@live_check)": row.checks}
    if tests_seen:
        needs["test (pytest.mark.clause)"] = row.tests
    yield from (f"{row.id} is met without {what}" for what, there in needs.items() if not there)


def _faults_of_ratchet(rows: Collection[Row], once_met: Collection[str]) -> Iterator[str]:
    met = {row.id for row in rows if row.status is Status.MET}
    yield from (f"{one} was met and no longer is" for one in sorted(set(once_met) - met))
    yield from (f"met.txt: {one} is met and missing" for one in sorted(met - set(once_met)))
