"""What is wrong with a regime before anybody is judged by it. Pure.

A pack is data, so nothing else would notice that it refers to a law we do not know, or that it
asks for a person's review while it reviews nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from gentie.catalogue import fulfils
from gentie.catalogue.regimes import (
    ACCOUNT_MEASURES,
    CREDIT_TAKES,
    FORMS,
    MEASURES,
    MEDIA_PARTS,
    METHODS,
    PARTS,
    ContentClass,
    Credit,
    CreditTier,
    Ladder,
    Premoderation,
    Regime,
    Tier,
    carried_by,
)
from gentie.catalogue.sources import LegalSource, Standing

SIX_MONTHS_DAYS = 184
"""The longest that six months can be: from 1 March or 1 July, for example."""
_INDISPENSABLE = ("refuse", "remove")


@fulfils("2017-1", "2022-1")
def faults_of(
    regime: Regime, sources: Mapping[str, LegalSource], *, obligations: Collection[str]
) -> Iterator[str]:
    """Say what is contradictory, unresolved or unjust. Nothing said: the pack may be used.

    `obligations` are the ids of all rows of the catalogue.
    """
    yield from _faults_of_texts(regime)
    yield from _faults_of_words(regime)
    yield from _faults_of_parts(regime)
    yield from _contradictions(regime)
    yield from _faults_of_windows(regime)
    if regime.ladder is not None:
        yield from _faults_of_ladder(regime.ladder, regime)
    if regime.credit is not None:
        yield from _faults_of_credit(regime.credit)
    yield from _faults_of_classes(regime, sources)
    for pattern in regime.carries:
        if not any(carried_by((pattern,), row) for row in obligations):
            yield f"carries {pattern}: no row of the catalogue matches"


def _faults_of_texts(regime: Regime) -> Iterator[str]:
    texts = {"source": regime.source, "title.zh": regime.title.zh, "title.en": regime.title.en}
    yield from (f"{name} is empty" for name, text in texts.items() if not text.strip())


def _faults_of_words(regime: Regime) -> Iterator[str]:
    """Words that no act knows would promise or forbid something and do nothing."""
    known = (
        ("forms", regime.forms, FORMS),
        ("measures", regime.measures, MEASURES),
        ("identity.methods", regime.identity.methods, METHODS),
    )
    for key, words, all_of_them in known:
        yield from (f"{key}: {word} is unknown" for word in sorted(words - set(all_of_them)))
    if not regime.forms:
        yield "forms: nothing is offered"
    for measure in _INDISPENSABLE:
        if measure not in regime.measures:
            yield f"measures: {measure} is missing, so a decision could not be carried out"


def _faults_of_parts(regime: Regime) -> Iterator[str]:
    """A form without words could not be posted; over a video there is no room for a picture."""
    for form in sorted(set(regime.parts) - set(FORMS)):
        yield f"parts: {form} is unknown"
    for form, parts in sorted(regime.parts.items()):
        for part in sorted(parts - set(PARTS)):
            yield f"parts.{form}: {part} is unknown"
    for form in sorted(regime.forms - {"reaction"}):
        if "text" not in regime.parts_of(form):
            yield f"parts.{form}: text is missing"
    for part in sorted(regime.parts_of("danmaku") & set(MEDIA_PARTS)):
        yield f"parts.danmaku: a line over a video has no room for {part}"
    for part in sorted(regime.media.look_first - set(MEDIA_PARTS)):
        yield f"media.look_first: {part} is unknown"
    for name in ("each", "per_day", "megabytes_per_day"):
        if getattr(regime.media, name) <= 0:
            yield f"media.{name} is not positive"


def _contradictions(regime: Regime) -> Iterator[str]:
    identity, version = regime.identity, regime.version
    if identity.required and not identity.methods:
        yield "identity is required, but there is no method to verify it"
    if regime.reaction_identity and not identity.required:
        yield "reaction_identity: a vote would need an identity that a comment does not"
    if regime.reaction_identity and "reaction" not in regime.forms:
        yield "reaction_identity is set, but reaction is not among the forms"
    if regime.premoderation is Premoderation.NONE and not regime.auto_clear:
        yield "auto_clear is off, but nothing is reviewed first"
    if regime.valid_to is not None and regime.valid_to <= regime.valid_from:
        yield "valid_to is not after valid_from"
    if version < 1:
        yield "version is not positive"


def _faults_of_windows(regime: Regime) -> Iterator[str]:
    times = {
        f"windows.{name}": getattr(regime.windows, name)
        for name in regime.windows.__struct_fields__
    }
    times["identity.max_age_days"] = regime.identity.max_age_days
    yield from (f"{name} is not positive" for name, length in times.items() if length <= 0)
    if regime.windows.appeal_days < SIX_MONTHS_DAYS:
        yield f"windows.appeal_days is below six months ({SIX_MONTHS_DAYS})"


def _faults_of_ladder(ladder: Ladder, regime: Regime) -> Iterator[str]:
    """What is unjust about a ladder: milder for worse, without end, or unknown to the regime."""
    for tier in Tier:
        steps = ladder.steps(tier)
        strange = set(steps) - (set(ACCOUNT_MEASURES) & regime.measures)
        yield from (f"ladder.{tier}: {one} is not offered" for one in sorted(strange))
        if not strange and [*steps] != sorted(steps, key=ACCOUNT_MEASURES.index):
            yield f"ladder.{tier}: a later step is milder than an earlier one"
    days = {name: getattr(ladder, name) for name in ladder.__struct_fields__ if "days" in name}
    yield from (f"ladder.{name} is not positive" for name, length in days.items() if length <= 0)


def _faults_of_credit(credit: Credit) -> Iterator[str]:
    """What is unjust about a formula: worse for less, without a way back, or without a bottom."""
    costs = [credit.cost(tier) for tier in (Tier.TERMS, Tier.NEGATIVE, Tier.ILLEGAL)]
    if costs != sorted(costs) or min(costs) < 0:
        yield "credit: a milder ground costs more than a graver one"
    for name in ("lesson", "lesson_days", "half_life_days", "floor"):
        if getattr(credit, name) <= 0:
            yield f"credit.{name} is not positive"
    least = [one.least for one in credit.tiers]
    if not least or least != sorted(least, reverse=True) or least[-1] > credit.floor:
        yield "credit.tiers: not best first, or nothing holds at the floor"
    if credit.tiers and _takes_something(credit.tiers[0]):
        yield "credit.tiers: the best takes something"
    for one in credit.tiers:
        strange = sorted(set(one.takes) - set(CREDIT_TAKES))
        yield from (f"credit.tiers.{one.id}: {word} cannot be taken" for word in strange)


def _takes_something(tier: CreditTier) -> bool:
    return bool(tier.takes or tier.posts_per_hour or tier.media_per_day)


def _faults_of_classes(regime: Regime, sources: Mapping[str, LegalSource]) -> Iterator[str]:
    counts = Counter(one.id for one in regime.classes)
    yield from (f"class {one} is there twice" for one, number in counts.items() if number > 1)
    if not regime.classes:
        yield "classes: there is no ground for any decision"
    for one in regime.classes:
        for fault in _faults_of_class(one, regime, sources):
            yield f"class {one.id}: {fault}"


def _faults_of_class(
    one: ContentClass, regime: Regime, sources: Mapping[str, LegalSource]
) -> Iterator[str]:
    if not one.clause.strip():
        yield "no clause of the agreement"
    texts = (one.title.zh, one.title.en, one.definition.zh, one.definition.en)
    if not all(text.strip() for text in texts):
        yield "a text is empty"
    if one.tier is not Tier.TERMS and not one.legal_ref:
        yield f"tier {one.tier} needs a legal reference"
    if not one.legal_ref:
        return
    source = sources.get(one.legal_ref)
    if source is None:
        yield f"legal_ref {one.legal_ref} is not in the registry"
    elif not _overlaps(source, regime):
        yield f"legal_ref {one.legal_ref} was not in force while the regime was"


def _overlaps(source: LegalSource, regime: Regime) -> bool:
    if source.status is Standing.NEVER or source.valid_from is None:
        return False
    starts = max(source.valid_from, regime.valid_from)
    return starts < min(source.valid_to or date.max, regime.valid_to or date.max)
