"""The nouns of sites: who embeds us, which threads there are, and the switches that stand."""

import enum
from datetime import datetime

import msgspec

from gentie.kernel.ids import ActorId, SiteId, ThreadId
from gentie.kernel.refusal import Refusal


class ThreadClass(enum.StrEnum):
    """What a thread hangs on. A regime may ask for review before publication by class."""

    NEWS = "news"
    """The strictest, and what an undeclared thread is."""
    BLOG = "blog"
    VIDEO = "video"
    GUESTBOOK = "guestbook"
    """Contributions here are messages to the site (2017-2.2b)."""


class Mode(enum.StrEnum):
    PRE = "pre"
    """A person looks first."""
    POST = "post"
    """Published at once when screening passes; the regime may still ask for a person first."""


class SwitchKind(enum.StrEnum):
    HOLD_ALL = "hold_all"
    """Everything waits for a person."""
    READ_ONLY = "read_only"
    """Nobody posts, edits or votes; everybody reads, reports and appeals."""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    id: SiteId
    name: str
    regime: str
    test: bool
    """A test site: may run under a regime that is historic or never came into force."""
    lang: str
    origins: tuple[str, ...]
    """Web origins whose pages may embed it, for example "https://daily.example"."""
    token: str
    """Digest of the site token. Empty: the site has none."""


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    id: ThreadId
    site: SiteId
    key: str
    """The page's own id, or its canonical URL."""
    title: str
    url: str
    kind: ThreadClass
    mode: Mode
    owner: str
    """Public account that answers for the thread. Empty: none."""
    declared: bool
    """False: made by a first post, in the strictest class, until the site declares it."""


class Switch(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is on for a time, with a reason that everybody can read."""

    id: str
    site: SiteId
    thread: ThreadId | None
    """None: the whole site."""
    kind: SwitchKind
    reason: str
    by_role: str
    by: ActorId
    since: datetime
    until: datetime
    lifted_at: datetime | None

    def active(self, now: datetime) -> bool:
        return self.lifted_at is None and self.since <= now < self.until


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """What a site says about one of its threads."""

    title: str
    url: str
    kind: ThreadClass
    mode: Mode
    owner: str


class ClassChange(msgspec.Struct, frozen=True, kw_only=True):
    """A thread became what it is. The log commits to this."""

    thread: ThreadId
    kind: ThreadClass
    mode: Mode
    reason: str
    by: ActorId
    by_role: str
    at: datetime


class NoSuchSite(Refusal):
    code, says = "no-such-site", "There is no such site."


class NoSuchThread(Refusal):
    code, says = "no-such-thread", "There is no such thread."


class KeyTaken(Refusal):
    code, says = "key-taken", "Another thread has this key."


class SameThread(Refusal):
    code, says = "same-thread", "Both keys reach the same thread already."


class ThreadInUse(Refusal):
    code, says = "thread-in-use", "The thread holds comments that cannot be moved."


class SiteExists(Refusal):
    code, says = "site-exists", "There is a site with this id already."


class ReadOnly(Refusal):
    code, says = "read-only", "Comments are read-only here at the moment."


class RegimeNotAllowed(Refusal):
    code, says = "regime-not-allowed", "Only a test site may run under this regime."


class NoSuchRegime(Refusal):
    code, says = "no-such-regime", "There is no such regime."


class SwitchNeedsTerm(Refusal):
    code, says = "switch-needs-term", "A switch needs a reason and an end in the future."


class NoSuchSwitch(Refusal):
    code, says = "no-such-switch", "There is no such switch, or it has ended already."


class BadOrigin(Refusal):
    code, says = "bad-origin", "An origin is scheme and host, such as https://news.example."


class BadSiteId(Refusal):
    code, says = "bad-site-id", "A site id has 1 to 40 of the characters a-z, 0-9 and -."


class BadThreadKey(Refusal):
    code, says = "bad-thread-key", "A thread key has 1 to 500 characters and none that are hidden."
