"""Uploads: a form in one go, or TUS 1.0 piece by piece, and what became of them."""

import base64
import binascii
from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final

import msgspec
from litestar import Request, Response, delete, get, patch, post, route
from litestar.di import NamedDependency
from litestar.exceptions import ClientException, ValidationException
from litestar.params import FromPath

from gentie.actions.media.begin_upload import Offered, begin_upload
from gentie.actions.media.describe_upload import Words, describe_upload
from gentie.actions.media.drop_upload import drop_upload
from gentie.actions.media.finish_upload import finish_upload
from gentie.catalogue import fulfils
from gentie.kernel.ids import SiteId
from gentie.media import queries
from gentie.media.adapters.objects import PRIVATE
from gentie.media.model import (
    UNSENT,
    Attachment,
    BadUpload,
    MediaNotOffered,
    State,
    UploadComplete,
    UploadEmpty,
    WrongTus,
)
from gentie.media.rules import require_owner
from gentie.pages.media import Uploaded, uploaded
from gentie.web.attaching import Attaching
from gentie.web.embed.forms import read_form
from gentie.web.embed.writing import Writing
from gentie.web.reader import lang_for

TUS: Final = "1.0.0"
OFFSET_TYPE: Final = "application/offset+octet-stream"
DIGESTS: Final = {"sha1": 20, "sha256": 32}
_OPEN: Final[dict[str, Any]] = {"open_to_all": True}
_PRIVATE: Final = {"cache-control": "no-store"}
_LONGEST_METADATA: Final = 8 * 1024
Asked = Request[Any, Any, Any]


class NewWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Left out: as it was."""

    alt: str | None = None
    transcript: str | None = None


class Upload:
    """One request about an upload, with what its handler needs."""

    def __init__(self, request: Asked, writing: Writing, attaching: Attaching | None) -> None:
        if attaching is None:
            raise MediaNotOffered
        self.request, self.writing, self.attaching = request, writing, attaching

    async def own(self, upload: str) -> Attachment:
        """Raises NoSuchAttachment."""
        found = await self.writing.read(partial(queries.find, attachment=upload))
        return require_owner(found, self.writing.acting.account)

    def offset(self, found: Attachment) -> int:
        """How much of it is here."""
        if found.state is not State.RECEIVING:
            return found.size
        return self.attaching.spool.offset(found.id)

    async def receive(
        self,
        found: Attachment,
        pieces: AsyncIterator[bytes],
        *,
        offset: int,
        checksum: tuple[str, bytes] | None = None,
    ) -> int:
        """Write a piece. Returns where the upload ends now."""
        if found.state is not State.RECEIVING:
            raise UploadComplete
        return await self.attaching.spool.append(
            found.id, pieces, offset=offset, most=found.size, checksum=checksum
        )

    def answer(self, found: Attachment) -> Uploaded:
        return uploaded(
            found,
            offset=self.offset(found),
            key=self.attaching.key,
            lang=lang_for(self.request),
            now=self.writing.now,
        )


def provide_upload(
    request: Asked, writing: NamedDependency[Writing], attaching: NamedDependency[Attaching | None]
) -> Upload:
    """For handlers of uploads. Raises MediaNotOffered."""
    return Upload(request, writing, attaching)


@post("/uploads", operation_id="Upload", request_max_body_size=None)
@fulfils("2017-2.2b", "2022-2.2")
async def begin(request: Asked, upload: NamedDependency[Upload]) -> Response[Uploaded]:
    """Send a picture, audio or video: `multipart/form-data` with `site`, `alt` and then `file`.

    Or, with `Tus-Resumable: 1.0.0`, begin a resumable upload (TUS 1.0): `Upload-Length`, and `site`
    and `alt` in `Upload-Metadata`; `Location` says where the pieces go. Answers the id and the
    state; the file is checked soon after (`GET /uploads/{id}`). Gates as for a comment, besides
    413 `upload-too-large`, 429 `media-quota-used`, 422 `upload-empty`, `bad-upload`,
    `alt-too-long`, 404 `media-not-offered`.
    """
    upload.writing.require_account()
    if "tus-resumable" in request.headers:
        return await _created(request, upload)
    form = await read_form(request)
    if "site" not in form.fields:
        raise BadUpload(what="the field `site` comes before the file")
    offered = Offered(
        site=SiteId(form.fields["site"]),
        size=min(_length(request), upload.attaching.largest),
        alt=form.fields.get("alt", ""),
    )
    made = await _begun(upload, offered)
    if made.state is State.RECEIVING:
        await upload.receive(made, form.file, offset=upload.offset(made))
        made = await _finished(upload, made)
    return Response(upload.answer(made), status_code=201, headers=_PRIVATE)


@get("/uploads/{upload_id:str}", operation_id="ReadUpload")
async def read(upload_id: FromPath[str], upload: NamedDependency[Upload]) -> Response[Uploaded]:
    """What became of my upload: state, why it was refused, previews. 404 `no-such-attachment`."""
    upload.writing.require_account()
    found = await _whole(upload, await upload.own(upload_id))
    return Response(upload.answer(found), headers=_PRIVATE)


@route("/uploads/{upload_id:str}", http_method=["HEAD"], include_in_schema=False)
async def offset(
    request: Asked, upload_id: FromPath[str], upload: NamedDependency[Upload]
) -> Response[None]:
    """TUS: how much has arrived."""
    upload.writing.require_account()
    found = await _whole(upload, await upload.own(upload_id))
    return Response(None, headers=_tus_headers(upload, found))


@patch("/uploads/{upload_id:str}", operation_id="ContinueUpload", request_max_body_size=None)
async def change(
    request: Asked, upload_id: FromPath[str], upload: NamedDependency[Upload]
) -> Response[Any]:  # an `Uploaded`, or nothing for TUS
    """TUS: the next piece, as `application/offset+octet-stream` with `Upload-Offset`.

    409 `wrong-offset`, 423 `upload-busy`, 460 `wrong-checksum`, 413 `upload-too-large`. Or, as
    JSON, `alt` and `transcript` in words, before it is posted: 409 `attachment-taken`, 422
    `alt-too-long`.
    """
    upload.writing.require_account()
    if request.content_type[0] == OFFSET_TYPE:
        return await _continued(request, upload_id, upload)
    words = _words(await request.body())
    body = partial(
        describe_upload,
        upload=upload_id,
        words=Words(alt=words.alt, transcript=words.transcript),
        rules=upload.writing.rules(),
        acting=upload.writing.acting,
        now=upload.writing.now,
    )
    return Response(upload.answer(await upload.writing.act(body)), headers=_PRIVATE)


@delete("/uploads/{upload_id:str}", operation_id="DropUpload")
async def drop(upload_id: FromPath[str], upload: NamedDependency[Upload]) -> None:
    """Take an upload back before it is posted. 409 `attachment-taken`."""
    upload.writing.require_account()
    dropping = partial(drop_upload, upload=upload_id, acting=upload.writing.acting)
    if await upload.writing.act(partial(dropping, now=upload.writing.now)):
        upload.attaching.spool.drop(upload_id)


@route("/uploads", http_method=["OPTIONS"], opt=_OPEN, include_in_schema=False, status_code=204)
async def options(attaching: NamedDependency[Attaching | None]) -> Response[None]:
    """TUS: what this service can do."""
    headers = {
        "tus-resumable": TUS,
        "tus-version": TUS,
        "tus-extension": "creation,checksum,expiration,termination",
        "tus-checksum-algorithm": ",".join(DIGESTS),
        "tus-max-size": str(attaching.largest if attaching else 0),
    }
    return Response(None, status_code=204, headers=headers)


async def _begun(upload: Upload, offered: Offered) -> Attachment:
    """Pass the gates and make room. Honours Idempotency-Key."""
    writing, attaching = upload.writing, upload.attaching
    body = partial(
        begin_upload,
        offered=offered,
        largest=attaching.largest,
        acting=writing.acting,
        now=writing.now,
    )
    asked = f"{offered.site} {offered.size} {offered.alt}"
    counting = writing.counting("upload")
    made = await writing.act_once(body, Attachment, after=counting, asked=asked)
    attaching.spool.make(made.id)
    return made


async def _finished(upload: Upload, found: Attachment) -> Attachment:
    """Hand all of it over to be checked: bytes first, then the row."""
    spool, writing = upload.attaching.spool, upload.writing
    size = spool.offset(found.id)
    if size == 0:
        raise UploadEmpty
    digest = await spool.digest(found.id)
    await upload.attaching.objects.put(PRIVATE, digest, spool.path(found.id))
    body = partial(finish_upload, upload=found.id, size=size, sha256=digest)
    finished = await writing.act(partial(body, acting=writing.acting, now=writing.now))
    spool.drop(found.id)
    return finished


async def _whole(upload: Upload, found: Attachment) -> Attachment:
    """One whose last piece arrived just before a crash is handed over now."""
    whole = found.state is State.RECEIVING and upload.offset(found) == found.size
    return await _finished(upload, found) if whole else found


async def _created(request: Asked, upload: Upload) -> Response[Any]:
    _require_tus(request)
    said = _metadata(request.headers.get("upload-metadata", ""))
    if "site" not in said:
        raise BadUpload(what="Upload-Metadata names no site")
    length = _number(request, "upload-length")
    offered = Offered(site=SiteId(said["site"]), size=length, alt=said.get("alt", ""))
    made = await _begun(upload, offered)
    headers = {**_tus_headers(upload, made), "location": f"/api/v1/uploads/{made.id}"}
    return Response(upload.answer(made), status_code=201, headers=headers)


async def _continued(request: Asked, upload_id: str, upload: Upload) -> Response[Any]:
    _require_tus(request)
    at, checksum = _number(request, "upload-offset"), _checksum(request)
    found = await upload.own(upload_id)
    ends = await upload.receive(found, request.stream(), offset=at, checksum=checksum)
    if ends == found.size:
        found = await _finished(upload, found)
    return Response(None, status_code=204, headers=_tus_headers(upload, found))


def _tus_headers(upload: Upload, found: Attachment) -> dict[str, str]:
    until = found.created_at + UNSENT
    return {
        **_PRIVATE,
        "tus-resumable": TUS,
        "upload-offset": str(upload.offset(found)),
        "upload-length": str(found.size),
        "upload-expires": until.strftime("%a, %d %b %Y %H:%M:%S GMT"),
    }


def _require_tus(request: Asked) -> None:
    if request.headers.get("tus-resumable") != TUS:
        raise WrongTus(versions=[TUS])


def _number(request: Asked, header: str) -> int:
    said = request.headers.get(header, "")
    if not (said.isascii() and said.isdigit() and len(said) < 16):  # noqa: PLR2004 a petabyte
        raise BadUpload(what=f"{header} is no number")
    return int(said)


def _length(request: Asked) -> int:
    """Of the whole request, so more than of the file in it."""
    said = request.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else 1 << 62


def _metadata(said: str) -> dict[str, str]:
    """`name base64, name base64`. Raises BadUpload."""
    if len(said) > _LONGEST_METADATA:
        raise BadUpload(what="Upload-Metadata is too long")
    pairs = (pair.strip().partition(" ") for pair in said.split(",") if pair.strip())
    try:
        return {name: base64.b64decode(value, validate=True).decode() for name, _, value in pairs}
    except (binascii.Error, UnicodeDecodeError) as error:
        raise BadUpload(what="Upload-Metadata is not base64 of text") from error


def _checksum(request: Asked) -> tuple[str, bytes] | None:
    said = request.headers.get("upload-checksum", "")
    if not said:
        return None
    name, _, value = said.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise BadUpload(what="Upload-Checksum is not base64") from error
    if DIGESTS.get(name) != len(digest):
        raise BadUpload(what="Upload-Checksum is neither sha1 nor sha256")
    return name, digest


def _words(raw: bytes) -> NewWords:
    try:
        return msgspec.json.decode(raw, type=NewWords)
    except msgspec.ValidationError as error:
        raise ValidationException(extra=[{"key": "", "message": str(error)}]) from error
    except msgspec.DecodeError as error:
        raise ClientException from error


HANDLERS: list[Any] = [options, begin, read, offset, change, drop]
"""`options` first: the framework makes one of its own for a path that has none yet."""
