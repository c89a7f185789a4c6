"""The register of leaks of personal data, for who answers for them."""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from litestar import get, post
from litestar.di import NamedDependency

from gentie.actions.oversight.note_on_leak import note_on_leak
from gentie.actions.oversight.record_leak import LeakFound, record_leak
from gentie.actions.oversight.tell_of_leak import tell_of_leak
from gentie.kernel.actor import MayNot
from gentie.kernel.ids import AccountId
from gentie.kernel.refusal import Refusal
from gentie.pages.leaks import load_register
from gentie.privacy.leaks.model import LeakUnfit, Step
from gentie.web.console.visit import Act, Form, Page, Visit, go, moment_of

_HERE: Final = "/console/leaks"
_DATA: Final = "data."
"""Before the name of a table, in the names of checkboxes."""
_SCOPES: Final = frozenset({"leak:record", "leak:agree"})


@get("/leaks")
async def leaks_page(visit: NamedDependency[Visit]) -> Page:
    """All leaks, newest first, with what is owed and when."""
    return await _show(visit)


@post("/leaks")
async def record(data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    return await visit.carry_out(
        lambda: partial(record_leak, found=_found(data)),
        again=partial(_show, visit, said=data),
        then=go(_HERE),
    )


@post("/leaks/entry")
async def enter(data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    return await visit.carry_out(
        lambda: _entering(data), again=partial(_show, visit), then=go(_HERE)
    )


async def _show(
    visit: Visit, *, no: Refusal | None = None, said: Mapping[str, str] | None = None
) -> Page:
    if not _SCOPES & visit.acting.scopes:
        raise MayNot(scope="leak:record")
    register = await visit.read(partial(load_register, now=visit.now))
    return await visit.page(
        "leaks.html", no=no, register=register, said=defaultdict(str, said or {})
    )


def _found(data: Mapping[str, str]) -> LeakFound:
    """Raises LeakUnfit: no time, or none that can be read."""
    found_at = moment_of(data.get("found_at", ""))
    if found_at is None:
        raise LeakUnfit(field="found_at")
    listed = data.get("concerns") != "everybody"
    return LeakFound(
        found_at=found_at,
        happened_at=moment_of(data.get("happened_at", "")),
        data=tuple(name.removeprefix(_DATA) for name in data if name.startswith(_DATA)),
        accounts=[AccountId(one) for one in data.get("accounts", "").split()] if listed else None,
        **{name: data.get(name, "") for name in ("cause", "harm", "measures", "advice", "contact")},
    )


def _entering(data: Mapping[str, str]) -> Act:
    """Raises LeakUnfit: there is no such step."""
    step = next((one for one in Step if one.value == data.get("step")), None)
    if step is None:
        raise LeakUnfit(field="step")
    doing = tell_of_leak if step is Step.TELLING else partial(note_on_leak, step=step)
    return partial(doing, number=data.get("number", ""), words=data.get("words", ""))


HANDLERS: list[Any] = [leaks_page, record, enter]
