"""As OSCAL assessment results, the form in which auditors exchange findings.

The schema of OSCAL does not see a reference that leads nowhere, so `faults_of_oscal` does.
Identifiers are derived from site, row and time: the same run gives the same document.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from gentie.catalogue.obligations import obligations
from gentie.checks.model import Outcome, Report, Result, SiteRun

OSCAL = "1.2.1"
_STATES = {
    Outcome.HOLDS: ("satisfied", "pass"),
    Outcome.VIOLATED: ("not-satisfied", "fail"),
    # OSCAL knows no third state. What was not examined is not satisfied; the reason says why.
    Outcome.NO_DATA: ("not-satisfied", "other"),
}

Document = dict[str, Any]


def control_of(obligation: str) -> str:
    """Id of a control: OSCAL wants a letter first. "2017-5.1a" is "cac2017-5.1a"."""
    return f"cac{obligation}"


def as_oscal(report: Report) -> Document:
    """One OSCAL result for each site; the plan that it names stands in its back matter."""
    at = report.at.isoformat()
    plan = _uuid(at, "plan")
    return {
        "assessment-results": {
            "uuid": _uuid(at, "results"),
            "metadata": {
                "title": "Duties against the live service",
                "last-modified": at,
                "version": report.version,
                "oscal-version": OSCAL,
            },
            "import-ap": {"href": f"#{plan}"},
            "results": [_result_of(site, at) for site in report.sites] or [_nothing(at)],
            "back-matter": {
                "resources": [{"uuid": plan, "title": "gentie check", "description": _PLAN}]
            },
        }
    }


_PLAN = "Every live check, on each site, for the rows of the catalogue that its regime carries."


def _result_of(site: SiteRun, at: str) -> Document:
    controls = dict.fromkeys(control_of(one.obligation) for one in site.results)
    selection: Document = {"include-controls": [{"control-id": one} for one in controls]}
    body: Document = {
        "uuid": _uuid(at, site.site),
        "title": f"{site.site} under {site.policy}",
        "description": f"Regime: {site.source}.",
        "start": at,
        "reviewed-controls": {"control-selections": [selection if controls else _none()]},
    }
    if site.results:
        body["observations"] = [_observation_of(one, site, at) for one in site.results]
        body["findings"] = [_finding_of(one, site, at) for one in site.results]
    return body


def _nothing(at: str) -> Document:
    return {
        "uuid": _uuid(at, "nothing"),
        "title": "No site",
        "description": "There is no site yet, so nothing was examined.",
        "start": at,
        "reviewed-controls": {"control-selections": [_none()]},
    }


def _none() -> Document:
    """The schema has no empty selection, so none is all but all."""
    excluded = [{"control-id": control_of(one)} for one in obligations()]
    return {"description": "None.", "include-all": {}, "exclude-controls": excluded}


def _observation_of(result: Result, site: SiteRun, at: str) -> Document:
    observation: Document = {
        "uuid": _uuid(at, site.site, result.obligation, result.check, "observation"),
        "title": result.title.en,
        "description": f"{result.examined} examined, {len(result.violations)} violations.",
        "methods": ["TEST"],
        "collected": at,
        "props": [{"name": "check", "ns": "https://gentie.example/ns", "value": result.check}],
    }
    if result.violations:
        named = (f"{one.subject} {one.note}".rstrip() for one in result.violations)
        observation["remarks"] = "; ".join(named)
    return observation


def _finding_of(result: Result, site: SiteRun, at: str) -> Document:
    state, reason = _STATES[result.outcome]
    parts = (at, site.site, result.obligation, result.check)
    return {
        "uuid": _uuid(*parts, "finding"),
        "title": f"{result.obligation}: {result.outcome}",
        "description": result.title.en,
        "target": {
            "type": "objective-id",
            "target-id": f"{control_of(result.obligation)}_obj",
            "status": {"state": state, "reason": reason},
        },
        "related-observations": [{"observation-uuid": _uuid(*parts, "observation")}],
    }


def faults_of_oscal(document: Document, *, rows: Collection[str]) -> Iterator[str]:
    """Say which references lead nowhere: a document that the schema accepts may still be untrue."""
    body = document["assessment-results"]
    uuids = Counter(_uuids_in(body))
    yield from (
        f"uuid {one} is there {number} times" for one, number in uuids.items() if number > 1
    )
    resources = {one["uuid"] for one in body.get("back-matter", {}).get("resources", ())}
    if body["import-ap"]["href"].removeprefix("#") not in resources:
        yield "import-ap names a plan that is not in the back matter"
    known = {control_of(one) for one in rows}
    for result in body["results"]:
        yield from _faults_of_result(result, known)


def _faults_of_result(result: Document, known: Collection[str]) -> Iterator[str]:
    selections = result["reviewed-controls"]["control-selections"]
    reviewed = [c["control-id"] for one in selections for c in one.get("include-controls", ())]
    observed = {one["uuid"] for one in result.get("observations", ())}
    findings = result.get("findings", ())
    targets = {one["target"]["target-id"].removesuffix("_obj") for one in findings}
    used = {o["observation-uuid"] for one in findings for o in one.get("related-observations", ())}
    yield from (f"control {one} is not in the catalogue" for one in reviewed if one not in known)
    for one, number in Counter(reviewed).items():
        if number > 1:
            yield f"control {one} is listed {number} times"
    yield from (f"control {one} has no finding" for one in reviewed if one not in targets)
    yield from (f"a finding on {one}, which was not reviewed" for one in targets - set(reviewed))
    yield from (f"observation {one} is not there" for one in sorted(used - observed))
    yield from (f"observation {one} supports no finding" for one in sorted(observed - used))


def _uuids_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "uuid" in node:
            yield node["uuid"]
        for value in node.values():
            yield from _uuids_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from _uuids_in(value)


def _uuid(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(("gentie", *parts))))
