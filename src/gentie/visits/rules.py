"""When a code may be exchanged and when a token counts. Pure."""

import base64
import hashlib
import hmac
import re
from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit

from gentie.visits.model import TOKEN_TERM, VISIT_TERM, Door, NotForThisPage, Offer, Visit, Way

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
STATE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_TOKEN = re.compile(r"v\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})")
_RENEWAL = re.compile(r"r\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})")
_LOOPBACK = re.compile(r"localhost|127(\.\d+){3}|\[::1\]|.+\.localhost")
_LONGEST = 1000


def challenge_of(verifier: str) -> str:
    """The S256 challenge of RFC 7636. Empty: this is no verifier, and fits nothing."""
    if not _VERIFIER.fullmatch(verifier):
        return ""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def fits(offer: Offer, *, verifier: str, origin: str, now: datetime) -> bool:
    """Whether the page that brings a code is the one that asked for it, in time."""
    known = hmac.compare_digest(challenge_of(verifier), offer.way.challenge)
    return known and origin == offer.way.origin and now < offer.expires_at


def ends_at(door: Door, *, session_ends: datetime, now: datetime) -> datetime:
    """No visit outlives the session it hangs on. A frame's cookie lasts as long as that."""
    return session_ends if door is Door.FRAME else min(session_ends, now + VISIT_TERM)


def token_until(door: Door, *, ends: datetime, now: datetime) -> datetime:
    """A page's token is short: its script shares memory with everything else on that page."""
    return ends if door is Door.FRAME else min(ends, now + TOKEN_TERM)


def is_open(visit: Visit, *, now: datetime) -> bool:
    return visit.ended_at is None and now < visit.ends_at


def may_use(visit: Visit, *, door: Door, origin: str, now: datetime) -> bool:
    """Whether a request through `door` from `origin` may use the token in use.

    A page's requests come from another origin, so browsers always name it. A frame's reading
    requests come from ours and name none.
    """
    alive = is_open(visit, now=now) and now < visit.access_until and visit.door is door
    return alive and (origin == visit.origin or (door is Door.FRAME and not origin))


def write_token(visit: str, secret: str) -> str:
    return f"v.{visit}.{secret}"


def read_token(token: str) -> tuple[str, str] | None:
    """Visit and secret. None: no token of a visit."""
    found = _TOKEN.fullmatch(token)
    return found and (found[1], found[2])


def write_renewal(visit: str, secret: str) -> str:
    return f"r.{visit}.{secret}"


def read_renewal(token: str) -> tuple[str, str] | None:
    """Visit and secret. None: not made here."""
    found = _RENEWAL.fullmatch(token)
    return found and (found[1], found[2])


def require_door(way: Way, *, listed: Collection[str], service: str) -> None:
    """Let codes go to our own frame, and to pages whose origin the site lists, exactly.

    Raises:
        NotForThisPage: nothing is given out.
    """
    if way.door is Door.FRAME:
        known = way.origin == service
    else:
        require_trusted(way.origin, service=service)
        known = way.origin in listed
    if not known or not CHALLENGE.fullmatch(way.challenge):
        raise NotForThisPage(origin=way.origin)


def require_trusted(origin: str, *, service: str) -> None:
    """Keep codes from pages that anybody could stand in for, also where a site lists them.

    Without https whoever sits on the wire is the page; on a loopback address any program of the
    machine is. Both are fine for who tries things out on such an address themselves.

    Raises:
        NotForThisPage: the page may read, and that is all.
    """
    page, ours = urlsplit(origin), urlsplit(service)
    plain = page.scheme != "https" and ours.scheme == "https"
    if plain or (_is_loopback(page.netloc) and not _is_loopback(ours.netloc)):
        raise NotForThisPage(origin=origin)


def require_return(address: str, *, origin: str) -> None:
    """Let people go back only to a page of the origin that they came from.

    Raises:
        NotForThisPage: it leads elsewhere, or browsers could read it in another way.
    """
    plain = address.isascii() and address.isprintable() and not set(address) & set(' \\#"<>')
    inside = address == origin or address.startswith((f"{origin}/", f"{origin}?"))
    if not plain or not inside or len(address) > _LONGEST:
        raise NotForThisPage(origin=origin)


def _is_loopback(netloc: str) -> bool:
    bracketed, _, rest = netloc.partition("]")
    name = f"{bracketed}]" if rest or netloc.endswith("]") else netloc.partition(":")[0]
    return _LOOPBACK.fullmatch(name) is not None
