"""Files that the operator's own lists name are held: by their bytes, and by how they look.

The real program looks at each; what takes such a file along waits for a person.
"""

import asyncio
from functools import partial
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from PIL import ImageEnhance

from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.comments import queries as comments
from gentie.comments.model import State as Shown
from gentie.jobs.media import Scrubbing
from gentie.kernel.actor import Actor
from gentie.media import queries, store
from gentie.media.adapters.objects import PRIVATE, open_objects
from gentie.media.adapters.scrubber import scrub
from gentie.media.adapters.spool import Spool
from gentie.media.limits import Limits
from gentie.media.model import State
from gentie.media.scrubbing.fingerprints import pdq
from gentie.screening.model import PictureList, RuleSet, Verdict
from gentie.screening.pipeline import CompiledRules, compile_rules
from gentie.screening.rules import BUILT_IN
from gentie.storage.db import Database
from tests.media.build import an_attachment, digest, takes_media
from tests.media.scrubbing.build import a_photo, written
from tests.media.scrubbing.recorded import SIZE, a_frame, a_video
from tests.newsroom import NOON, NOTEBOOK, a_draft, a_person, a_site, ref_of

PHOTO = written(a_photo(1), "PNG")
FAINTER = written(ImageEnhance.Brightness(a_photo(1).resize((300, 225))).enhance(0.9), "JPEG")
"""Smaller, darker and saved again: other bytes, the same picture."""
FILM = a_video()
STILL = a_frame(0, 0, SIZE).to_image()  # type: ignore[no-untyped-call] # it has no types

BYTES = {"sha256": (digest(PHOTO),)}
LOOKS = {"marks": (pdq(a_photo(1))[0],)}


@pytest.mark.clause("2017-5.5d", "2017-2.2b")
@pytest.mark.parametrize(
    ("sent", "listed", "state"),
    [
        (PHOTO, BYTES, State.HELD),
        (FAINTER, BYTES, State.READY),
        (FAINTER, LOOKS, State.HELD),
        (written(a_photo(2), "PNG"), LOOKS, State.READY),
        (FILM, {"marks": (pdq(STILL)[0],)}, State.HELD),
        (FILM, LOOKS, State.READY),
    ],
    ids=["bytes", "other bytes", "looks", "looks otherwise", "a still", "no still"],
)
async def test_what_a_list_names_waits_for_a_person(
    sent: bytes,
    listed: dict[str, tuple[str, ...]],
    state: State,
    sqlite_db: Database,
    tmp_path: Path,
) -> None:
    known = PictureList(id="known", class_id="spam", reason="Seen before.", **listed)
    rules = msgspec.structs.replace(BUILT_IN, rules=RuleSet(pictures=(known,)))
    river = await sqlite_db.act(a_place)
    upload = await checked(sqlite_db, sent, river, compile_rules(rules, now=NOON), tmp_path)
    found = await sqlite_db.read(partial(queries.find, attachment=upload))
    names = await sqlite_db.act(partial(taken_along, upload=upload, by=river))

    assert found is not None
    assert found.state is state
    assert ("pictures:known" in names) is (state is State.HELD)


def a_place(tx: sa.Connection) -> Actor:
    """A site that takes files, and somebody there."""
    a_site(tx, NOTEBOOK, regime="neutral")
    takes_media(tx, NOTEBOOK)
    return a_person(tx)


async def checked(db: Database, sent: bytes, by: Actor, rules: CompiledRules, folder: Path) -> str:
    """An upload of somebody's that the real program has looked at. Returns its id."""
    objects, file = open_objects("", folder / "media"), folder / "sent"
    await asyncio.to_thread(file.write_bytes, sent)
    await objects.put(PRIVATE, digest(sent), file)
    one = an_attachment(account=by.account, state=State.CHECKING, sha256=digest(sent), variants=())
    await db.act(partial(store.add, attachment=one))
    spool = Spool(folder / "uploads")
    job = Scrubbing(
        db, objects, spool, scrub, rules=lambda: rules, limits=Limits(), clock=lambda: NOON
    )
    assert await job.once()
    return one.id


def taken_along(tx: sa.Connection, upload: str, by: Actor) -> list[str]:
    """Posts it. Who found what, where it waits now; nothing, where it is public."""
    submission = Submission(site=NOTEBOOK, key="blog", draft=a_draft("Look"), media=(upload,))
    made = submit_comment(tx, submission, acting=by, now=NOON)
    if made.state is Shown.PUBLISHED:
        return []
    kept = comments.get_revision(tx, ref_of(made), 1)
    return [one.detector for one in msgspec.json.decode(kept.verdict, type=Verdict).findings]
