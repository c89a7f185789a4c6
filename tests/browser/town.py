"""The demo and what its people do with files, through the same doors as everybody."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.demo_newsroom import DemoServer

PATIENCE = 60
"""Seconds until a file must have been looked at, on a busy machine."""
POSTS = "/sites/daily/threads/post-7/comments"


class Town:
    """The demo, and two of its people."""

    def __init__(self, demo: DemoServer, api: httpx.Client) -> None:
        self.demo, self._api = demo, api

    def act(self, role: str, method: str, path: str, **given: Any) -> Any:
        headers = {"authorization": f"Bearer {self.demo.people[role]['token']}"}
        answer = self._api.request(method, path, headers=headers, **given)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def send(self, content: bytes) -> str:
        """A file of the commenter's. Returns its id."""
        sent = {"data": {"site": "daily"}, "files": {"file": ("one", content)}}
        return str(self.act("commenter", "POST", "/uploads", **sent)["id"])

    def describe(self, upload: str, words: dict[str, str]) -> str:
        """Its owner's words. Returns the state that follows."""
        return str(self.act("commenter", "PATCH", f"/uploads/{upload}", json=words)["state"])

    def post(self, text: str, upload: str) -> dict[str, Any]:
        said = {"text": text, "attachments": [upload]}
        return dict(self.act("commenter", "POST", POSTS, json=said))

    def looked_at(self, upload: str) -> dict[str, Any]:
        """What its owner reads once the job has been there."""
        until = time.monotonic() + PATIENCE
        while True:
            found = dict(self.act("commenter", "GET", f"/uploads/{upload}"))
            if found["state"] not in ("receiving", "checking"):
                return found
            assert time.monotonic() < until, found

    def item_of(self, comment: str) -> str:
        """What waits for a moderator because of it."""
        items = self.act("moderator", "GET", "/moderation/queue")["items"]
        (item,) = (one["id"] for one in items if one["comment"] == comment)
        return str(item)

    def publish(self, comment: str) -> None:
        """By a person: nobody's sound or video is public before."""
        item = self.item_of(comment)
        version = self.act("moderator", "POST", f"/moderation/items/{item}/claim")["version"]
        said = {"measure": "publish", "version": version}
        self.act("moderator", "POST", f"/moderation/items/{item}/decide", json=said)

    def state_of(self, comment: str) -> str:
        """As its author reads it."""
        return str(self._own(comment)["state"])

    def take_back(self, comment: str) -> None:
        """As if it had not been: a refusal is reversed first.

        Three decisions would leave its author too little credit to be published unread, and other
        tests share them.
        """
        decision = self._own(comment).get("decision")
        if decision is not None:
            path = f"/moderation/decisions/{decision['id']}/reverse"
            self.act("moderator", "POST", path, json={"source": "own"})
        self.act("commenter", "DELETE", f"/comments/{comment}")

    def _own(self, comment: str) -> dict[str, Any]:
        own = self.act("commenter", "GET", "/me/comments?site=daily")["comments"]
        return dict(next(one for one in own if one["id"] == comment))

    def status(self, url: str) -> int:
        return httpx.get(f"{self.demo.url}{url}").status_code


@contextmanager
def a_town(demo: DemoServer) -> Iterator[Town]:
    with httpx.Client(base_url=f"{demo.url}/api/v1", timeout=30) as api:
        yield Town(demo, api)
