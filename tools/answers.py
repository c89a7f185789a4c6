"""Canned answers of a service that are the same in every scene."""

from collections.abc import Callable

from tools import scenes

GRANTED = {
    "token": "t0ken",
    "refresh": "r",
    "expires_at": "2099-01-01T00:00:00Z",
    "ends_at": "2099-01-01T00:00:00Z",
    "site": "daily",
    "me": {"name": scenes.ME, "avatar": ""},
}
SUBMITTED = {"id": "new-1", "state": "held", "revision": 1, "receipt": "r"}
EVIDENCE = {"id": "e1", "items": 4, "sha256": "00"}
WRITTEN: dict[str, tuple[int, object]] = {
    "/session/exchange": (200, GRANTED),
    "/session/renew": (200, GRANTED),
    "/preview": (200, {"body": scenes.body_of("A **bold** word"), "length": 11}),
    "/reports": (201, {"case": "R-7", "secret_url": "/c/s3cret", "due": scenes.LATER}),
    "POST /api/v1/sites/daily/protection": (
        201,
        {"until": GRANTED["ends_at"], "evidence": EVIDENCE},
    ),
    "/comments": (201, SUBMITTED),
}


def _recent() -> list[dict[str, object]]:
    thread = {"key": "k", "title": "夜班公交", "url": "https://news.example/"}
    return [
        {
            "id": f"x{at}",
            "thread": thread,
            "author": {"name": scenes.ME, "avatar": "", "badges": []},
            "text": f"The last words, {at}",
            "lang": "en",
            "published_at": scenes.TIME,
            "link": f"/t/daily/k?comment=x{at}",
        }
        for at in range(2)
    ]


def _replies() -> dict[str, object]:
    more = [scenes.an_item(f"r{at}", f"Answer {at}", parent="c1") for at in range(5)]
    return {"comments": more, "next": None}


READ: dict[str, Callable[[], object]] = {
    "replies": _replies,
    "rules": scenes.rules,
    "history": scenes.history,
    "counts": lambda: {"counts": {"a": 1200, "b": 0}},
    "recent": lambda: {"comments": _recent()},
}
