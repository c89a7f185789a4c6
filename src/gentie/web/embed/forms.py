"""A form with a file in it, read as it arrives: fields first, then the file piece by piece."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from litestar import Request
from multipart import (  # type: ignore[import-untyped] # it ships no types
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from gentie.media.model import BadUpload, UploadEmpty

LONGEST = 8 * 1024
"""Bytes of a field."""
MOST = 10
"""Parts of a form."""
Event: TypeAlias = MultipartSegment | bytes | bytearray | None


@dataclass(frozen=True, kw_only=True)
class Form:
    fields: dict[str, str]
    file: AsyncIterator[bytes]


async def read_form(request: Request[Any, Any, Any]) -> Form:
    """Read up to the file, which is the caller's to read on.

    Raises:
        BadUpload: no form, or a field that is too long.
        UploadEmpty: there is no file in it.
    """
    events = _events(request)
    fields: dict[str, str] = {}
    async for event in events:
        if not isinstance(event, MultipartSegment):
            continue
        if event.filename is not None:
            return Form(fields=fields, file=_file(events))
        fields[event.name] = await _field(events)
    raise UploadEmpty


async def _field(events: AsyncIterator[Event]) -> str:
    read = bytearray()
    async for event in events:
        if event is None:
            break
        read += event if isinstance(event, bytes | bytearray) else b""
        if len(read) > LONGEST:
            raise BadUpload(what="a field is too long")
    return read.decode()


async def _file(events: AsyncIterator[Event]) -> AsyncIterator[bytes]:
    async for event in events:
        if not isinstance(event, bytes | bytearray):
            return
        yield bytes(event)


async def _events(request: Request[Any, Any, Any]) -> AsyncIterator[Event]:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise BadUpload(what="neither a form with a file nor a TUS request")
    with PushMultipartParser(options["boundary"], max_segment_count=MOST) as parser:
        try:
            async for chunk in request.stream():
                for event in parser.parse(chunk):
                    yield event
        except MultipartError as error:
            raise BadUpload(what="the form is damaged") from error
