"""Serve an instance until told to stop, then finish what is in hand and leave with 0."""

import asyncio
import errno
import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import NamedTuple

import uvicorn
import uvloop
from litestar.types import ControllerRouterHandler
from typing_extensions import override

from gentie.main.compose import running
from gentie.main.instance import Instance, InstanceFault
from gentie.main.live import telling
from gentie.main.logs import set_up_logs
from gentie.web.app import Application
from gentie.web.wire import speaking

LONGEST_DRAIN = 20
"""Seconds for requests under way after the signal."""

GONE_AFTER = 60_000
"""Milliseconds after which a reader that takes nothing in, or has vanished, is cut off."""

TURN = 0.0002
"""Seconds that a thread which reads may keep the loop from answering, in a process for readers.

With the 5 ms that Python gives, a page of 0.4 ms took 1.16 ms at the 99th percentile; with this
0.94 ms.
"""


class Extra(NamedTuple):
    """What the demo does beyond serving. Both are told the instance on its real port."""

    prepare: Callable[[Instance], None]
    """Done before the first request is taken."""
    routes: Callable[[Instance], Sequence[ControllerRouterHandler]]


def serve(
    instance: Instance, *, announce: Callable[[str], None], extra: Extra | None = None
) -> None:
    """Return after SIGTERM or SIGINT. `announce` is told the address once requests are taken.

    Raises:
        InstanceFault: it cannot be served as it is.
    """
    set_up_logs(instance.settings.log_level)
    instance.make_new()
    with instance.alone(), _listening(instance) as listener:
        placed = instance.on_port(listener.getsockname()[1])
        if extra is not None:
            extra.prepare(placed)
        routes = extra.routes(placed) if extra is not None else ()
        uvloop.run(_serve(placed, listener, announce, running(placed, routes)))


def serve_live(instance: Instance, *, announce: Callable[[str], None]) -> None:
    """The same for a process that only tells those who follow, beside the one that serves.

    Raises:
        InstanceFault: nothing was served here yet.
    """
    set_up_logs(instance.settings.log_level)
    sys.setswitchinterval(TURN)
    with _listening(instance) as listener:
        placed = instance.on_port(listener.getsockname()[1])
        uvloop.run(_serve(placed, listener, announce, telling(placed)))


async def _serve(
    instance: Instance,
    listener: socket.socket,
    announce: Callable[[str], None],
    opening: AbstractAsyncContextManager[Application],
) -> None:
    async with opening as app:
        config = uvicorn.Config(
            app,
            access_log=False,
            date_header=True,
            forwarded_allow_ips=list(instance.settings.trusted_proxies),
            http=speaking(app.fast),
            lifespan="off",
            log_config=None,
            proxy_headers=True,
            server_header=False,
            timeout_graceful_shutdown=LONGEST_DRAIN,
            timeout_keep_alive=65,
            ws="none",
        )
        host, port = listener.getsockname()[:2]
        server = _Server(
            config, lambda: announce(f"http://{host}:{port}"), stopping=app.streams.end
        )
        for told in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(told, server.stop)
        await server.serve(sockets=[listener])


class _Server(uvicorn.Server):
    """Leaves signals to us: after them uvicorn would end the process with their number."""

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], *, stopping: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._tell, self._stopping = started, stopping

    def stop(self) -> None:
        """Take no more requests and finish those under way. A second time: at once."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self._stopping()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # what is here stays to the end: no need to look through it again and again
        self._tell()

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def _listening(instance: Instance) -> Iterator[socket.socket]:
    host, port = instance.settings.host, instance.settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        says = f"cannot listen on {host}:{port}: {error.strerror}"
        if error.errno == errno.EADDRINUSE:
            says += f"; choose another port: --port {port + 1}, or make run PORT={port + 1}"
        raise InstanceFault(says) from error
    with listener:
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; elsewhere the system's own patience
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE_AFTER)
        yield listener
