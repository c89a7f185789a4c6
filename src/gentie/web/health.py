"""Is it up, is it ready, what are the numbers, and whom to tell of a weakness."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from gentie.kernel.actor import MayNot
from gentie.kernel.clock import Clock
from gentie.pages.cache import PageCache
from gentie.storage.db import Database
from gentie.web.fastpath import FastPath
from gentie.web.services import Probe

_PING = sa.text("SELECT 1")
_METRICS_TYPE = "text/plain; version=0.0.4"
_TEXT = "text/plain"
_NEAR = frozenset({"127.0.0.1", "::1"})
_OPEN: dict[str, Any] = {"open_to_all": True}


@get("/healthz", opt=_OPEN, media_type=_TEXT, operation_id="Health", tags=["health"])
async def healthz() -> str:
    """Answer as long as the process lives. Restart it when it does not."""
    return "ok\n"


@get("/readyz", opt=_OPEN, operation_id="Ready", tags=["health"])
async def readyz(
    db: NamedDependency[Database], probes: NamedDependency[Mapping[str, Probe]]
) -> Response[dict[str, list[str]]]:
    """Say what keeps the service from working, 503 then: send requests elsewhere meanwhile."""
    failing = [name for name, holds in probes.items() if not holds()]
    if not await _answers(db):
        failing.append("database")
    return Response({"failing": failing}, status_code=503 if failing else 200)


@get("/metrics", opt=_OPEN, media_type=_METRICS_TYPE, operation_id="Metrics", tags=["health"])
async def metrics(
    request: Request[Any, Any, Any], registry: NamedDependency[CollectorRegistry]
) -> Response[bytes]:
    """Numbers for Prometheus, to this machine only: they tell how busy each part is."""
    if request.client is not None and request.client.host not in _NEAR:
        raise MayNot(scope="metrics")
    return Response(generate_latest(registry), media_type=_METRICS_TYPE)


@get("/.well-known/security.txt", opt=_OPEN, media_type=_TEXT, operation_id="SecurityContact")
async def security_txt(
    security_contact: NamedDependency[str],
    base_url: NamedDependency[str],
    clock: NamedDependency[Clock],
) -> str:
    """Whom to tell of a vulnerability (RFC 9116). 404 when the operator named nobody."""
    if not security_contact:
        raise NotFoundException
    expires = (clock() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (
        f"Contact: {security_contact}\n"
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}\n"
        "Preferred-Languages: zh, en\n"
        f"Canonical: {base_url}/.well-known/security.txt\n"
    )


def show_fast_path(fast: FastPath, cache: PageCache, registry: CollectorRegistry) -> None:
    """Let the meters read what the fast path counts for itself."""
    for name, says, read in (
        ("gentie_pages_found", "Public pages answered in full.", lambda: fast.found),
        ("gentie_pages_unchanged", "Public pages answered with 304.", lambda: fast.unchanged),
        ("gentie_pages_bytes", "Memory of ready pages.", lambda: cache.size),
    ):
        Gauge(name, says, registry=registry).set_function(read)


async def _answers(db: Database) -> bool:
    if not db.alive:
        return False
    try:
        await db.read(lambda tx: tx.execute(_PING).all())
    except sa.exc.SQLAlchemyError:
        return False
    return True


routes = [healthz, readyz, metrics, security_txt]
