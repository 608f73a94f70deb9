"""Mail through an SMTP server, with an exact account of whether the server may have taken it."""

from __future__ import annotations

import re
import smtplib
import threading
import time
from dataclasses import dataclass
from datetime import timedelta

from worker.net.bounces import WANTS_LOGIN
from worker.net.mail import SendOutcome, SendResult, SendStage, one_line
from worker.net.smtp_conversation import SmtpConfig, SmtpConversation, tls_context

_ADDRESS = re.compile(r"[^\s@<>\x00-\x20\x7f\"(),:;\[\]\\]{1,64}@[^\s@<>\x00-\x20\x7f\"(),:;\\]{1,255}")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LINE_START_DOT = re.compile(rb"^\.", re.MULTILINE)
_CLOSING = 421  # the server says that it hangs up (RFC 5321, 3.8)
_IDLE = timedelta(seconds=30)  # servers begin to close silent connections after a minute
_MESSAGES = 100  # over one connection; Exim's limit is 1,000, large providers' is about this


class _Refusal(Exception):  # noqa: N818 - no fault of ours: how a step tells of a reply that ends it all
    def __init__(self, code: int, text: bytes) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text.decode("utf-8", "replace")


class SmtpMailer:
    """Sends one message at a time, over a connection that is kept for the next for half a minute.

    REFUSED: a 5xx to the sender, the recipient or the message. RETRY: a 4xx, or any failure before the final
    dot was sent, also a refused login or a missing STARTTLS (a person must mend those; the message is not to
    blame). UNKNOWN: the connection was lost between the final dot and its reply. Never raises for what a
    server does.
    """

    def __init__(self, config: SmtpConfig) -> None:
        self._config = config
        self._turn = threading.Lock()
        self._kept: _Kept | None = None

    def send(self, message: bytes, *, sender: str, recipient: str) -> SendOutcome:
        if not _is_sendable(sender):  # a setting, which a person can mend
            why = one_line(f"not a mail address to send from: {sender!r}")
            return SendOutcome(SendResult.RETRY, why, stage=SendStage.SENDER)
        if not _is_sendable(recipient):
            why = one_line(f"not a mail address: {recipient!r}")
            return SendOutcome(SendResult.REFUSED, why, stage=SendStage.RECIPIENT)
        with self._turn:
            kept = self._still_there()
            delivery = _Delivery(self._config, message, sender, recipient)
            outcome, smtp = delivery.run(kept.smtp if kept else None)
            self._kept = _Kept(smtp, time.monotonic(), kept.messages + 1 if kept else 1) if smtp else None
        return outcome

    def close(self) -> None:
        """Say goodbye to the server, if a connection is open."""
        with self._turn:
            kept, self._kept = self._kept, None
            if kept:
                kept.smtp.goodbye()

    def __del__(self) -> None:
        if kept := getattr(self, "_kept", None):
            kept.smtp.release()

    def _still_there(self) -> _Kept | None:
        kept, self._kept = self._kept, None
        if kept is None:
            return None
        if kept.messages >= _MESSAGES or time.monotonic() - kept.since > _IDLE.total_seconds():
            kept.smtp.goodbye()
            return None
        if not kept.smtp.begin_anew():
            kept.smtp.release()
            return None
        return kept


def try_login(config: SmtpConfig) -> SendOutcome:
    """Begin a conversation as for a message, and end it before any: SENT tells that the server lets us in."""
    return _Delivery(config, b"", "", "").knock()


@dataclass(frozen=True, slots=True)
class _Kept:
    smtp: SmtpConversation
    since: float
    messages: int


