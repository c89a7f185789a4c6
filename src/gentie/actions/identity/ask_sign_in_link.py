"""Ask for a letter with a way in."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.kernel.chance import digest_of, new_id
from gentie.storage.outbox import send_on_commit

WAY_IN_ASKED = "mail.sign-in"


class WayInAsked(msgspec.Struct, frozen=True, kw_only=True):
    mark: str
    """Of the address that was typed, keyed."""
    browser: str
    """What the browser holds that asks. Its digest is kept."""
    back_to: str


def ask_sign_in_link(tx: sa.Connection, asked: WayInAsked, *, acting: Actor, now: datetime) -> None:
    """Leave it to a job to see whose address it is, if anybody's.

    So the same is done here, and takes as long, for addresses that nobody has given.

    Raises:
        MayNot.
    """
    acting.require("account:open")
    body = {
        "mark": asked.mark,
        "browser": digest_of(asked.browser),
        "back_to": asked.back_to,
        "once": new_id(),
        "at": now.isoformat(),
    }
    send_on_commit(tx, WAY_IN_ASKED, body, due=now)
