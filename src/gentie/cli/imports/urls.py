"""From the addresses of the old site to the keys of threads here, by rules of the operator.

Without any rule an address loses what never named a page: tracking parameters and the fragment.
"""

import re
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, Literal
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit

import msgspec

from gentie.cli.imports.model import BadExport

TRACKING: Final = (
    "utm_*",
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "mc_cid",
    "mc_eid",
    "igshid",
    "yclid",
    "spm",
    "scm",
    "share_token",
    "replytocom",
    "_ga",
)
_MOST_PARAMETERS: Final = 200
_LONGEST: Final = 2000
"""Characters of an address. What is longer names no page."""


class PathRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a path becomes that a regular expression fits. Its groups are called by number."""

    find: str
    to: str


class UrlMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of a map file, in the order in which they are applied."""

    base: str = ""
    """Address of the site for paths without one, for example "https://news.example"."""
    hosts: dict[str, str] = {}
    """Old host -> new host."""
    scheme: Literal["keep", "http", "https"] = "keep"
    drop_parameters: tuple[str, ...] = TRACKING
    """Names, `*` stands for anything."""
    keep_parameters: tuple[str, ...] | None = None
    """Where given, no others stay."""
    paths: tuple[PathRule, ...] = ()
    slash: Literal["keep", "add", "drop"] = "keep"
    """At the end of paths."""
    key: Literal["url", "path", "id"] = "url"
    """What threads are named by: as the file names them, by path, or by the old identifier."""
    pages: dict[str, str] = {}
    """Old address or identifier -> key. Goes before all other rules."""


class Mapped(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    """Empty: there is nothing to make one of."""
    url: str
    """Address of the page. Empty: not known."""
    also: tuple[str, ...]
    """Other keys that shall reach the thread."""


def read_map(path: Path) -> UrlMap:
    """Raises BadExport: with the line or the rule that is wrong."""
    try:
        rules = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), UrlMap)
        for rule in rules.paths:
            re.sub(rule.find, rule.to, "")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadExport(f"{path} is no map file: {error}") from error
    except msgspec.ValidationError as error:
        raise BadExport(f"{path}: {error}") from error
    except (re.error, IndexError) as error:
        raise BadExport(f"{path}: a path rule is no regular expression: {error}") from error
    return rules


def map_page(url: str, also: tuple[str, ...], rules: UrlMap) -> Mapped:
    """The key, the address and the other names of a page."""
    address = _address(url, rules)
    named = next((rules.pages[one] for one in (url, *also) if one in rules.pages), "")
    key = named or _key(url, address, also, rules)
    others = [*also, url if _is_plain(url, address) else "", address]
    return Mapped(
        key=key,
        url=address if _is_web(address) else "",
        also=tuple(dict.fromkeys(one for one in others if one and one != key)),
    )


def _key(url: str, address: str, also: tuple[str, ...], rules: UrlMap) -> str:
    if rules.key == "id" and also:
        return also[0]
    if rules.key == "path":
        return _path_of(address) or address
    return address if rules.base or "://" in url else _without_base(address, rules)


def _without_base(address: str, rules: UrlMap) -> str:
    return address.removeprefix(rules.base.rstrip("/")) if rules.base else address


def _is_web(address: str) -> bool:
    parts = _split(address)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.netloc)


def _is_plain(url: str, address: str) -> bool:
    """Whether the old address is a name by itself, not one more way to track people."""
    return url != address and "?" not in url and "#" not in url


def _path_of(address: str) -> str:
    parts = _split(address)
    if parts is None or not parts.path:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _address(url: str, rules: UrlMap) -> str:
    whole = urljoin(rules.base, url) if rules.base and _split(url) else url
    parts = _split(whole)
    if parts is None or len(whole) > _LONGEST or not (parts.netloc or parts.path.startswith("/")):
        return url[:_LONGEST]
    host = rules.hosts.get(parts.netloc.lower(), parts.netloc.lower())
    path = _path(parts.path, rules)
    scheme = rules.scheme if rules.scheme != "keep" and parts.netloc else parts.scheme
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return SplitResult(scheme, host, path, _query(parts.query, rules), fragment).geturl()


def _path(path: str, rules: UrlMap) -> str:
    for rule in rules.paths:
        path = re.sub(rule.find, rule.to, path)
    if rules.slash == "drop" and path != "/":
        return path.rstrip("/") or "/"
    is_page = bool(path) and "." not in path.rsplit("/", 1)[-1]
    return path + "/" if rules.slash == "add" and is_page and not path.endswith("/") else path


def _query(query: str, rules: UrlMap) -> str:
    if not query:
        return ""
    try:
        said = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return query
    kept = [(name, value) for name, value in said if _stays(name, rules)]
    return query if len(kept) == len(said) else urlencode(kept)


def _stays(name: str, rules: UrlMap) -> bool:
    if rules.keep_parameters is not None:
        return any(fnmatchcase(name, one) for one in rules.keep_parameters)
    return not any(fnmatchcase(name.lower(), one) for one in rules.drop_parameters)


def _split(url: str) -> SplitResult | None:
    """None: it is no address."""
    try:
        return urlsplit(url)
    except ValueError:
        return None
