"""Writes the service agreement of a regime: its classes, measures, times and routes in words.

Pure. The frame is `data/agreement.toml`; every number in it comes from the regime, so that the
agreement cannot promise what the code does not do.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from gentie.accounts.model import AgreementText, AgreementVersion, Paragraph, Section
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import (
    ContentClass,
    Credit,
    CreditTier,
    Ladder,
    Premoderation,
    Regime,
    Text,
    Tier,
)
from gentie.catalogue.sources import LegalSource, legal_sources

MEASURES = {
    "warn": Text(zh="警示提醒", en="a warning"),
    "refuse": Text(zh="拒绝发布", en="refusing to publish"),
    "remove": Text(zh="删除内容", en="removing the comment"),
    "restrict": Text(zh="限制功能", en="restricting functions of the account"),
    "suspend": Text(zh="暂停账号更新", en="suspending the account"),
    "close": Text(zh="关闭账号", en="closing the account"),
    "bar_reregistration": Text(zh="禁止重新注册", en="barring a new registration"),
}
TAKES = {
    "links": Text(zh="链接", en="links"),
    "media": Text(zh="图片、声音和视频", en="pictures, sound and video"),
    "positions": Text(zh="弹幕的位置", en="places over a video"),
    "colours": Text(zh="弹幕的颜色", en="colours over a video"),
    "unreviewed": Text(zh="免审发布", en="publication without review"),
    "vote": Text(zh="表态", en="votes"),
}
"""What a tier of credit may take (`catalogue.regimes.CREDIT_TAKES`)."""
_PACE = Text(zh="每小时多于 {n} 条", en="more than {n} comments an hour")
_NOTHING = Text(zh="没有", en="nothing")
_TIER = Text(zh="{title}（{least} 分起）：{takes}", en="{title} (from {least} points): {takes}")
_AND_THEN = Text(zh="；", en="; ")
_SEPARATOR = Text(zh="、", en=", ")


@fulfils("2017-6.1a", "2022-6.a")
def write_agreement(regime: Regime) -> AgreementText:
    """Fill the frame with what the regime says. The same regime gives the same text."""
    facts = {lang: _facts(regime, lang) for lang in ("zh", "en")}
    fits = _conditions(regime)
    frame = _frame()
    sections = [_section(one, regime, facts, fits) for one in frame["sections"]]
    return AgreementText(
        summary=tuple(_fill(one, facts) for one in frame["summary"] if _wanted(one, fits)),
        sections=tuple(section for section in sections if section.paragraphs),
    )


def _section(
    frame: dict[str, Any], regime: Regime, facts: dict[str, dict[str, str]], fits: set[str]
) -> Section:
    number = str(frame["number"])
    if frame.get("classes"):
        here = [one for one in regime.classes if one.clause.split(".")[0] == number]
        paragraphs = tuple(_class_paragraph(one) for one in _in_order(here))
    else:
        wanted = [one for one in frame["paragraphs"] if _wanted(one, fits)]
        paragraphs = tuple(
            Paragraph(f"{number}.{n}", _fill(one, facts)) for n, one in enumerate(wanted, 1)
        )
    return Section(number, _fill(frame["title"], facts), paragraphs)


def _class_paragraph(one: ContentClass) -> Paragraph:
    zh = f"{one.title.zh}：{one.definition.zh}"
    return Paragraph(one.clause, Text(zh=zh, en=f"{one.title.en}: {one.definition.en}"))


def _in_order(classes: list[ContentClass]) -> list[ContentClass]:
    return sorted(classes, key=lambda one: [int(part) for part in one.clause.split(".")])


def _conditions(regime: Regime) -> set[str]:
    before = {Premoderation.NONE: "after", Premoderation.NEWS: "news", Premoderation.ALL: "before"}
    named = {"identity" if regime.identity.required else "no-identity"}
    named |= {"ladder"} if regime.ladder else set()
    named |= {"credit"} if regime.credit else set()
    named |= {"laws"} if laws_of(regime) else set()
    named |= {"values"} if regime.carries_row("2022-9.a") else set()
    named |= {"owners"} if regime.carries_row("2022-11.a") else set()
    return named | {before[regime.premoderation]} | ({"test"} if regime.test_only else set())


def _wanted(frame: dict[str, Any], fits: set[str]) -> bool:
    return "when" not in frame or frame["when"] in fits


def _fill(frame: dict[str, Any], facts: dict[str, dict[str, str]]) -> Text:
    return Text(zh=frame["zh"].format_map(facts["zh"]), en=frame["en"].format_map(facts["en"]))


def _facts(regime: Regime, lang: str) -> dict[str, str]:
    windows = regime.windows
    measures = [text.in_lang(lang) for key, text in MEASURES.items() if key in regime.measures]
    return (
        {
            "title": regime.title.in_lang(lang),
            "laws": _SEPARATOR.in_lang(lang).join(_name_of(one, lang) for one in laws_of(regime)),
            "policy": regime.policy,
            "measures": _SEPARATOR.in_lang(lang).join(measures),
            "identity_days": str(regime.identity.max_age_days),
            "review_minutes": str(-(-windows.review_seconds // 60)),
            "appeal_days": str(windows.appeal_days),
            "appeal_answer_days": str(windows.appeal_answer_days),
            "report_answer_days": str(windows.report_answer_days),
            "network_log_days": str(windows.network_log_days),
            "content_record_days": str(windows.content_record_days),
            "leak_hours": str(windows.leak_people_hours),
            "grace_days": str(windows.agreement_grace_days),
        }
        | (_steps(regime.ladder, lang) if regime.ladder else {})
        | _credit(regime.credit, lang)
    )


def _steps(ladder: Ladder, lang: str) -> dict[str, str]:
    """Every number and word of the ladder."""
    days = {key: str(getattr(ladder, key)) for key in ladder.__struct_fields__ if "days" in key}
    steps = {
        f"steps_{tier.value}": _SEPARATOR.in_lang(lang).join(
            MEASURES[one].in_lang(lang) for one in ladder.steps(tier)
        )
        for tier in Tier
    }
    return days | steps


def laws_of(regime: Regime) -> tuple[LegalSource, ...]:
    """The legal sources that the grounds of a regime refer to, in the order of the registry."""
    cited = {one.legal_ref for one in regime.classes if one.legal_ref}
    return tuple(one for name, one in legal_sources().items() if name in cited)


def _name_of(source: LegalSource, lang: str) -> str:
    title = source.title.in_lang(lang)
    if not source.article:
        return title
    return f"{title} 第 {source.article} 条" if lang == "zh" else f"{title}, art. {source.article}"


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A paragraph that is another than it was."""

    number: str
    before: Text | None
    """None: it is new."""
    after: Text | None
    """None: it is gone."""


