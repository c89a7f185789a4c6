"""Cursors: where a listing goes on. Opaque outside, and checked when they come back."""

import base64
import binascii

import msgspec
from typing_extensions import override

from gentie.kernel.refusal import Refusal


class BadCursor(Refusal):
    code, says = "bad-cursor", "This cursor was not made by this listing."


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """The last item of the page before: its sort key and id. `order` guards against a mix-up."""

    order: str
    key: int
    id: int

    @override
    def __str__(self) -> str:
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str, *, order: str) -> "Cursor":
        """Read what `str` wrote for the same order.

        Raises:
            BadCursor: made up, damaged, or from a listing in another order.
        """
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            cursor = msgspec.json.decode(raw, type=cls)
        except (binascii.Error, ValueError, msgspec.DecodeError) as error:
            raise BadCursor from error
        in_range = all(0 <= number < 1 << 63 for number in (cursor.key, cursor.id))
        if cursor.order != order or not in_range:
            raise BadCursor
        return cursor
