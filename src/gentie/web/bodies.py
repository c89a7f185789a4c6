"""Bodies, read strictly: in JSON `1` is no text, `"1"` no number and `0` no boolean.

A form of a page for people has no field but those that are listed (`privacy.collected`): what is
not taken for a purpose is not taken.

The framework converts bodies as leniently as it has to convert query parameters.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.exceptions import ValidationException
from msgspec import inspect
from typing_extensions import override

from gentie.privacy.collected import surplus_of
from gentie.web.watching import note_surplus

_PLACE = re.compile(r" - at `\$\.?(.*)`\Z")


class StrictRequest(Request[Any, Any, Any]):
    """Takes a body for nothing but what its handler takes."""

    @override
    async def body(self) -> bytes:
        """Raises ValidationException: a form with a field that its page does not take."""
        raw = await super().body()
        if self.content_type[0] == RequestEncodingType.URL_ENCODED:
            names = frozenset(name for name, _ in parse_qsl(raw.decode(), keep_blank_values=True))
            self._refuse(sorted(surplus_of(str(dict(self.scope).get("path_template", "")), names)))
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
            self._refuse([*unknown_in(raw, inspect.type_info(field.annotation))])
            raise ValidationException(extra=[_fault(str(error))]) from error

    def _refuse(self, surplus: Sequence[str]) -> None:
        """Every field that nobody asked for is named to whoever sent it, and counted."""
        if surplus:
            note_surplus(self.scope, len(surplus))
            raise ValidationException(extra=[_unknown(one) for one in surplus])


def unknown_in(raw: object, kind: inspect.Type, place: str = "") -> Iterator[str]:
    """Where a body has fields that its shape does not: at any depth, each once."""
    if isinstance(kind, inspect.UnionType):
        structs = [one for one in kind.types if isinstance(one, inspect.StructType)]
        yield from unknown_in(raw, structs[0], place) if len(structs) == 1 else ()
    elif isinstance(kind, inspect.StructType) and isinstance(raw, dict):
        known = {one.encode_name: one.type for one in kind.fields}
        strict = kind.cls.__struct_config__.forbid_unknown_fields
        for name, value in raw.items():
            inside = f"{place}.{name}" if place else str(name)
            if name in known:
                yield from unknown_in(value, known[name], inside)
            elif strict:
                yield inside
    elif isinstance(kind, inspect.CollectionType) and isinstance(raw, list):
        for number, value in enumerate(raw):
            yield from unknown_in(value, kind.item_type, f"{place}[{number}]")


def _unknown(field: str) -> dict[str, str]:
    return {"key": field[:100], "message": "Object contains unknown field"}


def _fault(says: str) -> dict[str, str]:
    place = _PLACE.search(says)
    return {"key": place[1] if place else "", "message": _PLACE.sub("", says)}
