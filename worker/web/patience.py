"""How long and how many visitors the web process bears: who sends half a request holds no place for ever.

uvicorn bounds the size of a request's head, and how long a connection may be idle after an answer. It waits for ever
for a head or body that has begun, or that never does.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

MOST = 300
"""Connections at a time. Each takes a descriptor, and a process commonly has 1,024 of them."""

SECONDS = 10.0
"""From a request's first byte, or the connection's beginning, to the end of its head; then as long for its body."""


class PatientProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, to at most `MOST` visitors, each of whom says what they want in `SECONDS`."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._deadline: Any = None
        if len(self.connections) > MOST:
            transport.abort()
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        if self._deadline is None:
            self._wait()
        before = self.cycle
        had_body_to_come = _has_body_to_come(before)
        super().data_received(data)
        if self.cycle is not before and _has_body_to_come(self.cycle):
            self._wait()  # a head has come in
        elif self.cycle is not before or (had_body_to_come and not _has_body_to_come(self.cycle)):
            self._forget()  # a request has, to its end

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._forget()
        self._deadline = self.loop.call_later(SECONDS, self.transport.abort)

    def _forget(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None


def _has_body_to_come(cycle: RequestResponseCycle | None) -> bool:
    return cycle is not None and cycle.more_body
