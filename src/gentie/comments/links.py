"""Which addresses a comment may link to, and where bare ones stand in a text."""

import re
from collections.abc import Iterator

_WEB = re.compile(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:[/?#][!-;=?-\[\]_a-z~]*)?",
    re.IGNORECASE,
)
"""ASCII only, so that it ends where Chinese goes on; nobody can stand before the host with an @."""
_MAIL = re.compile(
    r"mailto:[A-Za-z0-9._+-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", re.IGNORECASE
)
_TAIL = ".,;:!?'\"*_~"
_PAIRS = {")": "(", "]": "["}


def is_safe(href: str) -> bool:
    """Whether a browser can do nothing with `href` but open a web page or a mail to somebody."""
    return bool(_WEB.fullmatch(href) or _MAIL.fullmatch(href))


def bare_links(text: str) -> Iterator[tuple[int, int]]:
    """Where web addresses stand in running text, without the punctuation that follows them."""
    for found in _WEB.finditer(text):
        start, end = found.span()
        before = text[start - 1 : start]
        after = text[end : end + 1]
        if after != "@" and not (before.isascii() and before.isalnum()):
            yield start, start + _length(found.group())


def _length(address: str) -> int:
    """How much of `address` is meant: a closing bracket belongs to it only if it was opened."""
    end = len(address)
    surplus = {
        close: address.count(close) - address.count(open_) for close, open_ in _PAIRS.items()
    }
    while end and (address[end - 1] in _TAIL or surplus.get(address[end - 1], 0) > 0):
        end -= 1
        if address[end] in surplus:
            surplus[address[end]] -= 1
    return end
