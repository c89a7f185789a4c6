"""Codes as people read them, and the sentences that the desk proposes to its moderators."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from gentie.catalogue.regimes import ContentClass, Tier
from gentie.catalogue.sources import legal_sources
from gentie.comments.model import Form, State
from gentie.kernel.texts import in_lang
from gentie.sites.model import Mode, SwitchKind, ThreadClass
from gentie.standing.model import Capability
from gentie.standing.model import Measure as Sanctioned
from gentie.web.log_words import measures_in


@cache
def words_for(lang: str) -> dict[str, Any]:
    """What templates call the values of the model."""
    return {
        "roles": {
            "moderator": in_lang("Moderator", lang),
            "chief_editor": in_lang("Chief editor", lang),
            "compliance": in_lang("Compliance officer", lang),
            "admin": in_lang("Administrator", lang),
            "service": in_lang("The service", lang),
            "gentie": in_lang("The service", lang),
            "site": in_lang("The site", lang),
        },
        "measures": measures_in(lang),
        "account_measures": {
            Sanctioned.WARN: in_lang("Warning", lang),
            Sanctioned.RESTRICT: in_lang("Functions restricted", lang),
            Sanctioned.SUSPEND: in_lang("Posting suspended", lang),
            Sanctioned.CLOSE: in_lang("Account closed", lang),
            Sanctioned.BAR: in_lang("Closed, and no new registration", lang),
        },
        "capabilities": {
            Capability.POST: in_lang("posting", lang),
            Capability.VOTE: in_lang("voting", lang),
            Capability.LINKS: in_lang("links", lang),
            Capability.MEDIA: in_lang("pictures, sound and video", lang),
            Capability.POSITIONS: in_lang("a place of one's own over a video", lang),
            Capability.COLOURS: in_lang("colours over a video", lang),
            Capability.UNREVIEWED: in_lang("being published without review", lang),
        },
        "forms": {
            Form.POST: in_lang("Comment", lang),
            Form.REPLY: in_lang("Reply", lang),
            Form.MESSAGE: in_lang("Message to the site", lang),
            Form.DANMAKU: in_lang("Danmaku", lang),
        },
        "kinds": {
            ThreadClass.NEWS: in_lang("News", lang),
            ThreadClass.BLOG: in_lang("Blog", lang),
            ThreadClass.VIDEO: in_lang("Video", lang),
            ThreadClass.GUESTBOOK: in_lang("Guestbook", lang),
        },
        "modes": {
            Mode.PRE: in_lang("a person looks first", lang),
            Mode.POST: in_lang("published when screening passes", lang),
        },
        "states": {
            State.HELD: in_lang("Waiting", lang),
            State.PUBLISHED: in_lang("Published", lang),
            State.REFUSED: in_lang("Refused", lang),
            State.REMOVED: in_lang("Removed", lang),
            State.WITHDRAWN: in_lang("Withdrawn", lang),
            State.ERASED: in_lang("Erased", lang),
        },
        "switch_kinds": {
            SwitchKind.HOLD_ALL: in_lang("Hold everything", lang),
            SwitchKind.READ_ONLY: in_lang("Read-only", lang),
        },
        "tiers": {
            Tier.TERMS: in_lang("Service agreement", lang),
            Tier.NEGATIVE: in_lang("Harmful", lang),
            Tier.ILLEGAL: in_lang("Illegal", lang),
        },
    }


def legal_title(content_class: ContentClass, lang: str) -> str:
    """The source that a class rests on, with its article. Empty: the agreement alone."""
    if not content_class.legal_ref:
        return ""
    source = legal_sources()[content_class.legal_ref]
    return f"{source.title.in_lang(lang)} {source.article}".strip()


def propose_facts(quote: str, lang: str) -> str:
    """The beginning of a statement of facts. Whoever decides says the rest."""
    return in_lang("The passage “{quote}”.", lang, quote=quote)


def propose_refusal(content_class: ContentClass, lang: str) -> str:
    """What an author is told whose text is not published."""
    return in_lang(
        "Your comment was not published: paragraph {clause} of the service agreement, “{title}”. "
        "You may write it anew without that passage, or appeal.",
        lang,
        clause=content_class.clause,
        title=content_class.title.in_lang(lang),
    )


def propose_removal(content_class: ContentClass, lang: str) -> str:
    """What an author is told whose text was public and is taken down."""
    return in_lang(
        "Your comment was removed: paragraph {clause} of the service agreement, “{title}”. "
        "You may appeal.",
        lang,
        clause=content_class.clause,
        title=content_class.title.in_lang(lang),
    )


def typed(said: Mapping[str, str] | None, facts: str = "", message: str = "") -> dict[str, str]:
    """What the form holds: what was typed, also where that is nothing, else what is proposed."""
    proposed = {"facts": facts, "message": message}
    return proposed if said is None else {name: said.get(name, "") for name in proposed}


def by_tier(classes: tuple[ContentClass, ...]) -> dict[Tier, list[ContentClass]]:
    """What is decided on most often first; each class once."""
    order = (Tier.TERMS, Tier.NEGATIVE, Tier.ILLEGAL)
    return {tier: found for tier in order if (found := [c for c in classes if c.tier is tier])}


def clock_of(waited: timedelta) -> str:
    """A time to wait as "3:40", or "2:03:40" with hours."""
    seconds = max(int(waited.total_seconds()), 0)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def moment_of(t_ms: int) -> str:
    """A moment in a video, as players show it."""
    return clock_of(timedelta(milliseconds=t_ms))


def time_since(moment: datetime, now: datetime, lang: str) -> str:
    """How long ago, in one unit: "2 years", "1 month", "5 days", "today"."""
    days = (now - moment).days
    if years := days // 365:
        return in_lang("{n} years" if years > 1 else "{n} year", lang, n=years)
    if months := days // 30:
        return in_lang("{n} months" if months > 1 else "{n} month", lang, n=months)
    if days > 0:
        return in_lang("{n} days" if days > 1 else "{n} day", lang, n=days)
    return in_lang("today", lang)
