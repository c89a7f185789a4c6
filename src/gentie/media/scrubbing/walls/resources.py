"""Time, memory, files and processes: what the system takes care of."""

import resource
from contextlib import suppress

from gentie.media.limits import Limits


def limit_resources(limits: Limits, *, cpu_seconds: int) -> None:
    """No new process, no core dump, nothing beyond `limits`; a lower limit stays as it is."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.written),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        highest = resource.getrlimit(what)[1]
        kept = most if highest == resource.RLIM_INFINITY else min(most, highest)
        with suppress(ValueError):  # macOS has a limit of memory and lets nobody set it
            resource.setrlimit(what, (kept, kept))
