"""JSON bodies, read strictly: `1` is no text, `"1"` no number and `0` no boolean.

The framework converts bodies as leniently as it has to convert query parameters.
"""

import re
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import ValidationException
from typing_extensions import override

_PLACE = re.compile(r" - at `\$\.?(.*)`\Z")


class StrictRequest(Request[Any, Any, Any]):
    """Takes a body for nothing but what its handler takes."""

    @override
    async def json(self) -> Any:
        """Raises ValidationException: it is JSON, and not of that shape."""
        raw, field = await super().json(), self.route_handler.parsed_data_field
        if field is None:
            return raw
        try:
            return msgspec.convert(raw, field.annotation, str_keys=True)
        except msgspec.ValidationError as error:
            raise ValidationException(extra=[_fault(str(error))]) from error


def _fault(says: str) -> dict[str, str]:
    place = _PLACE.search(says)
    return {"key": place[1] if place else "", "message": _PLACE.sub("", says)}
