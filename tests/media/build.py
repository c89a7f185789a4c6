"""Attachments for tests, checked without the scrubber, and what a scrubber could have said."""

import asyncio
import hashlib
from datetime import datetime
from pathlib import Path

import msgspec
import sqlalchemy as sa

from gentie.actions.media.weighing import weighed
from gentie.actions.operations.put_online import put_online
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_secret
from gentie.kernel.ids import AccountId, SiteId
from gentie.media import store
from gentie.media.adapters.scrubber import Scrubbed
from gentie.media.adapters.scrubber import Variant as Made
from gentie.media.limits import Limits
from gentie.media.model import FEATURE, Attachment, Facts, Kind, State, Variant
from gentie.screening.pipeline import CompiledRules
from tests.newsroom import NOON, NOTEBOOK, OPERATOR, RULES

FORMS = {
    Kind.PICTURE: ("640", "image/webp"),
    Kind.AUDIO: ("audio", "audio/webm"),
    Kind.VIDEO: ("video", "video/webm"),
}
NOTHING = Attachment(
    id="",
    site=NOTEBOOK,
    account=AccountId(""),
    state=State.RECEIVING,
    kind=None,
    size=0,
    sha256="",
    alt="",
    transcript="",
    text="",
    facts=Facts(),
    variants=(),
    verdict=b"",
    reason="",
    tries=0,
    comment=None,
    created_at=NOON,
)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def an_attachment(kind: Kind = Kind.PICTURE, **changes: object) -> Attachment:
    """One that was checked and found good."""
    name, content_type = FORMS[kind]
    made = Variant(
        name=name, content_type=content_type, sha256=digest(kind.encode()), size=7, width=640
    )
    facts = Facts(width=640, height=480)
    given = {"state": State.READY, "kind": kind, "size": 9, "variants": (made,), "facts": facts}
    given |= {"id": new_secret(), "sha256": digest(b"sent"), "alt": "A ferry at dusk"}
    return msgspec.structs.replace(NOTHING, **{**given, **changes})


def uploaded(
    tx: sa.Connection,
    by: Actor,
    kind: Kind = Kind.PICTURE,
    *,
    rules: CompiledRules = RULES,
    **changes: object,
) -> str:
    """An upload of somebody's that was checked. Returns its id."""
    one = weighed(an_attachment(kind, account=by.account, **changes), rules)
    store.add(tx, one)
    return one.id


def takes_media(tx: sa.Connection, site: SiteId = NOTEBOOK, *, now: datetime = NOON) -> None:
    """The site has had its assessment for files."""
    put_online(tx, site, FEATURE, assessment="assessment-3", acting=OPERATOR, now=now)


def _copied(source: Path, target: Path) -> bytes:
    content = source.read_bytes()
    target.write_bytes(content)
    return content


async def scrub_well(source: Path, out: Path, limits: Limits) -> Scrubbed:
    """A scrubber that is content with everything, and keeps the bytes as they are."""
    file = out / "640"
    content = await asyncio.to_thread(_copied, source, file)
    made = Made(
        name="640",
        file=file,
        content_type="image/webp",
        width=640,
        height=480,
        sha256=digest(content),
        bytes=len(content),
    )
    facts = {"width": 640, "height": 480, "pdq": "0" * 64, "pdq_quality": 90}
    return Scrubbed(kind="picture", variants=(made,), facts=facts, key_frames=(), walls=())
