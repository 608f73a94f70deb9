"""Name lookups that end in time."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Sequence

from worker.errors import FetchError, FetchReason

Resolver = Callable[[str, float], Sequence[str]]
"""Host name and seconds allowed → its addresses as text; raises `FetchError` with reason DNS."""


def look_up(host: str, seconds: float) -> Sequence[str]:
    """Every address the system knows for a name. Raises `FetchError` (DNS), also when it takes too long.

    getaddrinfo has no time limit of its own, so it runs in a thread that is left behind when it dawdles.
    """
    answer: queue.SimpleQueue[Sequence[str] | OSError | UnicodeError] = queue.SimpleQueue()
    threading.Thread(target=_ask, args=(host, answer), name=f"lookup {host}", daemon=True).start()
    try:
        found = answer.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise _unknown(host, "no answer in time") from None
    if isinstance(found, OSError | UnicodeError):
        raise _unknown(host, getattr(found, "strerror", None) or "not a name") from found
    if not found:
        raise _unknown(host, "no address")
    return found


def _ask(host: str, answer: queue.SimpleQueue[Sequence[str] | OSError | UnicodeError]) -> None:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        answer.put(error)
    else:
        answer.put(tuple(dict.fromkeys(str(entry[4][0]) for entry in found)))


def _unknown(host: str, why: str) -> FetchError:
    return FetchError(FetchReason.DNS, f"name not found ({why})", url=host, transient=True)
