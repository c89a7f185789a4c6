"""The application on a real port, for clients that are not ours."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from gentie.web.app import Application
from gentie.web.wire import speaking


@asynccontextmanager
async def served(app: Application) -> AsyncIterator[str]:
    """Yields its URL, without a slash at the end."""
    http = speaking(app.fast)
    config = uvicorn.Config(
        app, http=http, log_config=None, access_log=False, lifespan="off", ws="none"
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.005)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await running
