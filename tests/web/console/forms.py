"""Filling in the console and reading its answers, as a person without script does."""

import re
from functools import partial
from typing import Any

import httpx

from gentie.comments.model import State
from gentie.comments.queries import get
from gentie.kernel.ids import CommentRef
from gentie.storage.db import Database
from tests.web.console.build import Client, Room

BEN, CLEO = {"x-who": "ben"}, {"x-who": "cleo"}
GROUND = {"class": "spam", "facts": "A shop's address", "message": "No advertising, please."}


async def send(client: Client, path: str, who: Any = None, **form: str) -> httpx.Response:
    """Send a form as a browser does; redirects are followed."""
    return await client.post(f"/console/{path}", data=form, headers=who or {})


async def open_first(client: Client, room: Room) -> dict[str, str]:
    """Claim the first item. Returns what its decision form holds."""
    page = await send(client, "claim", item=room.items[0])
    assert page.status_code == 200, page.text
    return {name: field(page.text, name) for name in ("item", "version", "upto")}


def field(page: str, name: str) -> str:
    form = page[page.index('class="decide"') :]
    found = re.search(rf'name="{name}" value="([^"]*)"', form)
    assert found, name
    return found.group(1)


def chosen_in(page: str) -> str:
    """The ground that the picker shows. Empty: none yet."""
    found = re.findall(r'<option value="([^"]*)" selected', page)
    assert len(found) == 1, found
    return str(found[0])


def typed_in(page: str, name: str) -> str:
    found = re.search(rf'<textarea name="{name}"[^>]*>([^<]*)</textarea>', page)
    assert found, name
    return found.group(1)


async def state_of(db: Database, comment: str) -> State:
    return (await db.read(partial(get, ref=CommentRef.parse(comment)))).state
