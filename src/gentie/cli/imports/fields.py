"""Values as exports have them: numbers as strings, truth as 1, times in a dozen ways."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

_OFFSET: Final = re.compile(r"\A([+-])(\d{1,2}):?(\d{2})?\Z")
_STAMP: Final = re.compile(r"\A-?\d{1,17}(\.\d+)?\Z")
_BARE_OFFSET: Final = re.compile(r"\s*([+-]\d{2}):?(\d{2})?\Z")
_FRACTION: Final = re.compile(r"(\.\d{6})\d+")
_ZERO: Final = 1970
"""Nobody commented on the web then: it is a zero that somebody took for a time."""
_LATEST: Final = 2069
"""Ids of rows end then."""
_MILLIS: Final = 100_000_000_000
"""Numbers from here on count milliseconds: as seconds they would be after the year 5000."""
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
    """None: it is none."""
    if isinstance(value, dict):
        value = value.get("$numberLong", value.get("$numberInt"))
    try:
        return int(float(words(value)))
    except (ValueError, OverflowError):
        return None


def first(record: Mapping[str, Any], *names: str) -> Any:
    """The first of these that is there and says something."""
    return next((record[one] for one in names if record.get(one) not in (None, "")), None)


def moment(value: Any, local: tzinfo) -> datetime | None:
    """In UTC. What names no zone is meant in `local`. None: it is no time, or one nobody wrote at.

    Knows RFC 3339 and its relatives, RFC 2822, Unix time in seconds or milliseconds, and what
    LeanCloud and MongoDB make of a date.
    """
    if isinstance(value, dict):
        return moment(first(value, "iso", "$date", "$numberLong"), local)
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


def _stamp(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds / 1000 if abs(seconds) >= _MILLIS else seconds, UTC)


def _written(text: str, local: tzinfo) -> datetime:
    plain = _FRACTION.sub(r"\1", text.removesuffix(" UTC").removesuffix(" GMT"))
    if plain != text and text.endswith((" UTC", " GMT")):
        plain += "Z"
    plain = _BARE_OFFSET.sub(lambda m: f"{m[1]}:{m[2] or '00'}", plain) if ":" in plain else plain
    try:
        found = datetime.fromisoformat(plain.replace("/", "-"))
    except ValueError:
        found = parsedate_to_datetime(text)
    return found if found.tzinfo else found.replace(tzinfo=local)
