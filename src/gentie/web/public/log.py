"""The public log as anyone reads it: checkpoint, tiles, entries (C2SP tlog-tiles). No login."""

from functools import partial
from typing import Final

import msgspec
from litestar import MediaType, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from gentie.catalogue import fulfils
from gentie.ledger import queries
from gentie.ledger.key import PublicLog
from gentie.ledger.tree import WIDTH, parse_tile_path
from gentie.storage.db import Database

FOR_EVER: Final = "public, max-age=31536000, immutable"
"""A full tile never changes."""
A_DAY: Final = "public, max-age=86400"
"""Neither does a part of one, but nobody asks for it once the tile is full."""
A_MOMENT: Final = "public, max-age=2"
A_MINUTE: Final = "public, max-age=60"


@get("/checkpoint", operation_id="LogCheckpoint", media_type=MediaType.TEXT)
@fulfils("2017-8.c")
async def checkpoint(db: NamedDependency[Database]) -> Response[str]:
    """How large the log is and its root, signed. 404 `not-in-log` before the first one."""
    note = await db.read(queries.note_of)
    return Response(note, headers={"cache-control": A_MOMENT})


@get("/tile/{rest:path}", operation_id="LogTile", media_type="application/octet-stream")
async def tile(rest: FromPath[str], db: NamedDependency[Database]) -> Response[bytes]:
    """Hashes (`<level>/<n>`) or entries (`entries/<n>`), whole or the first `.p/<width>` of them.

    Answers 404 `not-in-log` for what no published checkpoint has, and for any other spelling.
    """
    place = parse_tile_path(rest.removeprefix("/"))
    if place is None:
        raise queries.NotInLog
    body = await db.read(partial(queries.tile_of, place=place))
    kept = FOR_EVER if place.width == WIDTH else A_DAY
    return Response(body, headers={"cache-control": kept})


class EarlierLog(msgspec.Struct, frozen=True, kw_only=True):
    """A name under which this tree was signed before it moved here."""

    origin: str
    key: str
    """Opens proofs of that time."""
    checkpoint: str
    """The last signed note under that name."""


@get("/earlier", operation_id="LogEarlier")
async def earlier(db: NamedDependency[Database]) -> Response[list[EarlierLog]]:
    """What the log was called before it moved here, oldest first. Mostly nothing."""
    found = [
        EarlierLog(origin=one.origin, key=one.vkey, checkpoint=one.note)
        for one in await db.read(queries.earlier_logs)
    ]
    return Response(found, headers={"cache-control": A_MINUTE})


@get("/vkey", operation_id="LogKey", media_type=MediaType.TEXT, sync_to_thread=False)
def vkey(log: NamedDependency[PublicLog | None]) -> Response[str]:
    """The key that checkpoints are signed with. Compare it with one you got elsewhere."""
    if log is None:
        raise queries.NotInLog
    return Response(f"{log.vkey}\n", headers={"cache-control": A_MINUTE})


routes = [
    Router(
        "/log",
        route_handlers=[checkpoint, tile, vkey, earlier],
        opt={"open_to_all": True},
        tags=["log"],
    )
]
