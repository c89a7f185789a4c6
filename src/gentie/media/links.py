"""Links to what is not public: for its owner before it is, and for whoever reviews it. Pure.

A picture is fetched without a token by browsers, so the address itself says for whom it was made
and until when, under a key of this service.
"""

import base64
import enum
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

LASTS: Final = timedelta(minutes=10)
_BYTES: Final = 18


class Way(enum.StrEnum):
    """As whom somebody comes."""

    PUBLIC = "public"
    OWN = "own"
    """Who uploaded it."""
    DESK = "desk"
    """Who reviews it."""


def query_of(key: bytes, attachment: str, name: str, way: Way, *, now: datetime) -> str:
    """What stands behind the question mark, good for `LASTS`."""
    until = int((now + LASTS).timestamp())
    return f"way={way.value}&until={until}&mark={_mark(key, attachment, name, way, until)}"


def way_of(
    key: bytes, attachment: str, name: str, *, way: str, until: str, mark: str, now: datetime
) -> Way:
    """As whom an address was made for. Anything that does not hold is the public's way."""
    try:
        meant, ends = Way(way), int(until)
    except ValueError:
        return Way.PUBLIC
    good = hmac.compare_digest(mark.encode(), _mark(key, attachment, name, meant, ends).encode())
    return meant if good and now.timestamp() < ends else Way.PUBLIC


def _mark(key: bytes, attachment: str, name: str, way: Way, until: int) -> str:
    said = "\n".join((attachment, name, way.value, str(until)))
    digest = hmac.new(key, said.encode(), hashlib.sha256).digest()[:_BYTES]
    return base64.urlsafe_b64encode(digest).decode()
