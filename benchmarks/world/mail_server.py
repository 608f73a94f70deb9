"""A mail server on loopback that takes messages, or refuses them as a scenario tells it to."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Mood(StrEnum):
    """What the server does with who comes."""

    TAKES = "takes"
    DENIES_RELAY = "554 5.7.1 relay access denied"  # to every recipient: it is set up wrongly
    DENIES_LOGIN = "535 5.7.8 authentication failed"
    IS_DOWN = "421 4.3.2 closing down"


@dataclass
class MailServer:
    """`taken` are the messages that it has accepted, in order."""

    port: int = 0
    mood: Mood = Mood.TAKES
    taken: list[bytes] = field(default_factory=list)

    @property
    def settings(self) -> str:
        """Return the lines of `[mail]` by which an installation reaches it; the password is in the environment."""
        return f'host = "127.0.0.1"\nport = {self.port}\nsecurity = "none"\nusername = "storywatch"\n'


@contextlib.contextmanager
def serve_mail() -> Iterator[MailServer]:
    """Serve until the block ends."""
    server = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                _converse(self, server)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listener:
        listener.daemon_threads = True
        server.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()


def _converse(client: socketserver.StreamRequestHandler, server: MailServer) -> None:
    def say(line: str) -> None:
        client.wfile.write(f"{line}\r\n".encode())

    if server.mood is Mood.IS_DOWN:
        say(server.mood)
        return
    say("220 mail.desk.example ready")
    for line in client.rfile:
        match line[:4].upper():
            case b"EHLO":
                say("250-mail.desk.example\r\n250-AUTH PLAIN\r\n250 8BITMIME")
            case b"AUTH":
                say(server.mood if server.mood is Mood.DENIES_LOGIN else "235 2.7.0 welcome")
            case b"MAIL":  # over a connection that was kept the login is an old one
                say("530 5.7.0 log in first" if server.mood is Mood.DENIES_LOGIN else "250 ok")
            case b"RCPT":
                say(server.mood if server.mood is Mood.DENIES_RELAY else "250 ok")
            case b"DATA":
                say("354 go on")
                server.taken.append(_message(client))
                say("250 ok")
            case b"QUIT":
                say("221 bye")
                return
            case _:
                say("250 ok")


def _message(client: socketserver.StreamRequestHandler) -> bytes:
    lines: list[bytes] = []
    for line in client.rfile:
        if line == b".\r\n":
            break
        lines.append(line.removeprefix(b"."))
    return b"".join(lines)