@fulfils("2017-6.1a")
def changes_between(old: AgreementText, new: AgreementText) -> tuple[Changed, ...]:
    """What somebody who accepted the old text has not accepted, paragraph by paragraph."""
    before, after = _by_number(old), _by_number(new)
    numbers = sorted({*before, *after}, key=lambda one: [int(part) for part in one.split(".")])
    return tuple(
        Changed(number=one, before=before.get(one), after=after.get(one))
        for one in numbers
        if before.get(one) != after.get(one)
    )


def _by_number(text: AgreementText) -> dict[str, Text]:
    return {one.number: one.text for section in text.sections for one in section.paragraphs}


@fulfils("2017-6.1a")
def as_text(version: AgreementVersion, lang: str) -> str:
    """The whole agreement as plain text to keep: the short form, then what binds."""
    head = f"{version.regime} / {version.number} · {version.policy}"
    lines = [head, f"{version.in_force_from:%Y-%m-%d}", ""]
    lines += [f"- {one.in_lang(lang)}" for one in version.text.summary]
    for section in version.text.sections:
        lines += ["", f"{section.number}. {section.title.in_lang(lang)}"]
        lines += [f"{one.number} {one.text.in_lang(lang)}" for one in section.paragraphs]
    return "\n".join(lines) + "\n"


def _credit(credit: Credit | None, lang: str) -> dict[str, str]:
    """Every number of the formula, and what each tier changes."""
    if credit is None:
        return {}
    numbers = {
        f"credit_{key}": str(getattr(credit, key))
        for key in credit.__struct_fields__
        if key != "tiers"
    }
    tiers = _AND_THEN.in_lang(lang).join(_tier(one, lang) for one in credit.tiers)
    return numbers | {"credit_tiers": tiers}


def _tier(tier: CreditTier, lang: str) -> str:
    """Its name, from how many points, and all that it takes."""
    taken = [TAKES[one].in_lang(lang) for one in tier.takes]
    if tier.posts_per_hour:
        taken.append(_PACE.in_lang(lang).format(n=tier.posts_per_hour))
    said = _SEPARATOR.in_lang(lang).join(taken) or _NOTHING.in_lang(lang)
    return _TIER.in_lang(lang).format(title=tier.title.in_lang(lang), least=tier.least, takes=said)


@cache
def _frame() -> dict[str, Any]:
    file = resources.files("gentie.accounts").joinpath("data/agreement.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
