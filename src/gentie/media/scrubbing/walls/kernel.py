"""Calls to the kernel for which Python has no name yet."""

import ctypes
import os
from functools import cache


@cache
def libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def done(result: int) -> int:
    """`result`, unless it says that the kernel refused.

    Raises:
        OSError: with what it gave as the reason.
    """
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def call(number: int, *arguments: object) -> int:
    return done(libc().syscall(ctypes.c_long(number), *arguments))


def control(option: int, *arguments: object) -> int:
    """`prctl`; all arguments are as wide as a pointer."""
    filled = (*arguments, *(ctypes.c_ulong(0) for _ in range(4 - len(arguments))))
    return done(libc().prctl(option, *filled))


def take_no_more_rights() -> None:
    """What walls ask for first: no program started from here could have more rights."""
    control(38, ctypes.c_ulong(1))
