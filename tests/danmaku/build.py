"""A film with danmaku for tests, on a site where it is online."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.operations.put_online import put_online
from gentie.actions.posting.make_draft import make_line
from gentie.actions.posting.routing import Submitted
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.danmaku.model import FEATURE, WHITE, Mode, Wanted
from gentie.kernel.actor import Actor
from gentie.kernel.ids import SiteId
from gentie.sites.model import Thread, ThreadClass
from tests.newsroom import NOON, NOTEBOOK, OPERATOR, RULES, a_thread


def a_film(
    tx: sa.Connection,
    site: SiteId = NOTEBOOK,
    key: str = "film",
    *,
    kind: ThreadClass = ThreadClass.VIDEO,
) -> Thread:
    put_online(tx, site, FEATURE, assessment="assessment-2", acting=OPERATOR, now=NOON)
    return a_thread(tx, site, key, kind=kind)


def a_line(
    tx: sa.Connection,
    by: Actor,
    *,
    t_ms: int | None = 1000,
    text: str = "Here it comes",
    mode: Mode = Mode.SCROLL,
    colour: int = WHITE,
    site: SiteId = NOTEBOOK,
    key: str = "film",
    now: datetime = NOON,
) -> Submitted:
    wanted = Wanted(t_ms=t_ms, mode=mode, colour=colour)
    submission = Submission(site=site, key=key, draft=make_line(text, RULES), danmaku=wanted)
    return submit_comment(tx, submission, acting=by, now=now)
