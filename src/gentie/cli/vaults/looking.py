"""Opening what an approved request names, and writing it out with a watermark."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gentie.vault import queries
from gentie.vault.model import CannotOpen, Disclosure, Field, NetworkRecord
from gentie.vault.opening import open_person, open_record

Keys = Mapping[str, X25519PrivateKey]


def look(tx: sa.Connection, asked: Disclosure, keys: Keys, *, tenant: str) -> list[tuple[str, str]]:
    """The fields that were asked for and are there, in words. `tx` is the vault owner's."""
    found: dict[Field, str] = {}
    for sealed in queries.sealed_person(tx, asked.person) if asked.person else ():
        if sealed.public not in keys:
            raise CannotOpen
        wanted = tuple(one for one in sealed.fields if one.field in asked.fields)
        closed = msgspec.structs.replace(sealed, fields=wanted)
        found |= open_person(closed, keys[sealed.public], tenant=tenant)
    shown = [(field.value, text) for field, text in sorted(found.items())]
    records = queries.sealed_records(tx, asked.comment) if asked.comment else []
    return shown + [
        ("network", _in_words(_open_record(blob, keys, tenant=tenant, reference=reference)))
        for reference, blob in records
    ]


def with_watermark(
    asked: Disclosure, shown: list[tuple[str, str]], *, by: str, now: datetime
) -> list[str]:
    """Lines to print. Every line says who looked, when, and for which request."""
    mark = f"[{asked.id} · {by} · {now:%Y-%m-%d %H:%M:%S}Z]"
    lines = [f"case {asked.case}, {asked.basis}, account {asked.account}"]
    lines += [f"{name}: {text}" for name, text in shown] or ["nothing is kept of these fields"]
    return [f"{mark} {line}" for line in lines]


def _open_record(blob: bytes, keys: Keys, *, tenant: str, reference: str) -> NetworkRecord:
    """Records do not say which key they were sealed for: at most a few have ever been."""
    for key in reversed([*keys.values()]):
        try:
            return open_record(blob, key, tenant=tenant, reference=reference)
        except CannotOpen:
            continue
    raise CannotOpen


def _in_words(record: NetworkRecord) -> str:
    return f"{record.address} port {record.port} at {record.at.isoformat()}"
