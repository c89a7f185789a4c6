"""Acts of media whose outcome a key of the regime changes."""

import msgspec
import sqlalchemy as sa

from gentie.actions.media.begin_upload import Offered, begin_upload
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.catalogue.regimes import Regime
from gentie.media.model import Kind
from tests.catalogue.turning import Act, Turn, turned
from tests.media.build import takes_media, uploaded
from tests.newsroom import NOON, NOTEBOOK, a_draft, a_person

MEGABYTE = 1 << 20


def media(**changes: object) -> Turn:
    """Turn keys of `[media]`."""

    def turn(regime: Regime) -> Regime:
        return turned(media=msgspec.structs.replace(regime.media, **changes))(regime)

    return turn


def posting_pictures(count: int = 1) -> Act:
    """What becomes of words with so many pictures."""

    def act(tx: sa.Connection) -> object:
        takes_media(tx)
        river = a_person(tx)
        pictures = tuple(uploaded(tx, river, Kind.PICTURE) for _ in range(count))
        submission = Submission(site=NOTEBOOK, key="blog", draft=a_draft(), media=pictures)
        return submit_comment(tx, submission, acting=river, now=NOON).state

    return act


def uploading(*sizes: int) -> Act:
    """Whether one person may begin uploads of these sizes."""

    def act(tx: sa.Connection) -> object:
        takes_media(tx)
        river = a_person(tx)
        begun = [
            begin_upload(
                tx, Offered(site=NOTEBOOK, size=one), largest=1 << 30, acting=river, now=NOON
            )
            for one in sizes
        ]
        return len(begun)

    return act
