"""A mail server that hangs up or refuses at any stage, and can make something happen to whoever talks to it."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import BinaryIO

# When a connection, or a message, meets its fate. LOST and KEPT are after the final dot: without and with the message.
CONNECT, EHLO, MAIL, RCPT, DATA, TEXT, LOST, KEPT, REPLY, LATER = (
    "connect", "ehlo", "mail", "rcpt", "data", "text", "lost", "kept", "reply", "later",
)  # fmt: skip


class FaultyMailServer:
    """Keeps each message it takes with the time, by recipient; `fates` says what happens at which stage.

    A fate is asked for with the stage and its number (of the connection, or the recipient's); True ends the
    connection there, and bytes are what is answered instead (at LOST, the message is not kept then). It may first do
    what it likes, such as kill the client.
    """

    def __init__(self) -> None:
        self.fates: Callable[[str, int], bool | bytes] = lambda _stage, _number: False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        self.taken: dict[int, list[tuple[float, bytes]]] = defaultdict(list)
        self.connections = 0
        self.mails = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def count(self) -> int:
        """How many messages were taken so far."""
        return sum(map(len, list(self.taken.values())))

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        # Whoever was killed does not read: that is what is wanted.
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as lines:
            self._converse(connection, lines)

    def _converse(self, connection: socket.socket, lines: BinaryIO) -> None:
        self.connections += 1
        fate = self.fates(CONNECT, self.connections)
        if fate:
            connection.sendall(fate if isinstance(fate, bytes) else b"")
            return
        connection.sendall(b"220 faulty\r\n")
        reader = -1
        for line in lines:
            verb = line[:4].upper()
            stage = {b"EHLO": EHLO, b"MAIL": MAIL, b"RCPT": RCPT, b"DATA": DATA}.get(verb)
            if verb == b"RCPT":
                reader = int(re.search(rb"reader(\d+)@", line)[1])  # type: ignore[index]
                if self.fates(LATER, reader):
                    connection.sendall(b"451 4.7.1 greylisted\r\n")
                    continue
            if verb == b"MAIL":
                self.mails += 1
            number = {EHLO: self.connections, MAIL: self.mails}.get(stage or "", reader)
            fate = self.fates(stage, number) if stage else False
            if isinstance(fate, bytes):
                connection.sendall(fate)
                continue
            if fate:
                return
            if verb == b"DATA":
                connection.sendall(b"354 go on\r\n")
                if not self._take(connection, lines, reader):
                    return
            else:
                connection.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")

    def _take(self, connection: socket.socket, lines: BinaryIO, reader: int) -> bool:
        """Read the message; whether the conversation goes on."""
        text = b""
        for line in lines:
            if line == b".\r\n":
                break
            text += line
            if self.fates(TEXT, reader):
                return False
        else:
            return False
        fate = self.fates(LOST, reader)
        if fate:
            connection.sendall(fate if isinstance(fate, bytes) else b"")
            return isinstance(fate, bytes)
        self.taken[reader].append((time.time(), text))
        if self.fates(KEPT, reader):
            return False
        connection.sendall(b"250 taken\r\n")
        return not self.fates(REPLY, reader)
