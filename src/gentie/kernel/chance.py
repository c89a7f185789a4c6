"""What cannot be computed twice: new ids, salts and secrets. Deciding never imports this."""

import hashlib
import secrets
import threading
from datetime import datetime

from gentie.kernel.clock import utc_now
from gentie.kernel.ids import AccountId

_EPOCH_MS = 946_684_800_000
"""2000-01-01T00:00:00Z in Unix milliseconds; 41 bits last until 2069. Old enough for archives."""
WORKERS = 1 << 10

_lock = threading.Lock()
_worker = secrets.randbelow(WORKERS)
_good_until: datetime | None = None
_last_ms = 0
_sequence = -1
_SEQUENCES = 1 << 12


class LeaseLost(RuntimeError):
    """The worker number has run out: another process may hold it by now, so no id is given."""


def use_worker(worker: int, good_until: datetime) -> None:
    """Make ids under a leased worker number until `good_until`. Leases are in `storage.workers`."""
    global _worker, _good_until, _last_ms, _sequence
    with _lock:
        if worker != _worker:  # a smaller number must not make ids go back
            _last_ms, _sequence = _last_ms + 1, -1
        _worker, _good_until = worker, good_until


def new_id() -> str:
    """Return a 63-bit id that grows with time: 41 bits of ms, 10 of worker, 12 of sequence.

    For rows. What the public sees of a person, and secret links, are 128 random bits instead.

    Raises:
        LeaseLost: the process has not renewed its worker number in time.
    """
    global _last_ms, _sequence  # noqa: PLW0603 one counter for the process
    now = utc_now()
    now_ms = int(now.timestamp() * 1000) - _EPOCH_MS
    with _lock:
        if _good_until is not None and now > _good_until:
            raise LeaseLost
        if now_ms > _last_ms or _sequence == _SEQUENCES - 1:
            _last_ms, _sequence = max(now_ms, _last_ms + 1), -1
        _sequence += 1
        return str((_last_ms << 22) | (_worker << 12) | _sequence)


def first_id_of(moment: datetime) -> str:
    """The smallest id that could have been made at `moment`: for ranges by time."""
    return str(max(0, int(moment.timestamp() * 1000) - _EPOCH_MS) << 22)


def ids_of(moment: datetime) -> tuple[str, str]:
    """The first and the last id of the millisecond of `moment`: for rows older than we are.

    What was before the epoch counts as of its first millisecond. Whoever uses one of them sees
    to it that it is free.
    """
    first = int(first_id_of(moment))
    return str(first + 1), str(first | ((1 << 22) - 1))


def new_account_id() -> AccountId:
    return AccountId(secrets.token_hex(16))


def new_salt() -> bytes:
    """Return 32 random bytes, kept beside a record and destroyed with it."""
    return secrets.token_bytes(32)


def new_secret() -> str:
    """Return 128 random bits for a link or token, URL-safe. Only `digest_of` it is stored."""
    return secrets.token_urlsafe(16)


def new_number(prefix: str) -> str:
    """Return a number a person can read out, for example R-7K2M-Q4XD. Says nothing of volumes."""
    letters = "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(8))
    return f"{prefix}-{letters[:4]}-{letters[4:]}"


def digest_of(secret: str) -> str:
    """What is stored of a secret that has 128 random bits: enough to know it again."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_number_below(end: int) -> int:
    """Return a number from 0: to spread what would otherwise all come at once."""
    return secrets.randbelow(end)
