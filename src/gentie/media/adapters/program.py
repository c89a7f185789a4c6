"""Starts a program behind walls, and hears what it says, for so long and no longer."""

import asyncio
import sys
from pathlib import Path
from typing import cast

import msgspec

from gentie.media import refusals
from gentie.media.limits import Limits
from gentie.media.scrubbing.said import LONGEST


class NotScrubbed(Exception):
    """`code` is one of `media.refusals`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def hear(module: str, *arguments: str, folder: Path, limits: Limits) -> tuple[bytes, int]:
    """Run `python -m module ARGUMENTS LIMITS` in `folder`: what it said, and its exit code.

    It has a session of its own and nothing of our environment.

    Raises:
        NotScrubbed: it could not be run, took too long or said too much.
    """
    try:
        program = await _started(module, arguments, folder, limits)
    except OSError as fault:
        raise NotScrubbed(refusals.UNCHECKED) from fault
    try:
        async with asyncio.timeout(limits.wall_seconds):
            line = await _read(cast(asyncio.StreamReader, program.stdout))
            return line, await program.wait()
    except TimeoutError as fault:
        raise NotScrubbed(refusals.HEAVY) from fault
    finally:
        await _ended(program)


async def _started(
    module: str, arguments: tuple[str, ...], folder: Path, limits: Limits
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", module),
        *(*arguments, msgspec.json.encode(limits).decode()),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
        cwd=folder,
        start_new_session=True,
    )


async def _read(stdout: asyncio.StreamReader) -> bytes:
    said = b""
    while len(said) <= LONGEST and (more := await stdout.read(65536)):
        said += more
    if len(said) > LONGEST:
        raise NotScrubbed(refusals.BROKEN)
    return said


async def _ended(program: asyncio.subprocess.Process) -> None:
    if program.returncode is None:
        program.kill()
        await program.wait()
