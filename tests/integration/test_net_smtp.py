"""Mail against real servers: aiosmtpd for what goes well, scripts for servers that die on the way."""

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from worker.net import OutboxFolderMailer, SendOutcome, SendResult, SendStage, SmtpConfig, SmtpMailer

MESSAGE = (
    b"From: Storywatch <watch@example.org>\r\nTo: ana@example.net\r\nMessage-ID: <1@example.org>\r\n"
    b"Subject: Two stories\r\n\r\n.starts with a dot\r\n..twice\r\n.\r\nlast line\r\n"
)
SHORT = timedelta(seconds=0.3)


class Inbox:
    """An aiosmtpd handler that keeps what it is given, or answers as told."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.envelopes: list[Any] = []

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.envelopes.append(envelope)
        return self.answers.get("DATA", "250 queued as 42")


@contextmanager
def receiving(inbox: Inbox, *, port_is: int | None = None, **options: Any) -> Iterator[SmtpConfig]:
    controller = Controller(inbox, hostname="127.0.0.1", port=port_is or free_port(), **options)
    controller.start()
    try:
        yield SmtpConfig(host="127.0.0.1", port=controller.port, security="none", helo_name="client.example")
    finally:
        controller.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def send(config: SmtpConfig, message: bytes = MESSAGE, *, to: str = "ana@example.net") -> SendOutcome:
    return SmtpMailer(config).send(message, sender="watch@example.org", recipient=to)


def test_what_is_sent_is_what_was_stored() -> None:
    inbox = Inbox()
    with receiving(inbox) as config:
        outcome = send(config)
    assert outcome == SendOutcome(SendResult.SENT, "queued as 42", 250, SendStage.FINAL_DOT)
    (envelope,) = inbox.envelopes
    assert envelope.original_content == MESSAGE
    assert (envelope.mail_from, envelope.rcpt_tos) == ("watch@example.org", ["ana@example.net"])


def test_lone_line_ends_cannot_pass_for_commands() -> None:
    inbox = Inbox()
    with receiving(inbox) as config:
        send(config, b"Subject: x\n\nHello\n.\nMAIL FROM:<evil@example.org>\r.\rend")
    assert len(inbox.envelopes) == 1
    assert inbox.envelopes[0].original_content.endswith(b"Hello\r\n.\r\nMAIL FROM:<evil@example.org>\r\n.\r\nend\r\n")


@pytest.mark.parametrize(
    ("answers", "result", "stage"),
    [
        ({"MAIL": "451 later"}, SendResult.RETRY, SendStage.SENDER),
        ({"MAIL": "550 no"}, SendResult.REFUSED, SendStage.SENDER),
        ({"MAIL": "530 log in first"}, SendResult.RETRY, SendStage.SENDER),
        ({"RCPT": "450 greylisted"}, SendResult.RETRY, SendStage.RECIPIENT),
        ({"RCPT": "550 no such user"}, SendResult.REFUSED, SendStage.RECIPIENT),
        ({"DATA": "452 disk full"}, SendResult.RETRY, SendStage.FINAL_DOT),
        ({"DATA": "554 spam"}, SendResult.REFUSED, SendStage.FINAL_DOT),
    ],
)
def test_a_server_that_says_no(answers: dict[str, str], result: SendResult, stage: SendStage) -> None:
    with receiving(Inbox(**answers)) as config:
        outcome = send(config)
    assert (outcome.result, outcome.stage) == (result, stage)
    assert str(outcome.code) in outcome.detail


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def secured(config: SmtpConfig, authority: trustme.CA, folder: Path, **given: Any) -> SmtpConfig:
    bundle = folder / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    return SmtpConfig(host=config.host, port=config.port, ca_file=str(bundle), **given)


def accept_ana(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ana", b"secret")
    return AuthResult(success=known, handled=known)


@pytest.mark.parametrize(("password", "result"), [("secret", SendResult.SENT), ("wrong", SendResult.RETRY)])
def test_logs_in_over_starttls(authority: trustme.CA, tmp_path: Path, password: str, result: SendResult) -> None:
    options = {
        "tls_context": server_context(authority),
        "require_starttls": True,
        "authenticator": accept_ana,
    }
    with receiving(Inbox(), **options) as config:
        tls = secured(config, authority, tmp_path, security="starttls", username="ana", password=password)
        outcome = send(tls)
    assert outcome.result is result
    assert outcome.stage is (SendStage.FINAL_DOT if result is SendResult.SENT else SendStage.LOGIN)
    assert password not in outcome.detail + repr(tls)


def test_a_certificate_for_another_host_is_not_trusted(authority: trustme.CA, tmp_path: Path) -> None:
    inbox = Inbox()
    with receiving(inbox, tls_context=server_context(authority, "other.example")) as config:
        outcome = send(secured(config, authority, tmp_path, security="starttls"))
    assert (outcome.result, outcome.stage) == (SendResult.RETRY, SendStage.CONNECT)
    assert inbox.envelopes == []


def test_starttls_is_required_not_merely_tried() -> None:
    inbox = Inbox()
    with receiving(inbox) as config:
        outcome = send(SmtpConfig(host=config.host, port=config.port, security="starttls"))
    assert (outcome.result, outcome.stage) == (SendResult.RETRY, SendStage.CONNECT)
    assert inbox.envelopes == []


def test_tls_from_the_first_byte(authority: trustme.CA, tmp_path: Path) -> None:
    inbox = Inbox()
    with receiving(inbox, ssl_context=server_context(authority)) as config:
        assert send(secured(config, authority, tmp_path, security="tls")).result is SendResult.SENT
        assert send(SmtpConfig(host=config.host, port=config.port, security="tls")).result is SendResult.RETRY
    assert len(inbox.envelopes) == 1


def test_addresses_beyond_ascii_need_a_server_that_takes_them() -> None:
    takes, takes_not = Inbox(), Inbox()
    with receiving(takes, enable_SMTPUTF8=True) as config:
        assert send(config, to="peña@example.net").result is SendResult.SENT
    with receiving(takes_not, enable_SMTPUTF8=False) as config:
        assert send(config, to="peña@example.net").result is SendResult.REFUSED
    assert takes.envelopes[0].rcpt_tos == ["peña@example.net"]
    assert takes_not.envelopes == []


@pytest.mark.parametrize(
    "address",
    ["", "ana", "ana@", "@example.net", "a b@example.net", "a@b@c", "ana@example.net>\r\nRCPT TO:<x@y",
     "<a@b>", "a@b\nDATA", "a\x00@b", "a@b\u2028c", "x" * 65 + "@example.net"],
)  # fmt: skip
def test_a_bad_address_never_reaches_a_server(address: str) -> None:
    nobody = SmtpConfig(host="127.0.0.1", port=free_port(), security="none")
    outcome = send(nobody, to=address)
    assert (outcome.result, outcome.stage) == (SendResult.REFUSED, SendStage.RECIPIENT)
    assert outcome.detail.isprintable()
    sender = SmtpMailer(nobody).send(MESSAGE, sender=address, recipient="ana@example.net")
    assert (sender.result, sender.stage) == (SendResult.RETRY, SendStage.SENDER)


def test_nobody_listening() -> None:
    outcome = send(SmtpConfig(host="127.0.0.1", port=free_port(), security="none"))
    assert (outcome.result, outcome.stage) == (SendResult.RETRY, SendStage.CONNECT)


@dataclass
class Script:
    """A server that says its lines in turn, one per thing it hears, and then does its last act."""

    lines: Sequence[bytes]
    act: str = "close"  # or "reset", "stall"
    takes_message: bool = False  # hear the whole message before the act
    heard: list[bytes] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)

    def play(self, listener: socket.socket) -> None:
        visitor, _ = listener.accept()
        with visitor:
            visitor.settimeout(5)
            reading = visitor.makefile("rb")
            for number, line in enumerate(self.lines):
                if number:
                    self.heard.append(reading.readline())
                visitor.sendall(line)
            if self.takes_message:
                while self.heard[-1] != b".\r\n":
                    self.heard.append(reading.readline())
            self._act(visitor)
            reading.close()

    def _act(self, visitor: socket.socket) -> None:
        if self.act == "stall":
            self.let_go.wait(10)
        elif self.act == "reset":
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        elif self.act == "drip":
            while not self.let_go.wait(0.05):
                try:
                    visitor.sendall(b"2")
                except OSError:
                    return
        elif self.act != "close":
            visitor.sendall(self.act.encode())


@contextmanager
def playing(script: Script, **given: Any) -> Iterator[SmtpConfig]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        thread = threading.Thread(target=script.play, args=(listener,), daemon=True)
        thread.start()
        yield SmtpConfig(
            host="127.0.0.1", port=listener.getsockname()[1], security="none", helo_name="client.example",
            **({"timeout": timedelta(seconds=5)} | given),
        )  # fmt: skip
        script.let_go.set()
        thread.join(5)


GREETING, HELLO, OK, GO = b"220 here\r\n", b"250 here\r\n", b"250 ok\r\n", b"354 go\r\n"
UP_TO_DATA = (GREETING, HELLO, OK, OK, GO)


@pytest.mark.parametrize("act", ["close", "reset"])
@pytest.mark.parametrize(
    ("lines", "stage"),
    [
        ((), SendStage.CONNECT),
        ((b"22",), SendStage.CONNECT),
        ((GREETING,), SendStage.CONNECT),
        ((GREETING, HELLO), SendStage.SENDER),
        ((GREETING, HELLO, OK), SendStage.RECIPIENT),
        ((GREETING, HELLO, OK, OK), SendStage.DATA),
    ],
)
def test_a_server_that_dies_before_the_message_has_not_got_it(
    lines: Sequence[bytes], stage: SendStage, act: str
) -> None:
    with playing(Script(lines, act)) as config:
        outcome = send(config)
    assert (outcome.result, outcome.stage, outcome.code) == (SendResult.RETRY, stage, None)
    assert outcome.detail.isprintable()


def test_a_server_that_dies_within_the_message_has_not_got_it() -> None:
    with playing(Script(UP_TO_DATA, "reset")) as config:
        outcome = send(config, MESSAGE + (b"x" * 998 + b"\r\n") * 10_000)
    assert (outcome.result, outcome.stage) == (SendResult.RETRY, SendStage.DATA)


@pytest.mark.parametrize(
    "act",
    ["close", "reset", "stall", "drip", "2", "250", "250-more\r\n", "nonsense\r\n", "999 x\r\n", "x" * 9_000],
)
def test_a_server_that_dies_after_the_final_dot_may_have_it(act: str) -> None:
    script = Script(UP_TO_DATA, act, takes_message=True)
    with playing(script, final_timeout=SHORT, total=timedelta(seconds=1)) as config:
        outcome = send(config)
    assert b"".join(script.heard).endswith(b"\r\n..starts with a dot\r\n...twice\r\n..\r\nlast line\r\n.\r\n")
    assert (outcome.result, outcome.stage) == (SendResult.UNKNOWN, SendStage.FINAL_DOT)


@pytest.mark.parametrize(
    ("lines", "stage"),
    [
        ((b"554 go away\r\n",), SendStage.CONNECT),
        ((b"421 busy\r\n",), SendStage.CONNECT),
        ((GREETING, b"500 what\r\n", b"502 what\r\n"), SendStage.CONNECT),
        ((GREETING, HELLO, OK, OK, b"250 not a 354\r\n"), SendStage.DATA),
        ((GREETING, HELLO, b"nonsense\r\n"), SendStage.SENDER),
        ((GREETING, HELLO, b"x" * 9_000), SendStage.SENDER),
        ((GREETING, HELLO, OK, b"421 closing\r\n"), SendStage.RECIPIENT),
    ],
)
def test_an_odd_server_is_tried_again(lines: Sequence[bytes], stage: SendStage) -> None:
    with playing(Script(lines)) as config:
        outcome = send(config)
    assert (outcome.result, outcome.stage) == (SendResult.RETRY, stage)


@pytest.mark.parametrize("lines", [(), (GREETING,), (GREETING, HELLO, OK, OK)])
@pytest.mark.parametrize("act", ["stall", "drip"])
def test_a_server_that_dawdles_is_left(lines: Sequence[bytes], act: str) -> None:
    """A dripping server beats every timeout between reads: only the total ends it."""
    with playing(Script(lines, act), total=timedelta(seconds=0.4)) as config:
        assert send(config).result is SendResult.RETRY


def test_the_outbox_folder_holds_each_message_once(tmp_path: Path) -> None:
    mailer = OutboxFolderMailer(tmp_path / "outbox")
    html = MESSAGE.replace(
        b"\r\n\r\n", b"\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hola \xc3\xb1</p>\r\n", 1
    )
    for message in (html, html, MESSAGE.replace(b"<1@", b"<2@")):
        outcome = mailer.send(message, sender="watch@example.org", recipient="ana@example.net")
        assert outcome.result is SendResult.SENT
        assert Path(outcome.detail).read_bytes() == message
    names = sorted(path.suffix for path in (tmp_path / "outbox").iterdir())
    assert names == [".eml", ".eml", ".html"]
    (page,) = (tmp_path / "outbox").glob("*.html")
    assert page.read_text("utf-8").startswith("<p>Hola ñ</p>")


class Counter(Inbox):
    """An inbox that counts connections and the greetings on them."""

    def __init__(self, **answers: str) -> None:
        super().__init__(**answers)
        self.connections: set[tuple[str, int]] = set()
        self.commands: list[str] = []

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, name: str, responses: list[str]) -> list[str]:
        self.connections.add(session.peer)
        session.host_name = name
        self.commands.append("EHLO")
        return responses


def test_messages_follow_each_other_over_one_connection() -> None:
    inbox = Counter()
    with receiving(inbox) as config:
        mailer = SmtpMailer(config)
        for number in range(5):
            sent = mailer.send(MESSAGE, sender="watch@example.org", recipient=f"ana{number}@example.net")
            assert sent.result is SendResult.SENT
        mailer.close()
    assert [envelope.rcpt_tos for envelope in inbox.envelopes] == [[f"ana{n}@example.net"] for n in range(5)]
    assert len(inbox.connections) == len(inbox.commands) == 1


def test_a_refusal_does_not_spoil_the_next_message() -> None:
    inbox = Counter()
    with receiving(inbox) as config:
        mailer = SmtpMailer(config)
        inbox.answers["RCPT"] = "550 5.1.1 no such user"
        first = mailer.send(MESSAGE, sender="watch@example.org", recipient="nobody@example.net")
        inbox.answers.clear()
        second = mailer.send(MESSAGE, sender="watch@example.org", recipient="ana@example.net")
        mailer.close()
    assert (first.result, second.result) == (SendResult.REFUSED, SendResult.SENT)
    assert [envelope.rcpt_tos for envelope in inbox.envelopes] == [["ana@example.net"]]
    assert len(inbox.connections) == 1


def test_a_server_that_left_meanwhile_is_called_again() -> None:
    inbox = Counter()
    with receiving(inbox) as config:
        mailer = SmtpMailer(config)
        assert mailer.send(MESSAGE, sender="watch@example.org", recipient="ana@example.net").result is SendResult.SENT
        port = config.port
    with receiving(inbox, port_is=port) as again:
        assert again.port == port
        assert mailer.send(MESSAGE, sender="watch@example.org", recipient="eva@example.net").result is SendResult.SENT
        mailer.close()
    assert [envelope.rcpt_tos for envelope in inbox.envelopes] == [["ana@example.net"], ["eva@example.net"]]
    assert len(inbox.connections) == 2
