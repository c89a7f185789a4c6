"""Who may change what about a site, and when a person has to look first."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from gentie.catalogue import fulfils
from gentie.catalogue.regimes import Premoderation, Regime
from gentie.sites.model import (
    BadOrigin,
    BadSiteId,
    BadThreadKey,
    Mode,
    ReadOnly,
    RegimeNotAllowed,
    Site,
    Switch,
    SwitchKind,
    SwitchNeedsTerm,
    Thread,
    ThreadClass,
)

LONGEST_SWITCH = timedelta(days=30)
_SITE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_ORIGIN = re.compile(rf"https?://({_LABEL}(\.{_LABEL})*|\[[0-9a-f:]+\])(:[1-9][0-9]{{0,4}})?")
_LEFT_OUT = re.compile(r"http:.*:80|https:.*:443")
"""Browsers name no port that the scheme implies."""
_LONGEST_KEY = 500


def require_site_id(text: str) -> None:
    if not _SITE_ID.fullmatch(text):
        raise BadSiteId


def require_origin(text: str) -> None:
    """Let nobody list what no browser will ever send. Raises BadOrigin."""
    if not _ORIGIN.fullmatch(text) or _LEFT_OUT.fullmatch(text):
        raise BadOrigin(origin=text)


def require_thread_key(text: str) -> None:
    if not is_thread_key(text):
        raise BadThreadKey


def is_thread_key(text: str) -> bool:
    """Not what nobody can read in a list of threads, nor what was no text when it was sent.

    That is: empty, too long, blank at an end, hidden characters, or undecodable bytes.
    """
    legible = text.isprintable() and text == text.strip() and "\ufffd" not in text
    return 1 <= len(text) <= _LONGEST_KEY and legible


@fulfils("2017-2.1", "2017-13", "2022-15")
def require_allowed(regime: Regime, *, test: bool, now: datetime) -> None:
    """Keep regimes that are not in force away from real readers.

    Raises:
        RegimeNotAllowed: the regime is for test sites only, not in force yet, or no longer.
    """
    today, ends = now.date(), regime.valid_to
    in_force = regime.valid_from <= today and (ends is None or today < ends)
    if not test and (regime.test_only or not in_force):
        raise RegimeNotAllowed(regime=regime.id)


def require_writable(switches: Iterable[Switch], *, now: datetime) -> None:
    """Let nobody post, edit or vote while a read-only switch stands.

    Raises:
        ReadOnly: with the public reason and the end.
    """
    for switch in switches:
        if switch.kind is SwitchKind.READ_ONLY and switch.active(now):
            raise ReadOnly(reason=switch.reason, until=switch.until.isoformat())


@fulfils("2017-5.3", "2022-4.4b", "2022f-4.3")
def needs_person(
    thread: Thread, regime: Regime, switches: Iterable[Switch], *, now: datetime
) -> bool:
    """Whether a person has to see a contribution before the public does.

    News always waits for a person where the regime reviews news first. Where it reviews
    everything, an approved screening rule may clear the rest if the pack allows it.
    """
    held = any(s.kind is SwitchKind.HOLD_ALL and s.active(now) for s in switches)
    if held or thread.mode is Mode.PRE:
        return True
    if regime.premoderation is Premoderation.NONE:
        return False
    if thread.kind is ThreadClass.NEWS:
        return True
    return regime.premoderation is Premoderation.ALL and not regime.auto_clear


def require_term(reason: str, until: datetime, *, now: datetime) -> None:
    """Nothing is switched without a reason, and nothing for ever.

    Raises:
        SwitchNeedsTerm: no reason, an end in the past, or more than 30 days away.
    """
    if not reason.strip() or not now < until <= now + LONGEST_SWITCH:
        raise SwitchNeedsTerm(longest_days=LONGEST_SWITCH.days)


def require_reason(reason: str) -> None:
    """Raises SwitchNeedsTerm: nothing about a thread changes for no stated reason."""
    if not reason.strip():
        raise SwitchNeedsTerm


def serves_origin(site: Site, origin: str) -> bool:
    """Whether pages of `origin` may embed the site. Compared exactly."""
    return origin in site.origins
