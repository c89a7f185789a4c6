"""The only place that reads the time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 this is the one place


def hour_of(moment: datetime) -> datetime:
    """Cut to the hour, as the public log shows it: on a small site a minute would name a person."""
    return moment.replace(minute=0, second=0, microsecond=0)


def elapsed() -> float:
    """Seconds since some moment, never going back: for durations, not for dates."""
    return time.monotonic()
