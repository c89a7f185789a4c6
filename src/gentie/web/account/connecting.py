"""Where people sign in from a page of another site, and leave the sites they take part on.

A page opens `/account/connect` in a window of its own. What happens there, happens on our pages;
the page that asked learns a one-time code, and only if its site lists its origin.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import get, post
from litestar.di import NamedDependency

from gentie.actions.identity.connect_site import connect_site
from gentie.actions.identity.disconnect_site import disconnect_site
from gentie.actions.identity.join_as_user import join_as_user
from gentie.kernel.actor import ANYONE
from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal
from gentie.pages.connecting import check_way, load_connecting, load_joined
from gentie.sites.queries import get_site
from gentie.visits.model import CodeInvalid, Door, NotForThisPage, SiteUserTaken, Way
from gentie.visits.rules import STATE, require_return
from gentie.visits.users.queries import introduced
from gentie.web.account.asking import Asking
from gentie.web.account.proving import hash_or_none
from gentie.web.account.showing import CONNECT, Form, Page, go, require_ours, show, to_sign_in

FIELDS = ("site", "origin", "state", "code_challenge", "mode", "return_to", "introduced")
MODES = {"popup": Door.PAGE, "redirect": Door.PAGE, "frame": Door.FRAME}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a page asks for."""

    way: Way
    state: str
    """The page's own mark, by which it knows the answer."""
    mode: str
    return_to: str
    """For a redirect: the address that the person came from."""
    introduced: str
    """Handle of the site's word for its user. Empty: it says nothing."""
    fields: dict[str, str]

    @property
    def here(self) -> str:
        return f"{CONNECT}?{urlencode({key: said for key, said in self.fields.items() if said})}"


@get("/connect")
async def connect_page(asking: NamedDependency[Asking]) -> Page:
    """Ask whether the page may know who is here; first for a sign-in, where there is none."""
    service = asking.people.access.origin
    asked = read_asked(asking.request.query_params)
    await asking.read(partial(check_way, way=asked.way, service=service))
    if not asking.is_commenter:
        return await _join_page(asking, asked) if asked.introduced else to_sign_in(asking)
    await _require_same(asking, asked)
    load = partial(load_connecting, way=asked.way, service=service)
    found = await asking.read(partial(load, acting=asking.acting, now=asking.now))
    return show(asking, "connect.html", found=found, asked=asked, next=asked.here)


@post("/connect")
async def connect(data: Form, asking: NamedDependency[Asking]) -> Page:
    """The person's answer, on its way to the page that asked."""
    asked, service = read_asked(data), asking.people.access.origin
    await asking.read(partial(check_way, way=asked.way, service=service))
    if not asking.is_commenter:
        return go(asked.here)
    require_ours(asking, data)
    if data.get("answer") != "yes":
        return _answer(asking, asked, code="")
    giving = partial(connect_site, way=asked.way, service=service, token=asking.token)
    giving = partial(giving, introduced=asked.introduced)
    code = await asking.act(partial(giving, acting=asking.acting, now=asking.now))
    return _answer(asking, asked, code=code)


@post("/connect/join")
async def join(data: Form, asking: NamedDependency[Asking]) -> Page:
    """An account for a site's own user, tied to this browser; then on as everybody."""
    asked, service = read_asked(data), asking.people.access.origin
    await asking.read(partial(check_way, way=asked.way, service=service))
    require_ours(asking, data)
    if asking.is_commenter:
        return go(asked.here)
    name, password = data.get("name", ""), data.get("password", "")
    try:
        stored = await hash_or_none(asking, password)
        joining = partial(join_as_user, way=asked.way, handle=asked.introduced, name=name)
        joining = partial(joining, stored=stored, acting=ANYONE, now=asking.now)
        session = await asking.act(joining)
    except CodeInvalid:
        raise
    except Refusal as no:
        return await _join_page(asking, asked, no=no, name=name)
    return go(asked.here, cookies=[asking.people.access.cookie_for(session)])


@get("/sites")
async def sites_page(asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    joined = await asking.read(partial(load_joined, acting=asking.acting))
    return show(asking, "sites.html", joined=joined)


@post("/sites")
async def leave_site(data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    leaving = partial(disconnect_site, site=SiteId(data.get("site", "")))
    await asking.act(partial(leaving, acting=asking.acting, now=asking.now))
    return go("/account/sites")


def read_asked(given: Mapping[str, Any]) -> Asked:
    """Raises NotForThisPage: this is not how a page asks."""
    said = {name: str(given.get(name, "")) for name in FIELDS}
    if said["mode"] not in MODES or not STATE.fullmatch(said["state"]):
        raise NotForThisPage
    way = Way(
        site=SiteId(said["site"]),
        origin=said["origin"],
        door=MODES[said["mode"]],
        challenge=said["code_challenge"],
    )
    if said["mode"] == "redirect":
        require_return(said["return_to"], origin=way.origin)
    return Asked(
        way=way,
        state=said["state"],
        mode=said["mode"],
        return_to=said["return_to"],
        introduced=said["introduced"],
        fields=said,
    )


async def _join_page(
    asking: Asking, asked: Asked, *, no: Refusal | None = None, name: str = ""
) -> Page:
    """Somebody with an account signs in to it: the site's word is not enough for that."""
    find = partial(introduced, handle=asked.introduced, way=asked.way, now=asking.now)
    known = await asking.read(find)
    if known.account is not None and no is None:
        return to_sign_in(asking)
    site = await asking.read(partial(get_site, site=asked.way.site))
    return show(
        asking,
        "join.html",
        no=no,
        name=name or known.name,
        asked=asked,
        site=site.name,
        next=asked.here,
    )


async def _require_same(asking: Asking, asked: Asked) -> None:
    """Raises SiteUserTaken: another person is signed in here than the site means."""
    if not asked.introduced:
        return
    find = partial(introduced, handle=asked.introduced, way=asked.way, now=asking.now)
    known = await asking.read(find)
    if known.account not in {None, asking.acting.account}:
        raise SiteUserTaken


def _answer(asking: Asking, asked: Asked, *, code: str) -> Page:
    """A page that hands the answer over. Redirects of forms lead to our own pages only."""
    back = ""
    if asked.mode == "redirect":
        told = {"gentie-code": code, "gentie-state": asked.state}
        back = f"{asked.return_to}#{urlencode(told if code else {'gentie-declined': asked.state})}"
    page = show(asking, "connected.html", asked=asked, code=code, back=back, next=asked.here)
    if back:
        page.headers["refresh"] = f"0; url={back}"
    return page


HANDLERS: list[Any] = [connect_page, connect, join, sites_page, leave_site]
