"""A key of a regime that no code reads is a promise that nobody keeps.

Each key names the act (or the door) whose outcome it changes. A key counts as read when a module
outside the catalogue that imports `gentie.catalogue.regimes` takes it from a regime, its identity,
its windows or one of its classes.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

import gentie
from gentie.catalogue.regimes import ContentClass, Credit, Identity, Ladder, Media, Regime, Windows

SOURCE = Path(gentie.__file__).parent
TELLER = SOURCE / "accounts" / "agreement.py"
"""Tells people what a regime says. Telling a time is not keeping it, so it counts as a reader
only of what is there to be told."""

READ_BY = {
    "id": "actions.posting.submit_comment",
    "version": "actions.identity.publish_agreements",
    "title": "accounts.agreement",
    "source": "checks.run",
    "valid_from": "actions.operations.open_site",
    "valid_to": "actions.operations.open_site",
    "test_only": "actions.operations.open_site",
    "carries": "checks.run",
    "premoderation": "actions.posting.submit_comment",
    "auto_clear": "actions.posting.submit_comment",
    "forms": "actions.posting.submit_comment",
    "parts": "actions.posting.taking",
    "media.look_first": "actions.posting.taking",
    "media.each": "actions.posting.taking",
    "media.per_day": "actions.media.begin_upload",
    "media.megabytes_per_day": "actions.media.begin_upload",
    "reaction_identity": "actions.posting.vote",
    "measures": "actions.deciding",
    "classes": "actions.moderation.decide_item",
    "identity.required": "actions.posting.submit_comment",
    "identity.methods": "actions.identity.complete_verification",
    "identity.max_age_days": "actions.posting.submit_comment",
    "identity.vaulted": "pages.vaulting",
    "identity.accounts_per_person": "actions.identity.asked_for",
    "windows.review_seconds": "actions.posting.submit_comment",
    "windows.appeal_days": "actions.grievances.file_appeal",
    "windows.appeal_answer_days": "actions.grievances.file_appeal",
    "windows.report_answer_days": "actions.grievances.file_report",
    "windows.agreement_grace_days": "actions.posting.submit_comment",
    "windows.network_log_days": "actions.posting.network",
    "windows.content_record_days": "accounts.agreement",
    "windows.leak_authority_hours": "actions.oversight.record_leak",
    "windows.leak_people_hours": "actions.oversight.record_leak",
    "class.id": "actions.moderation.decide_item",
    "class.tier": "actions.moderation.decide_item",
    "class.title": "accounts.agreement",
    "class.definition": "accounts.agreement",
    "class.clause": "actions.moderation.decide_item",
    "class.legal_ref": "actions.moderation.decide_item",
    "class.hidden": "pages.render",
    "ladder.terms": "actions.moderation.propose_measure",
    "ladder.negative": "actions.moderation.propose_measure",
    "ladder.illegal": "actions.moderation.propose_measure",
    "ladder.restrict_days": "actions.moderation.propose_measure",
    "ladder.suspend_days": "actions.moderation.propose_measure",
    "ladder.bar_days": "actions.moderation.propose_measure",
    "ladder.memory_days": "actions.moderation.propose_measure",
    "ladder.within_days": "actions.moderation.propose_measure",
    "credit.terms": "actions.crediting",
    "credit.negative": "actions.crediting",
    "credit.illegal": "actions.crediting",
    "credit.lesson": "actions.identity.finish_lesson",
    "credit.lesson_days": "actions.identity.finish_lesson",
    "credit.half_life_days": "actions.standing",
    "credit.floor": "actions.standing",
    "credit.tiers": "actions.standing",
}

THROUGH = {
    "appeal_days": "appeal",
    "carries": "carries_row",
    "classes": "get_class",
    "id": "policy",
    "parts": "parts_of",
    "terms": "steps",
    "negative": "steps",
    "illegal": "steps",
    "restrict_days": "days",
    "suspend_days": "days",
    "bar_days": "days",
    "version": "policy",
    "credit.terms": "cost",
    "credit.negative": "cost",
    "credit.illegal": "cost",
}
"""What a regime offers in place of the bare key."""

KNOWING = {"gentie.catalogue.regimes", "gentie.actions.place"}
"""Modules that hand out a regime."""

HOLDERS = {"": "regime"} | {
    one: one for one in ("identity", "windows", "ladder", "credit", "media")
}


def keys_of(regime: type[Regime]) -> set[str]:
    parts: dict[str, type[msgspec.Struct]] = {
        "identity": Identity,
        "windows": Windows,
        "class": ContentClass,
        "ladder": Ladder,
        "credit": Credit,
        "media": Media,
    }
    inner = {f"{part}.{key}" for part, kind in parts.items() for key in kind.__struct_fields__}
    return (set(regime.__struct_fields__) - set(parts)) | inner


def accesses_in(source: str) -> Iterator[tuple[str, str]]:
    """Yield (holder, key) of each attribute that is read, in modules that know regimes."""
    tree = ast.parse(source)
    imports = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    if KNOWING.isdisjoint(imports):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            holder = node.value
            yield getattr(holder, "attr", "") or getattr(holder, "id", ""), node.attr


def is_read(key: str, accesses: set[tuple[str, str]]) -> bool:
    part, _, leaf = key.rpartition(".")
    names = {leaf, THROUGH.get(key, THROUGH.get(leaf, leaf))}
    return any(
        name in names and (part == "class" or holder == HOLDERS[part]) for holder, name in accesses
    )


@pytest.fixture(scope="module")
def accesses() -> set[tuple[str, str]]:
    none_of = {SOURCE / "catalogue", SOURCE / "demo"}  # the demo decides nothing by a regime
    modules = [path for path in SOURCE.rglob("*.py") if none_of.isdisjoint(path.parents)]
    return accesses_of(path for path in modules if path != TELLER)


def accesses_of(modules: Iterable[Path]) -> set[tuple[str, str]]:
    return {one for path in modules for one in accesses_in(path.read_text(encoding="utf-8"))}


def test_every_key_names_its_reader() -> None:
    assert keys_of(Regime) == set(READ_BY)


@pytest.mark.parametrize("key", sorted(READ_BY))
def test_every_key_is_read(key: str, accesses: set[tuple[str, str]]) -> None:
    if READ_BY[key] == "accounts.agreement":
        accesses = accesses_of([TELLER])
    assert is_read(key, accesses), f"{key}: {READ_BY[key]} does not read it"


@pytest.mark.parametrize(
    ("key", "code", "read"),
    [
        ("premoderation", "site.regime.premoderation", True),
        ("premoderation", "regime.premoderation", True),
        ("premoderation", "policy.premoderation", False),
        ("windows.appeal_days", "regime.windows.appeal", True),
        ("class.hidden", "ground.hidden", True),
        ("identity.required", "regime.identity.required", True),
        ("identity.required", "field.required", False),
    ],
)
def test_knows_a_reader_when_it_sees_one(key: str, code: str, *, read: bool) -> None:
    knows = "from gentie.catalogue.regimes import Regime\n"

    assert is_read(key, set(accesses_in(knows + code))) is read
    assert not is_read(key, set(accesses_in(code)))