class _Delivery:
    """One message's conversation; `stage` is how far it came."""

    def __init__(self, config: SmtpConfig, message: bytes, sender: str, recipient: str) -> None:
        self._config = config
        self._message = message
        self._sender = sender
        self._recipient = recipient
        self.stage = SendStage.CONNECT

    def run(self, smtp: SmtpConversation | None) -> tuple[SendOutcome, SmtpConversation | None]:
        """Hand the message over, to the server of that conversation if there is one.

        Returns the conversation too, if another message may follow: who was answered in order is listening.
        """
        opened = smtp
        try:
            if opened is None:
                opened = SmtpConversation(self._config)
                self._open(opened)
            outcome = self._converse(opened)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            outcome = self._failed(error)
        if opened is None:
            return outcome, None
        if outcome.code is None or outcome.code == _CLOSING or outcome.stage in (SendStage.CONNECT, SendStage.LOGIN):
            opened.release()
            return outcome, None
        opened.pause()
        return outcome, opened

    def knock(self) -> SendOutcome:
        """Log in and leave; nothing is handed over."""
        opened = None
        try:
            opened = SmtpConversation(self._config)
            self._open(opened)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            return self._failed(error)
        finally:
            if opened is not None:
                opened.goodbye()
        return SendOutcome(SendResult.SENT, stage=self.stage)

    def _converse(self, smtp: SmtpConversation) -> SendOutcome:
        try:
            self._envelope(smtp)
            return self._hand_over(smtp)
        except _Refusal as refusal:
            return self._refused(refusal.code, refusal.text)

    def _failed(self, error: Exception) -> SendOutcome:
        if isinstance(error, smtplib.SMTPResponseException):
            said = error.smtp_error
            return self._refused(error.smtp_code, said if isinstance(said, str) else said.decode("utf-8", "replace"))
        return self._lost(str(error) or type(error).__name__)

    def _open(self, smtp: SmtpConversation) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self._config.security == "starttls":
            smtp.starttls(context=tls_context(self._config))
            smtp.ehlo_or_helo_if_needed()
        if self._config.username:
            self.stage = SendStage.LOGIN
            smtp.login(self._config.username, self._config.password)

    def _envelope(self, smtp: SmtpConversation) -> None:
        options = [f"SIZE={len(self._message)}"] if smtp.has_extn("size") else []
        if not self._message.isascii() and smtp.has_extn("8bitmime"):
            options.append("BODY=8BITMIME")
        self.stage = SendStage.SENDER
        if not (self._sender + self._recipient).isascii():
            if not smtp.has_extn("smtputf8"):
                raise _Refusal(550, b"the server does not take addresses beyond ASCII (SMTPUTF8)")
            smtp.command_encoding = "utf-8"
            options.append("SMTPUTF8")
        _expect(smtp.mail(self._sender, options), 250)
        self.stage = SendStage.RECIPIENT
        _expect(smtp.rcpt(self._recipient), 250, 251, 252)

    def _hand_over(self, smtp: SmtpConversation) -> SendOutcome:
        self.stage = SendStage.DATA
        _expect(smtp.docmd("DATA"), 354)
        # The dot goes apart from the text: as long as only the text was sent, no server can have taken it.
        smtp.send(_dot_stuffed(self._message))
        self.stage = SendStage.FINAL_DOT
        smtp.be_patient()
        smtp.send(b".\r\n")
        code, text = smtp.getreply()
        detail = text.decode("utf-8", "replace")
        if 200 <= code < 300:
            return SendOutcome(SendResult.SENT, one_line(detail), code, self.stage)
        return self._refused(code, detail)

    def _refused(self, code: int, text: str) -> SendOutcome:
        detail = one_line(f"{self._config.host} answered {code} {text}")
        if code < 400:  # polite, but not what was asked for
            return self._lost(detail)
        blames_message = self.stage not in (SendStage.CONNECT, SendStage.LOGIN) and code not in WANTS_LOGIN
        result = SendResult.REFUSED if code >= 500 and blames_message else SendResult.RETRY
        return SendOutcome(result, detail, code, self.stage)

    def _lost(self, why: str) -> SendOutcome:
        result = SendResult.UNKNOWN if self.stage is SendStage.FINAL_DOT else SendResult.RETRY
        detail = one_line(f"{self._config.host}:{self._config.port} at {self.stage}: {why}")
        return SendOutcome(result, detail, None, self.stage)


def _expect(reply: tuple[int, bytes], *wanted: int) -> None:
    if reply[0] not in wanted:
        raise _Refusal(*reply)


def _is_sendable(address: str) -> bool:
    """Fit for an SMTP command: one @, no quoting, nothing that could end the command and begin another."""
    return bool(_ADDRESS.fullmatch(address)) and address.isprintable()


def _dot_stuffed(message: bytes) -> bytes:
    """The text as DATA wants it (RFC 5321, 4.5.2), ending in CRLF. Lone CR and LF would let text pass for
    commands.
    """
    lines = _LINE_END.sub(b"\r\n", message)
    stuffed = _LINE_START_DOT.sub(b"..", lines)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
