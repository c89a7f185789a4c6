"""A source of pages that a test steers."""

import asyncio

from typing_extensions import override

from gentie.kernel.ids import NoSuchComment
from gentie.pages.model import Page, PageSource


class Pages(PageSource):
    """Renders `/pages/<mark>` from `texts`, and counts how often."""

    def __init__(self, **texts: str) -> None:
        self.texts = texts
        self.rendered = 0
        self.free = asyncio.Event()
        self.free.set()
        self.keep = True

    @override
    def key_of(self, path: str, query: bytes) -> str | None:
        return path.removeprefix("/pages/") if path.startswith("/pages/") else None

    @override
    async def render(self, key: str) -> Page:
        self.rendered += 1
        if key not in self.texts:
            raise NoSuchComment
        text = self.texts[key]
        await self.free.wait()
        return Page(
            body=text.encode(), content_type="text/plain", about=(key, "all"), keep=self.keep
        )


class Seconds:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now
