"""Values as exports have them: numbers as strings, truth as 1, times in a dozen ways."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

_OFFSET: Final = re.compile(r"\A([+-])(\d{1,2}):?(\d{2})?\Z")
_STAMP: Final = re.compile(r"\A-?\d{1,17}(\.\d+)?([eE]\+?\d{1,2})?\Z")
_BARE_OFFSET: Final = re.compile(r"\s*([+-]\d{2}):?(\d{2})?\Z")
_OF_GO: Final = re.compile(r"(\d [+-]\d{4}) (?:[A-Za-z]{1,6}|[+-]\d{2,4})(?: m=\S+)?\Z")
"""Go writes times with an offset and then with the name of the zone, or the offset again."""
_OF_BROWSERS: Final = re.compile(
    r"\A[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d{4}) ([\d:]{8})(?: GMT)?([+-]\d{4})?(?: \(.*\))?\Z"
)
_SHORT: Final = re.compile(r"\A(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T](\d{1,2})(?=:))?")
"""Spreadsheets write 2024/3/1 9:05."""
_FRACTION: Final = re.compile(r"(\.\d{6})\d+")
_ZERO: Final = 1970
"""Nobody commented on the web then: it is a zero that somebody took for a time."""
_LATEST: Final = 2069
"""Ids of rows end then."""
_MILLIS: Final = 100_000_000_000
"""Numbers from here on count milliseconds: as seconds they would be after the year 5000."""
_MOST: Final = 2**31 - 1
_MICROS: Final = _MILLIS * 1000
_WRAPS: Final = ("$numberLong", "$numberInt", "$numberDouble")
"""Of numbers, in exports of MongoDB."""
_TRUE: Final = frozenset({"1", "true", "yes", "t", "y", "on"})


def words(value: Any) -> str:
    """A text, whatever it was written as. Objects and lists are none."""
    if isinstance(value, str):
        return value.strip()
    if value is None or isinstance(value, bool | dict | list):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def identity(value: Any) -> str:
    """An id: a text or a number, or what MongoDB makes of it."""
    if isinstance(value, dict):
        return words(value.get("$oid") or value.get("$numberLong") or value.get("objectId"))
    found = words(value)
    return "" if found in ("0", "null", "undefined", "None", "NULL") else found


def truth(value: Any) -> bool:
    return value is True or words(value).lower() in _TRUE


def number(value: Any) -> int | None:
    """None: it is none, or more than anybody can have counted."""
    if isinstance(value, dict):
        value = first(value, *_WRAPS)
    try:
        found = int(float(words(value)))
    except (ValueError, OverflowError):
        return None
    return found if abs(found) <= _MOST else None


def first(record: Mapping[str, Any], *names: str) -> Any:
    """The first of these that is there and says something."""
    return next((record[one] for one in names if record.get(one) not in (None, "")), None)


def moment(value: Any, local: tzinfo) -> datetime | None:
    """In UTC. What names no zone is meant in `local`. None: it is no time, or one nobody wrote at.

    Knows RFC 3339 and its relatives, RFC 2822, Unix time in seconds or milliseconds, and what
    LeanCloud and MongoDB make of a date.
    """
    if isinstance(value, dict):
        return moment(first(value, "iso", "$date", *_WRAPS), local)
    text = words(value)
    if not text or text.startswith("0000"):
        return None
    try:
        found = _stamp(float(text)) if _STAMP.match(text) else _written(text, local)
        found = found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found if _ZERO < found.year <= _LATEST else None


def zone_of(text: str) -> tzinfo:
    """A name like Asia/Shanghai, or an offset like +08:00. Raises ValueError."""
    offset = _OFFSET.match(text.strip())
    if offset:
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(ahead if offset[1] == "+" else -ahead)
    try:
        return ZoneInfo(text.strip())
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(text) from error


def _stamp(number: float) -> datetime:
    parts = 1 if abs(number) < _MILLIS else 1000 if abs(number) < _MICROS else 1_000_000
    return datetime.fromtimestamp(number / parts, UTC)


def _written(text: str, local: tzinfo) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _mended(text)
    return found if found.tzinfo else found.replace(tzinfo=local)


def _mended(text: str) -> datetime:
    text = _OF_BROWSERS.sub(r"\2 \1 \3 \4 \5", _OF_GO.sub(r"\1", text)).strip()
    plain = _FRACTION.sub(r"\1", text.removesuffix(" UTC").removesuffix(" GMT"))
    if plain != text and text.endswith((" UTC", " GMT")):
        plain += "Z"
    plain = _BARE_OFFSET.sub(lambda m: f"{m[1]}:{m[2] or '00'}", plain) if ":" in plain else plain
    try:
        return datetime.fromisoformat(_SHORT.sub(_filled, plain))
    except ValueError:
        return parsedate_to_datetime(text)


def _filled(found: re.Match[str]) -> str:
    """The beginning of a time with two digits for each part."""
    year, month, day, hour = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}" + (f"T{hour:0>2}" if hour else "")
