"""What is known of oneself, who looked at it, and how to have it destroyed."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide

from gentie.accounts import queries as accounts
from gentie.actions.identity.erase_identity import erase_identity
from gentie.catalogue.regimes import get_regime
from gentie.pages.own import load_written
from gentie.sites.queries import all_sites
from gentie.vault import queries, rules
from gentie.web.access import CSRF_FIELD, require_form_token
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.showing import Form, Page
from gentie.web.templating import render

_HERE = "/account/identity"


@get("/")
async def identity_page(asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return _go(f"/account/sign-in?next={_HERE}")
    account, now, vault = asking.acting.account, asking.now, asking.people.vault
    poster = await asking.read(partial(accounts.get_poster, account=account))
    person = poster.verification.person if poster.verification else ""
    about = await asking.read(partial(queries.opened_about, account=account))
    body = render(
        "account/identity.html",
        asking.lang,
        csrf=asking.csrf,
        csrf_field=CSRF_FIELD,
        poster=poster,
        kept=await vault.read(partial(queries.fields_kept, person=person)),
        held=await vault.read(partial(queries.held_until, person=person)),
        looks=[one for one in about if rules.is_told(one, now=now)],
        network_until=await _network_until(asking),
        erased=asking.request.query_params.get("erased") == "yes",
    )
    headers = {"cache-control": "no-store", "content-language": asking.lang}
    return Response(body, media_type="text/html", headers=headers)


@post("/erase")
async def erase(data: Form, asking: NamedDependency[Asking]) -> Page:
    """Destroy it. Posting where an identity is asked for ends with it, at once."""
    if not asking.is_commenter:
        return _go(f"/account/sign-in?next={_HERE}")
    require_form_token(data.get(CSRF_FIELD, ""), expected=asking.csrf)
    if data.get("sure") != "yes":
        return _go(_HERE)
    await asking.act(partial(erase_identity, acting=asking.acting, now=asking.now))
    return _go(f"{_HERE}?erased=yes")


async def _network_until(asking: Asking) -> datetime | None:
    """The day on which the last sealed address of this person's posts is destroyed."""
    written = await asking.read(partial(load_written, after=None, acting=asking.acting))
    sites = await asking.read(all_sites)
    if not written.comments or not sites:
        return None
    longest = max(get_regime(one.regime).windows.network_log_days for one in sites)
    return written.comments[0].created_at + timedelta(days=longest)


def _go(place: str) -> Page:
    return Response("", status_code=303, headers={"location": place})


HANDLERS: list[Any] = [identity_page, erase]
router = Router(
    _HERE,
    route_handlers=HANDLERS,
    dependencies={"asking": Provide(provide_asking)},
    include_in_schema=False,
)
routes = [router]
