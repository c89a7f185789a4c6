"""Keys of threads as addresses carry them: plain, or `~` and base64url where a slash is in them."""

import base64
import binascii

from gentie.sites.model import BadThreadKey
from gentie.sites.rules import require_thread_key

MARK = "~"


def read_key(segment: str) -> str:
    """The key that a segment of a path stands for.

    Raises:
        BadThreadKey: no thread can have it, or what follows the mark is no base64url of a text.
    """
    key = _decoded(segment)
    require_thread_key(key)
    return key


def _decoded(segment: str) -> str:
    if not segment.startswith(MARK):
        return segment
    encoded = segment.removeprefix(MARK)
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        return raw.decode()
    except (binascii.Error, ValueError) as error:
        raise BadThreadKey from error


def write_key(key: str) -> str:
    """A segment that `read_key` understands. It may still need percent-encoding."""
    if not key.startswith(MARK) and not set(key) & set("/%?#\\"):
        return key
    return MARK + base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
