"""2017, articles 7 and 8: nothing is removed in the dark, nothing is made up, all is on record."""

import asyncio
import json
from typing import Any

import pytest
from tlog_scales import tiles as their_tiles
from tlog_scales.backend import HttpBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey

from tests.clauses.build import DESK, SPAM, Story, commitment, told
from tests.web.serving import served


async def remove(story: Story, comment: str) -> dict[str, Any]:
    answer = await story.web.post(
        f"{DESK}/comments/{comment}/remove", json=SPAM, headers=story.desk
    )
    assert answer.status_code == 201, answer.text
    await story.whole.settle()
    return dict(answer.json())


def entry_at(url: str, index: int) -> dict[str, Any]:
    """What an independent reader finds in a log that it has verified."""
    reader = TilesReader(HttpBackend(f"{url}/log"))
    checkpoint = reader.get_checkpoint()
    entry = reader.get_entry(index)
    proof = reader.get_inclusion_proof(index, checkpoint.size)
    proof.check(their_tiles.leaf_hash(entry), checkpoint.root_hash)
    return dict(json.loads(entry))


@pytest.mark.clause("2017-7.1a", "2017-8.c", "2022-7.c")
async def test_every_removal_has_a_leaf_that_its_tombstone_opens(story: Story) -> None:
    """Two removals, two leaves: each tombstone opens its own and not the other."""
    made = [await story.post(text, story.lin) for text in ("Cheap pans", "Cheaper pans")]
    await story.publish_all()
    for one in made:
        await remove(story, one["id"])
    stones = {one["id"]: one["tombstone"] for one in await story.page()}
    vkey = (await story.web.get("/log/vkey")).text.strip()

    async with served(story.whole.app) as url:
        backend = HttpBackend(f"{url}/log")
        checkpoint = await asyncio.to_thread(TilesReader(backend).get_checkpoint)
        checkpoint.verify(Vkey.from_string(vkey))
        leaves = [
            await asyncio.to_thread(entry_at, url, stone["leaf"]) for stone in stones.values()
        ]

    opened = [
        commitment(
            "Subject", f'{{"comment":"{name}","revision":{stone["revision"]}}}', stone["nonce"]
        )
        for name, stone in stones.items()
    ]
    assert [leaf["subject"] for leaf in leaves] == opened
    assert len(set(opened)) == 2
    assert {(leaf["kind"], leaf["measure"], leaf["role"]) for leaf in leaves} == {
        ("decision", "remove", "moderator")
    }


@pytest.mark.clause("2017-7.1a", "2017-8.c", "2022-7.c")
async def test_a_record_opens_its_leaf_and_a_reversal_is_one_more(story: Story) -> None:
    posted = await story.post("Cheap pans", story.lin)
    await story.publish_all()
    removed = await remove(story, posted["id"])
    path = f"/api/v1/decisions/{removed['decision']}"
    said = (await story.web.get(path, headers=story.lin)).json()
    proof = await story.web.get(f"{path}/proof", headers=story.lin)

    back = await story.web.post(
        f"{DESK}/decisions/{removed['decision']}/reverse", json={}, headers=story.desk
    )
    await story.whole.settle()
    async with served(story.whole.app) as url:
        leaf = await asyncio.to_thread(entry_at, url, said["leaf"])

    assert "staff:" not in json.dumps(said)
    assert commitment("Decision", said["record"], said["salt"]) == said["commitment"]
    assert leaf["record"] == said["commitment"]
    assert proof.text.startswith("c2sp.org/tlog-proof@v1\n")
    assert told(await story.web.get(path)) == (404, "no-such-decision")
    assert back.json()["measure"] == "restore"
    assert [one["text"] for one in await story.page()] == ["Cheap pans"]


@pytest.mark.clause("2017-7.2a", "2022f-2")
async def test_a_number_is_the_count_of_its_people(story: Story) -> None:
    """One vote for each person however often it is sent, and none for one's own words."""
    posted = await story.post("A kind word", story.lin)
    await story.publish_all()
    zhou = await story.whole.a_commenter(story.web, "Lamplighter", "zhou")
    again = await story.whole.a_commenter(story.web, "Lantern", "zhou")
    path = f"/api/v1/comments/{posted['id']}/vote"

    own = await story.web.put(path, json={"value": 1}, headers=story.lin)
    for _ in range(3):
        for person in (zhou, again):
            await story.web.put(path, json={"value": 1}, headers=person)
    await story.whole.settle()

    assert told(own) == (403, "own-comment")
    assert [one["votes"] for one in await story.page()] == [1]
