"""Idempotency-Key: a request that is sent again is carried out once and answered alike."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from litestar import Request

from gentie.kernel.actor import ANYONE, Actor
from gentie.kernel.refusal import Refusal
from gentie.storage.db import Database
from gentie.storage.idempotency import once

T = TypeVar("T", bound=msgspec.Struct)

LONGEST = 255
SHORTEST_OF_STRANGERS = 16
"""Strangers share one name: a key that another could hit on would give away their answer."""


class BadIdempotencyKey(Refusal):
    code, says = "bad-idempotency-key", "This Idempotency-Key is empty, too short or too long."


async def act_once(
    db: Database,
    body: Callable[[sa.Connection], T],
    *,
    request: Request[Actor, Any, Any],
    kind: type[T],
    now: datetime,
    after: Callable[[sa.Connection], object] | None = None,
    asked: str | None = None,
) -> T:
    """As `db.act`; with an Idempotency-Key, a repetition gets the first answer again.

    `kind` is what `body` returns; `asked` says what was asked where the request's own body is too
    long to be read twice. Handlers hand over their act as they do to `db.act`.

    Raises:
        KeyReused: the key came with another request.
        BadIdempotencyKey: the key cannot be used.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return await db.act(body, after=after)
    shortest = SHORTEST_OF_STRANGERS if request.user.id == ANYONE.id else 1
    if not shortest <= len(key) <= LONGEST:
        raise BadIdempotencyKey(shortest=shortest, longest=LONGEST)
    digest = await _digest_of(request, asked)
    again = partial(
        once, body=body, who=request.user.id, key=key, request=digest, kind=kind, now=now
    )
    return await db.act(again, after=after)


async def _digest_of(request: Request[Actor, Any, Any], asked: str | None) -> str:
    """Of everything that was asked for."""
    where = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    body = await request.body() if asked is None else asked.encode()
    return hashlib.sha256(where + body).hexdigest()
