"""One connection to a mail server, over in a bounded time whatever the server does."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import threading
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Literal

import certifi

SmtpSecurity = Literal["none", "starttls", "tls"]
"""When the connection is encrypted: never (a relay on this machine), by STARTTLS (required), from the first
byte.
"""

_REPLY_LINE = re.compile(rb"([2-5][0-9]{2})([ -]?)(.*)\r?\n", re.DOTALL)
_LONGEST_REPLY_LINE = 8_192  # bytes; RFC 5321 has 512
_MOST_REPLY_LINES = 100
_FAREWELL = 2.0  # seconds for an answer to QUIT, which changes nothing any more


@dataclass(frozen=True, slots=True)
class SmtpConfig:
    """How to reach a mail server. `username` "": no login.

    `timeout` bounds each step, `final_timeout` the wait for the verdict on the message, `total` everything: a
    delivery's lease must outlast it. `ca_file` adds to the system's and certifi's authorities.
    """

    host: str
    port: int = 587
    security: SmtpSecurity = "starttls"
    username: str = ""
    password: str = ""
    timeout: timedelta = timedelta(seconds=30)
    final_timeout: timedelta = timedelta(seconds=120)  # RFC 5321 (4.5.3.2.6) would have ten minutes
    total: timedelta = timedelta(seconds=240)
    helo_name: str | None = None
    ca_file: str | None = None

    def __repr__(self) -> str:
        return f"SmtpConfig({self.host}:{self.port}, {self.security}, username={self.username!r})"


class SmtpConversation(smtplib.SMTP):
    """smtplib's client whose socket is shut down when one message takes longer than `config.total`.

    It begins with a message's time running; `pause` between two messages, and `begin_anew` for the next.
    """

    def __init__(self, config: SmtpConfig) -> None:
        self._config = config
        self._spare: socket.socket | None = None
        self._alarm = self._wound_up()
        try:
            super().__init__(config.host, config.port, config.helo_name, config.timeout.total_seconds())
        except BaseException:
            self.release()
            raise

    def pause(self) -> None:
        """Keep the connection for another message, for which another time will run."""
        self._alarm.cancel()

    def begin_anew(self) -> bool:
        """Make ready for another message; False when the server has gone meanwhile."""
        if self.sock is None:
            return False
        self._alarm = self._wound_up()
        self.command_encoding = "ascii"
        try:
            self.sock.settimeout(self._config.timeout.total_seconds())
            return self.docmd("RSET")[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def goodbye(self) -> None:
        """Leave, with a word where someone still listens; what has been decided by now stands."""
        with contextlib.suppress(smtplib.SMTPException, OSError):
            if self.sock is not None:
                self.sock.settimeout(_FAREWELL)
                self.docmd("QUIT")
        self.release()

    def release(self) -> None:
        """Leave without a word."""
        self._alarm.cancel()
        self.close()
        if self._spare is not None:
            self._spare.close()

    def connect(self, host: str = "localhost", port: int = 0, source_address: object = None) -> tuple[int, bytes]:
        """Connect and read the greeting, as smtplib does, with the alarm set before TLS and greeting."""
        self.sock = socket.create_connection((host, port), self._config.timeout.total_seconds())
        # The final dot goes in a packet of its own, which otherwise waits 40 ms for word of the text before it.
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A duplicate shuts down the same connection, also while TLS wraps or unwraps the original.
        self._spare = self.sock.dup()
        if self._config.security == "tls":
            self.sock = tls_context(self._config).wrap_socket(self.sock, server_hostname=host)
        self.file = None
        return self.getreply()

    def getreply(self) -> tuple[int, bytes]:
        """One whole reply; anything else is a lost connection.

        smtplib also takes a line cut short (half a "250" decides nothing), any number, and endless lines.
        """
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        if self.file is None:
            self.file = self.sock.makefile("rb")
        texts: list[bytes] = []
        line = b""
        while len(texts) < _MOST_REPLY_LINES:
            try:
                line = self.file.readline(_LONGEST_REPLY_LINE)
            except OSError as error:
                self.close()
                raise smtplib.SMTPServerDisconnected(f"connection lost: {error}") from error
            match = _REPLY_LINE.fullmatch(line)
            if not match:
                break
            texts.append(match[3].strip())
            if match[2] != b"-":
                return int(match[1]), b"\n".join(texts)
        self.close()
        raise smtplib.SMTPServerDisconnected(f"not a whole reply: {line[:80]!r}" if line else "connection closed")

    def be_patient(self) -> None:
        """From here on wait `final_timeout` for each reply: the server is deciding about the message."""
        if self.sock is not None:
            self.sock.settimeout(self._config.final_timeout.total_seconds())

    def _wound_up(self) -> threading.Timer:
        alarm = threading.Timer(self._config.total.total_seconds(), self._hang_up)
        alarm.daemon = True
        alarm.start()
        return alarm

    def _hang_up(self) -> None:
        if self._spare is not None:
            with contextlib.suppress(OSError):
                self._spare.shutdown(socket.SHUT_RDWR)


@cache
def tls_context(config: SmtpConfig) -> ssl.SSLContext:
    """Verifies the server against the system's authorities, certifi's (a slim container has no others) and
    ours.
    """
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if config.ca_file:
        context.load_verify_locations(config.ca_file)
    return context
