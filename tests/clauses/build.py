"""One story at a time: who takes part, what they do over HTTP, and what everybody can see."""

import hmac
from dataclasses import dataclass
from typing import Any

import httpx

from gentie.kernel.ids import SiteId
from tests.newsroom import DAILY
from tests.whole import Client, Headers, Whole

SPAM = {"class": "spam", "facts": "A shop's address", "message": "No advertising, please."}
DESK = "/api/v1/moderation"


def at(site: SiteId, key: str) -> str:
    return f"/api/v1/sites/{site}/threads/{key}"


def told(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, str(answer.json().get("title", ""))


def commitment(name: str, record: str, key: str) -> str:
    """As the log's documentation says: HMAC-SHA256 of name, zero byte and record."""
    return hmac.new(bytes.fromhex(key), f"{name}\0{record}".encode(), "sha256").hexdigest()


@dataclass
class Story:
    """`web` is anybody's browser without a session; the others send headers of their own."""

    whole: Whole
    web: Client
    lin: Headers
    """A verified commenter, "Ferryman" to everybody else."""
    desk: Headers
    """A moderator with a second factor."""

    async def post(
        self, text: str, by: Headers, *, site: SiteId = DAILY, key: str = "article", **more: str
    ) -> dict[str, Any]:
        """Post. Returns what the author is told."""
        answer = await self.web.post(
            f"{at(site, key)}/comments", json={"text": text, **more}, headers=by
        )
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def waiting(self) -> list[dict[str, Any]]:
        return list((await self.web.get(f"{DESK}/queue", headers=self.desk)).json()["items"])

    async def decide(self, item: str, measure: str, **ground: str) -> httpx.Response:
        """The moderator takes an item and decides."""
        claimed = await self.web.post(f"{DESK}/items/{item}/claim", headers=self.desk)
        said = {"measure": measure, "version": claimed.json()["version"], **ground}
        return await self.web.post(f"{DESK}/items/{item}/decide", json=said, headers=self.desk)

    async def publish_all(self) -> None:
        for item in await self.waiting():
            answer = await self.decide(item["id"], "publish")
            assert answer.status_code == 200, answer.text
        await self.whole.settle()

    async def page(self, site: SiteId = DAILY, key: str = "article") -> list[dict[str, Any]]:
        """What everybody reads."""
        return list((await self.web.get(f"{at(site, key)}/comments")).json()["comments"])
