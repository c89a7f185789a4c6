"""Forget sessions, visits and verification attempts that ended long ago."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.codes import store as codes
from gentie.accounts.documents import store as documents
from gentie.accounts.minors import store as minors
from gentie.accounts.passkeys import store as passkeys
from gentie.actions.proving import prove
from gentie.kernel.actor import Actor
from gentie.mail import store as mail
from gentie.visits import store as visits
from gentie.visits.users import store as users

_KEPT = timedelta(days=7)


def purge_sign_ins(tx: sa.Connection, *, acting: Actor, now: datetime) -> int:
    """Drop what ended a week ago or earlier. Returns how many rows."""
    acting.require("session:purge")
    before = now - _KEPT
    gone = {
        "session": store.forget_sessions(tx, before=before),
        "verification_attempt": store.forget_attempts(tx, before=before),
        "visit": visits.forget(tx, before=before),
        "verification_code": codes.forget_codes(tx, before=before),
        "site_introduction": users.forget(tx, before=before),
        "document_check": documents.forget_checks(tx, before=before),
        "passkey_challenge": passkeys.forget_challenges(tx, before=before),
        "mail_sign_in": mail.forget_links(tx, before=before),
        "guardian_link": minors.forget_links(tx, before=before),
    }
    return sum(prove(tx, data, rows, upto=before, now=now) for data, rows in gone.items())
