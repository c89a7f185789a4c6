"""Bodies, read strictly: in JSON `1` is no text, `"1"` no number and `0` no boolean.

A form of a page for people has no field but those that are listed (`privacy.collected`): what is
not taken for a purpose is not taken.

The framework converts bodies as leniently as it has to convert query parameters.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.exceptions import ValidationException
from typing_extensions import override

from gentie.privacy.collected import surplus_of

_PLACE = re.compile(r" - at `\$\.?(.*)`\Z")


class StrictRequest(Request[Any, Any, Any]):
    """Takes a body for nothing but what its handler takes."""

    @override
    async def body(self) -> bytes:
        """Raises ValidationException: a form with a field that its page does not take."""
        raw = await super().body()
        if self.content_type[0] == RequestEncodingType.URL_ENCODED:
            names = frozenset(name for name, _ in parse_qsl(raw.decode(), keep_blank_values=True))
            if surplus := surplus_of(str(dict(self.scope).get("path_template", "")), names):
                raise ValidationException(extra=[_unknown(one) for one in sorted(surplus)])
        return raw

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


def _unknown(field: str) -> dict[str, str]:
    return {"key": field[:100], "message": "Object contains unknown field"}


def _fault(says: str) -> dict[str, str]:
    place = _PLACE.search(says)
    return {"key": place[1] if place else "", "message": _PLACE.sub("", says)}
