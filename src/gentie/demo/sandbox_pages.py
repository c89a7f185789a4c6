"""The sandbox identity provider over HTTP: the page with the people, and the back channel."""

from functools import cache
from typing import Annotated, Any

import jinja2
import msgspec
from litestar import MediaType, Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.enums import RequestEncodingType
from litestar.params import Body

from gentie.accounts.providers import Framework, Provider
from gentie.catalogue.regimes import Text
from gentie.demo.sandbox_idp import AGE, FRAMEWORK, PEOPLE, Client, ProtocolError, Sandbox
from gentie.kernel.chance import new_secret
from gentie.kernel.clock import Clock
from gentie.kernel.texts import in_lang, lang_of

PATH = "/sandbox"
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


def sandbox_at(base_url: str, *, clock: Clock) -> tuple[Provider, Router]:
    """A sandbox under `PATH` of the service at `base_url`: how to trust it, and its routes."""
    issuer, secret = base_url + PATH, new_secret()
    client = Client(id="gentie", secret=secret, redirect_uri=f"{base_url}/account/verify/callback")
    terms = Framework(
        id=FRAMEWORK,
        levels=("low", "substantial", "high"),
        minimum="substantial",
        method="id_number",
        max_age_days=730,
    )
    provider = Provider(
        id="sandbox",
        title=Text(zh="沙盒身份核验机构（演示）", en="Sandbox identity provider (demo)"),
        issuer=issuer,
        client_id=client.id,
        client_secret=secret,
        frameworks=(terms,),
        sector="sandbox",
        age_claim=AGE,
        sandbox=True,
    )
    return provider, router_for(Sandbox(issuer, client, clock=clock))


def router_for(sandbox: Sandbox) -> Router:
    """Routes under `PATH`. The issuer of `sandbox` is the service's address followed by it."""
    return Router(
        PATH,
        route_handlers=[discovery, keys, authorize, pick, token, userinfo],
        dependencies={"sandbox": Provide(lambda: sandbox, sync_to_thread=False)},
        exception_handlers={ProtocolError: _refused},
        opt={"open_to_all": True},
        # It plays somebody else's server, and few of those cut a window off from its opener.
        response_headers={"cross-origin-opener-policy": "unsafe-none"},
        include_in_schema=False,
    )


@get("/.well-known/openid-configuration")
async def discovery(sandbox: NamedDependency[Sandbox]) -> dict[str, Any]:
    return sandbox.discovery()


@get("/jwks")
async def keys(sandbox: NamedDependency[Sandbox]) -> dict[str, Any]:
    return sandbox.keys()


@get("/authorize", media_type=MediaType.HTML)
async def authorize(
    request: Request[Any, Any, Any], sandbox: NamedDependency[Sandbox]
) -> Response[str]:
    """Show the people to pick from."""
    handle = sandbox.ask(dict(request.query_params))
    lang = lang_of(request.headers.get("accept-language", ""))
    page = _template().render(lang=lang, handle=handle, people=PEOPLE, path=PATH)
    return Response(page, media_type=MediaType.HTML, headers={"cache-control": "no-store"})


@post("/authorize", status_code=303)
async def pick(data: Form, sandbox: NamedDependency[Sandbox]) -> Response[None]:
    """Go back with a code for the person picked, or with a no."""
    place = sandbox.pick(data.get("handle", ""), data.get("person", ""))
    return Response(None, status_code=303, headers={"location": place})


@post("/token", status_code=200)
async def token(
    data: Form, request: Request[Any, Any, Any], sandbox: NamedDependency[Sandbox]
) -> dict[str, Any]:
    return sandbox.token(data, request.headers.get("authorization", ""))


@get("/userinfo")
async def userinfo(
    request: Request[Any, Any, Any], sandbox: NamedDependency[Sandbox]
) -> dict[str, Any]:
    return sandbox.userinfo(request.headers.get("authorization", ""))


def _refused(request: Request[Any, Any, Any], error: ProtocolError) -> Response[bytes]:
    body = msgspec.json.encode({"error": error.code})
    return Response(body, status_code=400, media_type=MediaType.JSON)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("gentie.demo"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["_"] = jinja2.pass_context(
        lambda context, text: in_lang(text, context["lang"])
    )
    return environment.get_template("sandbox.html")
