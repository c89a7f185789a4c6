"""How rows of privacy become values."""

from typing import Any

import msgspec

from gentie.privacy.model import Closure, Deleted, Hold, Line, RightsRequest, Rules


def rules_of(row: Any) -> Rules:
    return Rules(
        number=row.number,
        in_force_from=row.in_force_from,
        lines=msgspec.json.decode(row.lines, type=tuple[Line, ...]),
    )


def request_of(row: Any) -> RightsRequest:
    return msgspec.convert(row, RightsRequest, from_attributes=True)


def hold_of(row: Any) -> Hold:
    return msgspec.convert(row, Hold, from_attributes=True)


def closure_of(row: Any) -> Closure:
    return msgspec.convert(row, Closure, from_attributes=True)


def deleted_of(row: Any) -> Deleted:
    return msgspec.convert(row, Deleted, from_attributes=True)
