"""Regimes: dated policy packs. A pack is data; code only reads it.

Each site runs under one regime. Its id and version are stamped on every contribution and every
decision, so that the past is judged by the rules of its time. What protects people (notice,
reasons, appeal, another reviewer, the log) is not in here, because no pack may switch it off.
"""

import enum
import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from gentie.catalogue import fulfils

FORMS = ("post", "reply", "message", "danmaku", "reaction")
METHODS = ("phone", "id_number", "org_code", "other")
MEASURES = ("warn", "refuse", "remove", "restrict", "suspend", "close", "bar_reregistration")
"""Mildest first, as in 2022-7.b."""
ACCOUNT_MEASURES = ("warn", "restrict", "suspend", "close", "bar_reregistration")
"""Those that meet the account and not one contribution."""


PARTS = ("text", "symbol", "emoji", "picture", "audio", "video")
"""What a contribution may hold (2017-2.2b)."""
MEDIA_PARTS = ("picture", "audio", "video")
CREDIT_TAKES = ("links", "media", "positions", "colours", "unreviewed", "vote")
"""What a tier of credit may take. Posting itself it may only slow down."""
FULL_CREDIT = 100


class BadRegime(ValueError):
    """A pack that cannot be read. The message names the pack and the key."""


class Premoderation(enum.StrEnum):
    """Which contributions a person or an approved rule sees before the public does."""

    NONE = "none"
    NEWS = "news"
    ALL = "all"


class Tier(enum.StrEnum):
    """How a ground stands to the law. Mildest last."""

    ILLEGAL = "illegal"
    NEGATIVE = "negative"
    TERMS = "terms"


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text in both languages that are complete."""

    zh: str
    en: str

    def in_lang(self, lang: str) -> str:
        """Chinese for any zh tag, else English."""
        return self.zh if lang.startswith("zh") else self.en


class ContentClass(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ground that a decision may rest on. Definition and reference only, never a word list."""

    id: str
    tier: Tier
    title: Text
    definition: Text
    clause: str
    """Paragraph of the service agreement, for example "3.2"."""
    legal_ref: str = ""
    """Id in the registry of legal sources. Empty: rests on the agreement alone."""
    hidden: bool = False
    """Not named on a tombstone, where it would brand the author or expose a victim."""


class Identity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    required: bool
    methods: frozenset[str]
    """Of `METHODS`."""
    max_age_days: int
    """A verification older than this has expired."""
    vaulted: bool
    """Whether number, code or name are kept, sealed. False: the result of the check alone."""
    accounts_per_person: int
    """How many accounts one person may verify. 0: as many as they like."""


