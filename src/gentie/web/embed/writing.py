"""One request that writes, with what its handler needs: rates, screening, the network record."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from litestar import Request
from litestar.di import NamedDependency
from litestar.exceptions import NotAuthorizedException

from gentie.actions.posting.count_attempt import count_attempt
from gentie.actions.posting.make_draft import Draft, make_draft, make_line
from gentie.actions.posting.network import SealedOrigin
from gentie.actions.posting.routing import Submitted
from gentie.kernel.actor import Actor, Kind
from gentie.kernel.refusal import Refusal
from gentie.kernel.texts import in_lang
from gentie.pages.statement import Answer, answer_of, answer_without_reasons
from gentie.screening.model import Action, LookAgain, Outcome
from gentie.screening.rates import Rate
from gentie.storage.db import Database
from gentie.web.network import Network
from gentie.web.once import act_once
from gentie.web.reader import lang_for
from gentie.web.services import RulesInForce, Services

T = TypeVar("T", bound=msgspec.Struct)
A = TypeVar("A")

LINE = "danmaku"
"""What is one line without markup."""
LONG = 2000
"""Characters from which reading a text would hold up everybody else, so a thread does it."""
RATES: dict[str, tuple[timedelta, int, int]] = {
    "post": (timedelta(minutes=5), 20, 100),
    LINE: (timedelta(minutes=1), 20, 300),
    "upload": (timedelta(minutes=5), 40, 200),
    "vote": (timedelta(minutes=1), 60, 300),
    "report": (timedelta(hours=1), 20, 60),
    "appeal": (timedelta(hours=1), 10, 60),
    "export": (timedelta(hours=1), 10, 60),
    "draft": (timedelta(minutes=5), 30, 60),
    "visit": (timedelta(minutes=5), 60, 2000),
    "preview": (timedelta(minutes=5), 120, 300),
    "between": (timedelta(minutes=5), 100, 300),
    "protect": (timedelta(hours=1), 6, 60),
}
"""Window, and how often in it: for one account, and for one address."""


@dataclass(frozen=True, kw_only=True)
class Writing:
    request: Request[Actor, Any, Any]
    db: Database
    now: datetime
    rules: RulesInForce
    network: Network | None
    rate_factor: int

    @property
    def acting(self) -> Actor:
        return self.request.user

    def require_account(self) -> None:
        """Say "sign in first" rather than "you may not" to strangers."""
        if self.acting.kind is Kind.ANYONE:
            raise NotAuthorizedException

    async def count(self, what: str) -> None:
        """Count an attempt, before anything else is done.

        Raises:
            TooMany: for this account, or for this address.
        """
        await self.db.act(self.counting(what))

    def counting(self, what: str) -> Callable[[sa.Connection], None]:
        """The act that counts an attempt, to be handed over together with what is attempted."""
        rates = self.rates_of(what)
        return partial(count_attempt, attempted=rates, acting=self.acting, now=self.now)

    def rates_of(self, what: str) -> list[Rate]:
        """What an attempt counts against."""
        window, each, there = RATES[what]
        each, there = each * self.rate_factor, there * self.rate_factor
        rates = []
        if self.acting.kind is Kind.ACCOUNT:
            rates.append(Rate(f"{what}:account:{self.acting.id}", window, each))
        if self.network is not None:
            mark = self.network.fingerprint_of(self.request)
            rates.append(Rate(f"{what}:address:{mark}", window, there))
        return rates

    async def draft(self, text: str, *, media: bool = False) -> Draft:
        """Clean, parse and screen a text under the rules in force. With `media` it may be empty.

        Raises:
            BadText, TextEmpty, TextTooLong.
        """
        if len(text) < LONG:
            return make_draft(text, self.rules(), media=media)
        return await asyncio.to_thread(make_draft, text, self.rules(), media=media)

    async def attempt(
        self, what: str, text: str, *, media: bool = False
    ) -> tuple[Draft, Callable[[sa.Connection], None] | None]:
        """A draft, and the act that counts the attempt, for `act(..., after=...)`.

        What the text is refused for, and what takes long to read, is counted here already.

        Raises:
            TooMany, BadText, TextEmpty, TextTooLong.
        """
        counting = self.counting(what)
        if len(text) >= LONG and what != LINE:
            await self.db.act(counting)
            return await self.draft(text, media=media), None
        try:
            if what == LINE:
                return make_line(text, self.rules()), counting
            return await self.draft(text, media=media), counting
        except Refusal:
            await self.db.act(counting)
            raise

    async def look_again(
        self, draft: Draft, counting: Callable[[sa.Connection], None] | None
    ) -> None:
        """Ask "are you sure" before a risky text is sent: never a block, nothing is kept.

        Raises:
            LookAgain, TooMany: with what was found; the attempt is counted.
        """
        if draft.verdict.outcome is Outcome.PASS:
            return
        if counting is not None:
            await self.db.act(counting)
        found = [one.says for one in draft.verdict.findings if one.action is not Action.NOTE]
        raise LookAgain(
            found=[in_lang(one, lang_for(self.request)) for one in found],
            refused=draft.verdict.outcome is Outcome.REFUSE,
            path="/account/lessons/risky-draft",
        )

    def origin(self) -> SealedOrigin | None:
        """Where this came from, sealed. None: nothing of that is kept here."""
        return self.network.origin_of(self.request, self.now) if self.network else None

    async def act(
        self,
        body: Callable[[sa.Connection], A],
        *,
        after: Callable[[sa.Connection], None] | None = None,
    ) -> A:
        return await self.db.act(body, after=after)

    async def act_once(
        self,
        body: Callable[[sa.Connection], T],
        kind: type[T],
        *,
        after: Callable[[sa.Connection], None] | None = None,
        asked: str | None = None,
    ) -> T:
        """Honours Idempotency-Key."""
        once = partial(act_once, self.db, request=self.request, now=self.now)
        return await once(body, kind=kind, after=after, asked=asked)

    async def answer(self, submitted: Submitted) -> Answer:
        """What its author hears at once."""
        if submitted.decision is None:
            return answer_without_reasons(submitted)
        return await self.read(partial(answer_of, submitted=submitted))

    async def read(self, body: Callable[[sa.Connection], A]) -> A:
        return await self.db.read(body)


def provide_writing(
    request: Request[Actor, Any, Any], services: NamedDependency[Services]
) -> Writing:
    """One dependency for all: each that a handler names costs as much as a statement."""
    return Writing(
        request=request,
        db=services.db,
        now=services.clock(),
        rules=services.rules,
        network=services.network,
        rate_factor=services.rate_factor,
    )
