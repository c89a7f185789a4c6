"""Danmaku over HTTP: send a line, read what there is, say what a video is.

What is read is answered in front of the router from ready bytes; what arrives here is what those
could not answer, to be told what is wrong with it.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, JSONBody

from gentie.actions.operations.declare_stream import declare_stream
from gentie.actions.posting.routing import Submitted
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.catalogue import fulfils
from gentie.danmaku.model import WHITE, Mode, Stream, StreamKind, Wanted
from gentie.danmaku.rules import LONGEST_MS
from gentie.kernel.clock import Clock
from gentie.kernel.ids import SiteId
from gentie.pages.danmaku import EXPORTS
from gentie.pages.danmaku_files import WRITERS
from gentie.pages.danmaku_pages import asked_by, render
from gentie.pages.keys import read_key
from gentie.pages.statement import Answer
from gentie.storage.db import Database
from gentie.web.embed.api import Lang
from gentie.web.embed.writing import Writing

OPEN: dict[str, Any] = {"open_to_all": True}
Asked = Request[Any, Any, Any]
Ms = Annotated[int, msgspec.Meta(ge=0, lt=LONGEST_MS)]
Delay = Annotated[int, msgspec.Meta(ge=0, le=600_000)]
Colour = Annotated[int, msgspec.Meta(ge=0, le=WHITE)]


class NewDanmaku(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: str
    """One line of up to 100 characters, without markup."""
    t_ms: Ms | None = None
    """Milliseconds into the video. Left out: now, in a live broadcast."""
    mode: Mode = Mode.SCROLL
    colour: Colour = WHITE
    """0xRRGGBB as a number, of the palette in the manifest."""
    lang: Lang = ""


class Video(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Literal["recorded", "live", "off"]
    """off: no new lines; what there is can still be read."""
    started_at: datetime | None = None
    """When a live broadcast began."""
    delay_ms: Delay = 0
    """How long a live broadcast is held back, so that lines can be reviewed before they show."""


@post("/sites/{site:str}/threads/{key:str}/danmaku", operation_id="SubmitDanmaku")
@fulfils("2017-2.2b", "2022-2.2")
async def submit(
    site: FromPath[str],
    key: FromPath[str],
    data: JSONBody[NewDanmaku],
    writing: NamedDependency[Writing],
) -> Answer:
    """Send a line over a video. Answers and gates are those of a comment.

    Besides: 403 `form-not-offered` where there is no video or danmaku is off, 403
    `feature-offline` before its security assessment, 422 `bad-moment`, `style-not-offered`.
    """
    writing.require_account()
    wanted = Wanted(t_ms=data.t_ms, mode=data.mode, colour=data.colour)
    draft, counting = await writing.attempt("danmaku", data.text)
    submission = Submission(
        site=SiteId(site),
        key=read_key(key),
        draft=draft,
        lang=data.lang,
        danmaku=wanted,
        network=writing.origin(),
    )
    body = partial(submit_comment, submission=submission, acting=writing.acting, now=writing.now)
    return await writing.answer(await writing.act_once(body, Submitted, after=counting))


@put("/sites/{site:str}/threads/{key:str}/danmaku", operation_id="DeclareVideo", tags=["sites"])
async def declare(
    site: FromPath[str],
    key: FromPath[str],
    data: JSONBody[Video],
    writing: NamedDependency[Writing],
) -> Video:
    """Say what a thread's video is. For the site's own server, by site token.

    A thread of class video is a recorded one where nothing was said. 403 `may-not`,
    422 `bad-stream`.
    """
    stream = Stream(
        kind=StreamKind(data.kind),
        started_at=data.started_at,
        delay=timedelta(milliseconds=data.delay_ms),
    )
    declaring = partial(declare_stream, site=SiteId(site), key=read_key(key), stream=stream)
    await writing.act(partial(declaring, acting=writing.acting, now=writing.now))
    return data


@get("/sites/{site:str}/threads/{key:str}/danmaku", opt=OPEN, operation_id="ReadDanmaku")
async def manifest(
    request: Asked,
    site: FromPath[str],
    key: FromPath[str],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> Response[Any]:  # a `Manifest`, byte for byte
    """What there is over a video: its segments of two minutes, each with its revision and address.

    With ETag; kept for a second. 404 `no-such-site`, 422 `bad-thread-key`.
    """
    return await _read(request, db, clock)


@get(
    "/sites/{site:str}/threads/{key:str}/danmaku/segments/{name:str}",
    opt=OPEN,
    operation_id="ReadDanmakuSegment",
)
async def segment(
    request: Asked,
    site: FromPath[str],
    key: FromPath[str],
    name: FromPath[str],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> Response[Any]:  # a `SegmentBody`, byte for byte
    """The lines of two minutes, `{n}-{rev}.json`. May be kept for a minute.

    410 `segment-superseded`: a line has come or gone; read the manifest again. 404
    `no-such-segment`, `no-such-thread`, `no-such-site`.
    """
    return await _read(request, db, clock)


def _exporting(ending: str) -> Any:
    """The handler of one kind of file."""

    @get(
        f"/sites/{{site:str}}/threads/{{key:str}}/danmaku.{ending}",
        opt=OPEN,
        operation_id=f"ExportDanmaku{ending.title()}",
        media_type=WRITERS[ending][0],
    )
    async def export(
        request: Asked,
        site: FromPath[str],
        key: FromPath[str],
        db: NamedDependency[Database],
        clock: NamedDependency[Clock],
    ) -> Response[Any]:  # a file
        """Every public line of a video, for other programs. Never a sample.

        404 `no-such-thread`, `no-such-site`.
        """
        return await _read(request, db, clock)

    return export


async def _read(request: Asked, db: Database, clock: Clock) -> Response[Any]:
    asked = asked_by(request.scope["path"])
    if asked is None:
        raise NotFoundException
    found = await db.read(partial(render, asked=asked, now=clock()))
    return Response(found.body, media_type=found.content_type, headers=dict(found.headers))


PAGES: list[Any] = [manifest, segment, *map(_exporting, EXPORTS)]
HANDLERS: list[Any] = [submit, declare, *PAGES]