class Windows(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Times that the source texts leave open ("promptly"): every one is shown in the agreement."""

    review_seconds: int
    appeal_days: int
    appeal_answer_days: int
    report_answer_days: int
    agreement_grace_days: int
    network_log_days: int
    content_record_days: int
    leak_authority_hours: int
    """From finding that personal data got out to telling the authority, at the latest."""
    leak_people_hours: int

    @property
    def appeal(self) -> timedelta:
        return timedelta(days=self.appeal_days)


class Ladder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which measure on an account follows which violation, and how long each lasts.

    Steps are for the first, second ... violation that follows an earlier measure; the last repeats.
    They say the most that may be done: milder is always allowed. Severe ones need two people in
    every regime; that is not for a pack to set.
    """

    terms: tuple[str, ...]
    """Of `ACCOUNT_MEASURES`, for grounds of the tier `terms`. Empty: none for this tier."""
    negative: tuple[str, ...]
    illegal: tuple[str, ...]
    restrict_days: int
    suspend_days: int
    bar_days: int
    memory_days: int
    """Older measures no longer raise the next one."""
    within_days: int
    """A measure is taken so soon after the decision it rests on, or not at all."""

    def steps(self, tier: Tier) -> tuple[str, ...]:
        """The steps for a tier of grounds."""
        found: tuple[str, ...] = getattr(self, tier.value)
        return found

    def days(self, measure: str) -> int | None:
        """How long a measure lasts. None: it has no term, like a warning or a closing."""
        terms = {"restrict": self.restrict_days, "suspend": self.suspend_days}
        return (terms | {"bar_reregistration": self.bar_days}).get(measure)


class CreditTier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an account may do at a height of its credit."""

    id: str
    title: Text
    least: int
    """The points from which an account is in it."""
    takes: tuple[str, ...] = ()
    """Of `CREDIT_TAKES`. Reading, own data, reports and appeals are nowhere to be taken."""
    posts_per_hour: int = 0
    """0: no more than the limit that holds for everybody."""
    media_per_day: int = 0
    """The same, for files."""


class Media(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pictures, audio and video: how much of it, and what a person sees first."""

    look_first: frozenset[str]
    """Of `MEDIA_PARTS`: no machine here knows what is in them, so a person looks before others."""
    each: int
    """How many one contribution may hold."""
    per_day: int
    """How many one account may send in a day."""
    megabytes_per_day: int


class Credit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The published formula of credit: commenting conduct here, and nothing else, goes in.

    Everybody has `FULL_CREDIT`, less what the decisions of people on what they wrote cost, plus
    what lessons give. Each fades by half in `half_life_days`. What is overturned never counted.
    """

    terms: int
    """Points that a refusal or removal costs, for a ground of the tier `terms`."""
    negative: int
    illegal: int
    lesson: int
    """Points that a finished lesson gives back."""
    lesson_days: int
    """So often at most."""
    half_life_days: int
    floor: int
    """Nobody falls below."""
    tiers: tuple[CreditTier, ...]
    """Best first; the last begins at the floor or below."""

    def cost(self, tier: Tier) -> int:
        """Points that a decision costs, for a ground of this tier."""
        points: int = getattr(self, tier.value)
        return points


class Regime(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    version: int
    title: Text
    source: str
    """In force, historic, or never in force: said wherever the regime is shown."""
    valid_from: date
    valid_to: date | None = None
    """First day on which it is no longer in force."""
    test_only: bool
    """Only sites marked as test sites may choose it."""
    carries: tuple[str, ...]
    """Obligation ids, or an article's prefix with a star ("2017-5.*")."""
    identity: Identity
    premoderation: Premoderation
    auto_clear: bool
    """Whether an approved screening rule may pass what is reviewed first; else a person does."""
    forms: frozenset[str]
    """Of `FORMS`: what this service offers and the regime binds."""
    parts: dict[str, frozenset[str]]
    """By form, which of `PARTS` it may hold. A form that is not named holds nothing."""
    media: Media
    reaction_identity: bool
    """A vote needs a verified identity too, and counts once for each person."""
    measures: frozenset[str]
    """Of `MEASURES`. A decision may order nothing else."""
    classes: tuple[ContentClass, ...]
    windows: Windows
    ladder: Ladder | None = None
    """None: nothing is done to accounts, only to what they wrote."""
    credit: Credit | None = None
    """None: nobody is assessed."""

    @property
    def policy(self) -> str:
        """What is stamped: for example "cn-2022-final/1"."""
        return f"{self.id}/{self.version}"

    def parts_of(self, form: str) -> frozenset[str]:
        """What a contribution of this form may hold."""
        return self.parts.get(form, frozenset())

    def carries_row(self, obligation: str) -> bool:
        """Whether this regime imposes the row of the catalogue, by id or by prefix with a star."""
        return carried_by(self.carries, obligation)

    def get_class(self, class_id: str) -> ContentClass:
        """Raises KeyError: this regime has no such ground."""
        return {one.id: one for one in self.classes}[class_id]


def carried_by(patterns: Iterable[str], obligation: str) -> bool:
    """Whether one of `patterns` names `obligation`: by id, or as a prefix with a star."""
    return any(
        obligation.startswith(one[:-1]) if one.endswith("*") else obligation == one
        for one in patterns
    )


@cache
def get_regime(regime_id: str) -> Regime:
    """Raises KeyError: there is no pack with this id."""
    try:
        return shipped_regimes()[regime_id]
    except KeyError:
        known = ", ".join(shipped_regimes())
        raise KeyError(f"no regime {regime_id!r}; there are {known}") from None


@cache
def shipped_regimes() -> dict[str, Regime]:
    """All packs by id. Each must be sound: `gentie.catalogue.lint` is run on them in the tests."""
    found = (read_regime(tomllib.loads(text)) for text in _texts_in("data/regimes"))
    return {regime.id: regime for regime in found}


@fulfils("2017-1")
def read_regime(data: dict[str, Any]) -> Regime:
    """Read a pack from its TOML. `class_sets` names files of grounds that several packs share.

    Raises:
        BadRegime: a key is missing, unknown or of the wrong kind, or the pack touches what
            protects people (2017-1).
    """
    pack = str(data.get("id", "without id"))
    if guarded := [key for key in data if key.split(".")[0] == "due_process"]:
        raise BadRegime(
            f"regime {pack}: {guarded[0]} is not for a pack to set; notice, reasons, appeal and "
            "another reviewer hold everywhere"
        )
    body = {key: value for key, value in data.items() if key != "class_sets"}
    try:
        shared = [one for name in data.get("class_sets", []) for one in _class_sets()[name]]
        body["classes"] = [*shared, *data.get("classes", [])]
        return msgspec.convert(body, Regime, strict=False)
    except KeyError as error:
        raise BadRegime(f"regime {pack}: there is no class set {error}") from error
    except msgspec.ValidationError as error:
        raise BadRegime(f"regime {pack}: {error}") from error


@cache
def _class_sets() -> dict[str, list[dict[str, Any]]]:
    folder = resources.files("gentie.catalogue").joinpath("data/classes")
    return {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8"))["classes"]
        for file in folder.iterdir()
    }


def _texts_in(folder: str) -> list[str]:
    files = sorted(resources.files("gentie.catalogue").joinpath(folder).iterdir(), key=str)
    return [file.read_text(encoding="utf-8") for file in files]
