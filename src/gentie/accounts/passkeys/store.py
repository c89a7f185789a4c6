"""The SQL of passkeys and of the challenges that devices sign."""

from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.accounts.passkeys.model import Passkey
from gentie.accounts.tables import challenges, passkeys
from gentie.kernel.chance import digest_of
from gentie.kernel.ids import AccountId

_ADD = {
    name: insert(passkeys).on_conflict_do_nothing().returning(passkeys.c.credential)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_HAD = (
    sa.select(passkeys.c.credential, passkeys.c.sign_count)
    .where(passkeys.c.account_id == sa.bindparam("account"))
    .with_for_update()
)
_THIS = (
    passkeys.c.account_id == sa.bindparam("b_account"),
    passkeys.c.credential == sa.bindparam("b_credential"),
)
_USE = (
    passkeys.update()
    .where(*_THIS)
    .values(sign_count=sa.bindparam("count"), used_at=sa.bindparam("now"))
)
_DROP = passkeys.delete().where(*_THIS)
_ADD_CHALLENGE = challenges.insert()
_USE_CHALLENGE = (
    challenges.delete()
    .where(
        challenges.c.challenge == sa.bindparam("b_challenge"),
        challenges.c.account_id == sa.bindparam("b_account"),
        challenges.c.expires_at > sa.bindparam("now"),
    )
    .returning(challenges.c.challenge)
)
_FORGET = challenges.delete().where(challenges.c.expires_at < sa.bindparam("before"))


def add_passkey(tx: sa.Connection, passkey: Passkey) -> bool:
    """False: the account has it already."""
    row = msgspec.structs.asdict(passkey)
    row["account_id"] = row.pop("account")
    return tx.scalar(_ADD[tx.dialect.name], row) is not None


def counts_of(tx: sa.Connection, account: AccountId) -> dict[str, int]:
    """How often each passkey of an account has signed, by credential. Locks them."""
    return {row.credential: row.sign_count for row in tx.execute(_HAD, {"account": account})}


def use_passkey(
    tx: sa.Connection, account: AccountId, credential: str, *, count: int, now: datetime
) -> None:
    facts = {"b_account": account, "b_credential": credential}
    tx.execute(_USE, facts | {"count": count, "now": now})


def drop_passkey(tx: sa.Connection, account: AccountId, credential: str) -> bool:
    """False: there is none."""
    return tx.execute(_DROP, {"b_account": account, "b_credential": credential}).rowcount == 1


def add_challenge(tx: sa.Connection, challenge: str, account: str, *, until: datetime) -> None:
    """`account`: who may answer it with a new passkey. Empty: whoever signs in with one."""
    row = {"challenge": digest_of(challenge), "account_id": account, "expires_at": until}
    tx.execute(_ADD_CHALLENGE, row)


def use_challenge(tx: sa.Connection, challenge: str, account: str, *, now: datetime) -> bool:
    """Use one up. False: unknown, used, late, or given for something else."""
    facts = {"b_challenge": digest_of(challenge), "b_account": account, "now": now}
    return tx.scalar(_USE_CHALLENGE, facts) is not None


def forget_challenges(tx: sa.Connection, *, before: datetime) -> int:
    """Drop challenges whose time was over by then. Returns how many."""
    return tx.execute(_FORGET, {"before": before}).rowcount
