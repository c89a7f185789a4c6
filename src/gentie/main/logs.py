"""Log lines as JSON on standard error. Only listed fields get through.

What is not listed could be a text, an address or a secret, and a log file is read by many. Of an
exception the kind and the places are kept, never its message, which quotes values. Of a line of
a library the pattern is kept, never what was filled in.
"""

import logging
import sys
import traceback
from typing import Any, Final

import msgspec
import structlog
from structlog.types import EventDict

FIELDS: Final = frozenset(
    {
        "attempt",
        "count",
        "event",
        "failure",
        "level",
        "logger",
        "method",
        "ms",
        "route",
        "size",
        "status",
        "task",
        "timestamp",
        "topic",
        "version",
        "worker",
    }
)
_DEEPEST = 30


def set_up_logs(level: str) -> None:
    """Send all lines of this process, libraries included, through the list of fields."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        keep_places,
        keep_listed,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_json)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_pattern_only, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_json),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def keep_listed(logger: object, name: str, event: EventDict) -> EventDict:
    """Leave out what is not listed, and say which names those were."""
    kept = {key: value for key, value in event.items() if key in FIELDS or key.startswith("_")}
    left_out = sorted(event.keys() - kept.keys())
    return {**kept, "left_out": left_out} if left_out else kept


def keep_places(logger: object, name: str, event: EventDict) -> EventDict:
    """Turn an exception into its kind and the places it came through."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["failure"] = _failure(error)
    return event


def _failure(error: BaseException) -> list[str]:
    """The error and what caused it, outermost first: kind, then file and line of each place."""
    told: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(told) < _DEEPEST:
        told.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        frames = traceback.extract_tb(cause.__traceback__)[-_DEEPEST:]
        told += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        cause = cause.__cause__ or cause.__context__
    return told


def _pattern_only(logger: object, name: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    return {**event, "event": str(record.msg), "logger": record.name, "exc_info": record.exc_info}


def _json(event: Any, **_: object) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()
