"""What goes when an account is closed, at once or when a legal hold ends."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.accounts.minors import store as minors
from gentie.actions.proving import prove
from gentie.boundaries import store as boundaries
from gentie.kernel.ids import AccountId
from gentie.mail import store as mail
from gentie.media import store as media
from gentie.privacy import store
from gentie.standing import store as standing
from gentie.visits import store as visits
from gentie.visits.users import store as users


def clear(tx: sa.Connection, account: AccountId, *, now: datetime) -> None:
    """Delete what the inventory keeps until the closing, and prove each class of it."""
    gone = accounts.drop_own(tx, account) | {
        "account_age": minors.forget_account(tx, account),
        "account_site": visits.disconnect_all(tx, account),
        "credit_event": standing.forget_credit(tx, account),
        "site_user": users.forget_account(tx, account),
        "attachment": media.forget_account(tx, account),
        "boundaries": boundaries.forget_account(tx, account),
        "mail_item": mail.forget_told(tx, account),
    }
    for data, rows in gone.items():
        prove(tx, data, rows, upto=now, now=now)
    store.clear(tx, account, now=now)
