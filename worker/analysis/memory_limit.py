"""How much memory a process that reads strangers' documents may take."""

from __future__ import annotations

import resource

_MEGABYTE = 1024 * 1024
_RESERVED = 512  # megabytes of address space that libraries reserve and mostly leave unused


def limit_memory(megabytes: int) -> None:
    """Bound what this process may fill, for good: asked for more, it gets a MemoryError.

    RLIMIT_DATA counts what is private and can be written (Linux 4.7 and later, getrlimit(2)): libraries' code comes on
    top, some thirty megabytes. RLIMIT_AS counts reserved address space too, so its bound is looser.
    """
    for kind, bound in ((resource.RLIMIT_DATA, megabytes), (resource.RLIMIT_AS, megabytes + _RESERVED)):
        resource.setrlimit(kind, (bound * _MEGABYTE, bound * _MEGABYTE))
