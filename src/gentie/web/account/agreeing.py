"""The agreement as one reads it: what it says, what changed since one accepted, a copy to keep."""

from functools import partial
from typing import Any

from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from gentie.accounts import queries
from gentie.accounts.agreement import Changed, as_text, changes_between, laws_of
from gentie.accounts.model import AgreementVersion
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import get_regime
from gentie.kernel.refusal import Refusal
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.showing import Page, refused_page, show


@get("/agreement/{regime:str}/{number:int}/text")
@fulfils("2017-6.1a")
async def download(
    regime: FromPath[str], number: FromPath[int], asking: NamedDependency[Asking]
) -> Response[str]:
    """Any version, the past ones too, as a file of plain text."""
    reading = partial(queries.get_agreement, regime_id=regime, number=number)
    version = await asking.read(reading)
    name = f"agreement-{version.regime}-{version.number}.txt"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "content-language": asking.lang,
    }
    return Response(
        as_text(version, asking.lang), media_type="text/plain; charset=utf-8", headers=headers
    )


@get("/law")
@fulfils("2017-6.1b", "2022-6.b")
async def law_page(asking: NamedDependency[Asking]) -> Page:
    """The notice of the law: what the grounds of a regime rest on, and how each text stands."""
    name = asking.request.query_params.get("regime", "neutral")
    try:
        regime = get_regime(name)
    except KeyError as error:
        raise NotFoundException from error
    return show(asking, "law.html", regime=regime, laws=laws_of(regime))


async def changes_for(
    asking: Asking, version: AgreementVersion, accepted: int | None
) -> tuple[Changed, ...]:
    """What changed since the version that somebody accepted. Empty: none, or this one."""
    if accepted is None or accepted == version.number:
        return ()
    reading = partial(queries.get_agreement, regime_id=version.regime, number=accepted)
    return changes_between((await asking.read(reading)).text, version.text)


_HANDLERS: list[Any] = [download, law_page]
routes = [
    Router(
        "/account",
        route_handlers=_HANDLERS,
        dependencies={"asking": Provide(provide_asking)},
        exception_handlers={Refusal: refused_page},
        include_in_schema=False,
    )
]
