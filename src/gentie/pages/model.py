"""A rendered page, and who renders it."""

import math
from typing import Protocol

import msgspec


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes that are the same for everybody."""

    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...] = ()
    """Beyond what every answer carries; the same name here wins."""
    about: tuple[str, ...] = ()
    """Marks of what it shows, for example "thread:77": whoever changes that names the mark."""
    keep: bool = True
    """Whether to remember it. Not for pages of things that do not exist: anybody can name those."""
    lasts: float = math.inf
    """Seconds after which it is made again though nobody named a mark: it shows what ages."""


class PageSource(Protocol):
    """Renders the pages of one kind of address."""

    def key_of(self, path: str, query: bytes) -> str | None:
        """Name the page asked for, alike for all spellings of the same. None: not one of these.

        Called on every request and remembered: cheap, and the same answer each time.
        """

    async def render(self, key: str) -> Page:
        """Raises Refusal: there is no such page; the router will say so."""
