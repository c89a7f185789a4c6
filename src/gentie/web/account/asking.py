"""One request at the doors for accounts, with everything its handler needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from litestar import Request
from litestar.di import NamedDependency

from gentie.kernel.actor import Actor, Kind
from gentie.kernel.clock import Clock
from gentie.kernel.texts import Lang, lang_of
from gentie.storage.db import Database
from gentie.web.people import People

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Asking:
    request: Request[Actor, Any, Any]
    db: Database
    people: People
    now: datetime

    @property
    def acting(self) -> Actor:
        return self.request.user

    @property
    def is_commenter(self) -> bool:
        return self.acting.kind is Kind.ACCOUNT

    @property
    def lang(self) -> Lang:
        return lang_of(self.request.headers.get("accept-language", ""))

    @property
    def csrf(self) -> str:
        """What forms of this browser's session send back. Empty: it has none."""
        return self.people.access.csrf_of(self.request)

    @property
    def token(self) -> str:
        """The session's token."""
        return self.people.access.token_of(self.request)

    async def act(self, body: Callable[[sa.Connection], T]) -> T:
        return await self.db.act(body)

    async def read(self, body: Callable[[sa.Connection], T]) -> T:
        return await self.db.read(body)


async def provide_asking(
    request: Request[Actor, Any, Any],
    db: NamedDependency[Database],
    people: NamedDependency[People],
    clock: NamedDependency[Clock],
) -> Asking:
    return Asking(request=request, db=db, people=people, now=clock())
