"""One request at the console: who asks, in which language, and the frame around every page."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Protocol, TypeVar
from urllib.parse import urlencode

import sqlalchemy as sa
from litestar import MediaType, Request, Response
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body

from gentie.accounts.queries import find_staff
from gentie.accounts.roles import staff_of
from gentie.kernel.actor import Actor, Kind
from gentie.kernel.clock import Clock
from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal
from gentie.kernel.texts import Lang, in_lang, lang_of
from gentie.pages.keys import write_key
from gentie.pages.records import load_numbers
from gentie.storage.db import Database
from gentie.web.access import CSRF_FIELD, require_form_token
from gentie.web.attaching import Attaching
from gentie.web.console.views import plain
from gentie.web.console.words import words_for
from gentie.web.people import People
from gentie.web.problems import STATUS
from gentie.web.templating import render

T = TypeVar("T")
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
Page = Response[str]
"""An HTML page, or a redirect to one."""


class Act(Protocol):
    """An act with all that it takes but its transaction, who acts, and when."""

    def __call__(self, tx: sa.Connection, /, *, acting: Actor, now: datetime) -> object: ...


class Again(Protocol):
    """The page that something was asked on. `no` says why it was not done."""

    def __call__(self, *, no: Refusal) -> Awaitable[Page]: ...


@dataclass(frozen=True, kw_only=True)
class Visit:
    request: Request[Actor, Any, Any]
    db: Database
    csrf: str
    """What forms send back. Empty: there is no cookie session, so nothing to misuse."""
    now: datetime
    media_key: bytes = b""
    """Signs addresses of media for the desk. Empty: there are none."""

    @property
    def acting(self) -> Actor:
        return self.request.user

    @property
    def lang(self) -> Lang:
        return lang_of(self.request.headers.get("accept-language", ""))

    def asked(self, name: str) -> str:
        """A parameter of the address. Empty: not given."""
        return plain(str(self.request.query_params.get(name, "")))

    @property
    def site(self) -> SiteId | None:
        """The site that was chosen. None: all of this person's."""
        return SiteId(self.asked("site")) if self.asked("site") else None

    async def act(self, body: Callable[[sa.Connection], T]) -> T:
        return await self.db.act(body)

    async def carry_out(self, asked: Callable[[], Act], *, again: Again, then: Page) -> Page:
        """Do what a form asks for, and go on to `then`.

        `asked` reads the act off the form. A refusal, of the reading or of the act, is shown on
        the page that the form came from.
        """
        try:
            await self.act(partial(asked(), acting=self.acting, now=self.now))
        except Refusal as no:
            return await again(no=no)
        return then

    async def read(self, body: Callable[[sa.Connection], T]) -> T:
        return await self.db.read(body)

    def require_ours(self, data: Mapping[str, str]) -> None:
        """Raises BadCsrf, BadText: not made for this session, or nothing a form can hold."""
        for text in data.values():
            plain(text)
        require_form_token(data.get(CSRF_FIELD, ""), expected=self.csrf)

    async def page(self, template: str, *, no: Refusal | None = None, **values: object) -> Page:
        """A page with navigation. `no` says why what was asked was not done."""
        acting, lang = self.acting, self.lang
        counting = partial(load_numbers, site=self.site, acting=acting, now=self.now)
        reviews = "review:claim" in acting.scopes
        body = render(
            f"console/{template}",
            lang,
            csrf=self.csrf,
            csrf_field=CSRF_FIELD,
            name=await self._name(),
            acting=acting,
            numbers=await self.read(counting) if reviews else None,
            now=self.now,
            site=self.site,
            segment=write_key,
            refused="" if no is None else in_lang(no.says, lang),
            **words_for(lang),
            **values,
        )
        return html(body, 200 if no is None else STATUS[type(no)], lang)

    async def _name(self) -> str:
        member = staff_of(self.acting.id)
        found = None if member is None else await self.read(partial(find_staff, staff_id=member))
        return found.name if found else ""


async def provide_visit(
    request: Request[Actor, Any, Any],
    db: NamedDependency[Database],
    people: NamedDependency[People | None],
    clock: NamedDependency[Clock],
    attaching: NamedDependency[Attaching | None],
) -> Visit:
    csrf = people.access.csrf_of(request) if people else ""
    key = attaching.key if attaching else b""
    return Visit(request=request, db=db, csrf=csrf, now=clock(), media_key=key)


async def staff_only(request: Request[Actor, Any, Any]) -> Page | None:
    """Whoever has not signed in is shown where; the acts and pages ask for scopes themselves."""
    if request.user.kind is not Kind.ANYONE:
        return None
    url = request.url
    here = url.path + (f"?{url.query}" if url.query else "")
    back = here if request.method == "GET" else "/console"
    return go("/account/sign-in", next=back)


def refused(request: Request[Actor, Any, Any], refusal: Refusal) -> Page:
    """A page of its own for a "no" that no other page can show."""
    lang = lang_of(request.headers.get("accept-language", ""))
    body = render("console/refused.html", lang, says=in_lang(refusal.says, lang))
    return html(body, STATUS[type(refusal)], lang)


def go(path: str, **query: str) -> Page:
    """Look at another page now. Empty parameters are left out."""
    given = urlencode({name: value for name, value in query.items() if value})
    place = f"{path}?{given}" if given else path
    return Response("", status_code=303, headers={"location": place})


def moment_of(text: str) -> datetime | None:
    """What a field of date and time says, in UTC. None: nothing that can be read."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None


def html(body: str, status: int, lang: str) -> Page:
    headers = {"cache-control": "no-store", "content-language": lang}
    return Response(body, status_code=status, media_type=MediaType.HTML, headers=headers)
