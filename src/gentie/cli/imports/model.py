"""What every reader gives: threads and comments, one by one, in whatever order the file has."""

import enum
from datetime import UTC, datetime, tzinfo

import msgspec

from gentie.danmaku.model import Wanted


class BadExport(Exception):
    """The file cannot be read. One line that says what helps; nothing was imported."""


class Markup(enum.StrEnum):
    HTML = "html"
    MARKDOWN = "markdown"
    PLAIN = "plain"
    LINE = "line"
    """Words over a video: nothing in them is markup."""


class Standing(enum.StrEnum):
    """What the old service had decided."""

    PUBLIC = "public"
    PENDING = "pending"
    """Waited for a decision there."""
    SPAM = "spam"
    TRASH = "trash"
    """Deleted there, or refused."""


class Contact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the old service knew of an author beyond the name. Dropped unless it is asked for."""

    email: str = ""
    website: str = ""
    address: str = ""
    """Of the network."""


class OldThread(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the old service. Said again, what is not empty goes over what was said before."""

    handle: str
    """What its comments name it by: unique in the file, shown to nobody."""
    site: str = ""
    """The old site, where the file names it: an archive of its own."""
    url: str = ""
    """Address or path, as in the file."""
    also: tuple[str, ...] = ()
    """Other names of the page, for example the identifier that the old widget was given."""
    title: str = ""
    at: datetime | None = None
    """When it appeared: stands in for comments without any date."""
    hidden: str = ""
    """Why none of its comments may become public, for example "page not public"."""


class OldComment(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    """The old service's own. Empty: it is reported as having none."""
    thread: str
    """`OldThread.handle`, before or after. Never said: the handle is the address."""
    site: str = ""
    """As in `OldThread.site`; counts where the thread is never said."""
    parent: str = ""
    """`id` of what it answers, before or after. Empty: it answers nothing."""
    author: str = ""
    """As shown there."""
    person: str = ""
    """Tells authors of one name apart, for example "user:12". Kept as a keyed digest only."""
    created_at: datetime | None
    text: str
    markup: Markup
    standing: Standing = Standing.PUBLIC
    why_not: str = ""
    """Why it is left out, beyond its standing: "pingback". Empty: it is not."""
    votes: int | None = None
    """None: the format carries none."""
    over: Wanted | None = None
    """Where over a video it stands. None: it stands in the thread."""
    contact: Contact | None = None
    """None: there is none, or `Reading.contact` is False."""


class Ignored(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the file says and Gentie does not keep, for the report: "pinned"."""

    what: str


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """One record that makes no sense, for the report; the next one may."""

    why: str


Record = OldThread | OldComment | Ignored | Unreadable


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator says about a file."""

    zone: tzinfo | None = None
    """Of times that name none. None: as the file lets on, else UTC."""
    contact: bool = False
    """Read e-mail, website and network address, too."""

    @property
    def local(self) -> tzinfo:
        return self.zone or UTC
