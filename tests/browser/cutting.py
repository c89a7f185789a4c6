"""A line between a browser and the service that a test cuts and joins again."""

import asyncio
import re
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

RESUMED = re.compile(rb"(?i)(?:/live\?last=|\nlast-event-id: *)([^\r ]+)")


class Wire:
    """Passes on every byte while it is entered. `url` stands for the service's."""

    def __init__(self, service: str) -> None:
        self.url = ""
        self.resumed: list[str] = []
        """The last event that each stream says it had when it came back."""
        self._service = urlsplit(service)
        self._run = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._ready, self._joined = threading.Event(), True
        self._open: set[asyncio.StreamWriter] = set()
        self._under_way: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """End what is under way, and take nothing until it is joined."""
        self._loop.call_soon_threadsafe(self._cut)

    def join(self) -> None:
        self._joined = True

    def _cut(self) -> None:
        self._joined = False
        for one in self._open:
            one.transport.abort()

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        await self._over.wait()
        self._cut()
        server.close()
        await asyncio.gather(*self._under_way)

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._pass_on(reader, writer))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._joined:
            writer.transport.abort()
            return
        there = await asyncio.open_connection(self._service.hostname, self._service.port)
        self._open |= {writer, there[1]}
        await asyncio.gather(self._copy(reader, there[1]), self._copy(there[0], writer))
        self._open -= {writer, there[1]}

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while part := await reader.read(65_536):
                self.resumed += [found.decode() for found in RESUMED.findall(part)]
                writer.write(part)
                await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    def __enter__(self) -> Self:
        self._run.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._run.join()
