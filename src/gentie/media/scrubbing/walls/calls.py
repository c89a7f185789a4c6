"""Calls the kernel no longer answers (seccomp): sockets, programs, other processes.

FFmpeg and Pillow are C: they do not ask Python. A filter in the kernel holds for both.
A forbidden call fails as if there were no permission, so a reader that tries sees an error.
"""

import ctypes
import errno
import platform
import struct
from collections.abc import Iterator
from typing import Final

from gentie.media.scrubbing.walls.kernel import control, take_no_more_rights

_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_FORBIDDEN: Final = {
    "x86_64": {
        "socket": 41, "connect": 42, "sendto": 44, "socketpair": 53, "clone": 56, "fork": 57,
        "vfork": 58, "execve": 59, "kill": 62, "ptrace": 101, "mount": 165, "add_key": 248,
        "request_key": 249, "keyctl": 250, "unshare": 272, "perf_event_open": 298, "setns": 308,
        "process_vm_readv": 310, "process_vm_writev": 311, "bpf": 321, "execveat": 322,
        "userfaultfd": 323, "io_uring_setup": 425, "clone3": 435,
    },
    "aarch64": {
        "mount": 40, "unshare": 97, "ptrace": 117, "kill": 129, "socket": 198, "socketpair": 199,
        "connect": 203, "sendto": 206, "add_key": 217, "request_key": 218, "keyctl": 219,
        "clone": 220, "execve": 221, "perf_event_open": 241, "setns": 268,
        "process_vm_readv": 270, "process_vm_writev": 271, "bpf": 280, "execveat": 281,
        "userfaultfd": 282, "io_uring_setup": 425, "clone3": 435,
    },
}  # fmt: skip  # two tables, to be compared with the kernel's

_LOAD, _EQUAL, _AT_LEAST, _ANSWER = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _FAIL = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
_OLD_CALLS: Final = 0x40000000
"""x86 calls in their 32-bit clothes, which would be other numbers for the same."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def forbid_calls() -> None:
    """Raises OSError where the machine is of another kind or its kernel has no filters."""
    machine = platform.machine()
    if machine not in _ARCH:
        raise OSError(errno.ENOSYS, f"no table of calls for {machine}")
    code = b"".join(_program(_ARCH[machine], sorted(_FORBIDDEN[machine].values())))
    kept = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(kept))
    take_no_more_rights()
    control(22, ctypes.c_ulong(2), ctypes.byref(program))


def _program(arch: int, forbidden: list[int]) -> Iterator[bytes]:
    """Another architecture ends the process; a forbidden call jumps to the last line."""
    yield _line(_LOAD, 4)
    yield _line(_EQUAL, arch, yes=1)
    yield _line(_ANSWER, _KILL)
    yield _line(_LOAD, 0)
    yield _line(_AT_LEAST, _OLD_CALLS, yes=len(forbidden) + 1)
    for at, number in enumerate(forbidden):
        yield _line(_EQUAL, number, yes=len(forbidden) - at)
    yield _line(_ANSWER, _ALLOW)
    yield _line(_ANSWER, _FAIL)


def _line(code: int, value: int, *, yes: int = 0) -> bytes:
    """One instruction; `yes` is how many to skip when the comparison holds."""
    return struct.pack("=HBBI", code, yes, 0, value)
