"""The fourth question: how digests are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from worker.cli.first_hour.answers import MailAnswer, ReaderAnswer
from worker.cli.first_hour.given import Given
from worker.cli.first_hour.providers import PROVIDERS, Provider, Security, provider
from worker.cli.first_hour.questions import agree, ask, choose, explain
from worker.cli.first_hour.reader_choice import check_value
from worker.cli.first_hour.trial_mail import send_trial
from worker.errors import ConfigurationError

FOLDER, OTHER = "folder", "other server"
_WAYS = (
    (FOLDER, "write each digest as a file into outbox/; nothing is sent"),
    ("provider", "send through Gmail, Fastmail or another mail provider"),
    (OTHER, "send through a mail server of your own"),
)
_SECURITY: Mapping[str, tuple[Security, str]] = {
    "starttls": ("starttls", "encrypted after the greeting; what port 587 wants"),
    "tls": ("tls", "encrypted from the first byte; what port 465 wants"),
    "none": ("none", "for a relay on this machine"),
}
_RELAY_PORT = 25  # of a relay on this machine, which asks for no password and no encryption


def choose_mail(given: Given, reader: ReaderAnswer | None, *, asking: bool) -> MailAnswer | None:
    """Return the server that mail goes through, None for files in a folder. Raises `ConfigurationError`."""
    if given.server is not None:
        return _from_options(given, reader)
    if not asking:
        return None
    while True:
        explain("How shall the digests be sent?")
        mail = _asked(reader)
        if mail is None or reader is None or not agree(f"Send a test mail to {reader.address} now?"):
            return mail
        fault = send_trial(mail, reader)
        if fault is None:
            explain(f"The server took it: look into the mailbox of {reader.address}.", indent="  ")
            return mail
        explain(f"It was not sent: {fault}", indent="  ")
        if not agree("Change the answers about mail?"):
            return mail


def _asked(reader: ReaderAnswer | None) -> MailAnswer | None:
    way = choose("Way", _WAYS)
    if way == FOLDER:
        return None
    chosen = _server() if way == OTHER else _provider()
    if chosen.advice:
        explain(chosen.advice, indent="  ")
    user = ask(
        "User name (Enter: the server wants none)", str, default=reader.address if reader and way != OTHER else ""
    )
    password = ask("Password (not shown)", str, secret=True) if user else ""
    sender = ask("Sender's address", _address, default=user if "@" in user else reader.address if reader else "")
    return MailAnswer(chosen.host, sender, chosen.port, chosen.security, user, password)


def _provider() -> Provider:
    found = provider(choose("Provider", [(one.name, one.host) for one in PROVIDERS]))
    assert found is not None  # it was chosen from the same list
    return found


def _server() -> Provider:
    named = ask("Server, as host or host:port", server_of)
    ways = [(name, told) for name, (_, told) in _SECURITY.items()]
    chosen = choose("Encryption", ways, default=list(_SECURITY).index(named.security) + 1)
    return replace(named, security=security_of(chosen))


def security_of(text: str) -> Security:
    """Return how a connection is encrypted. Raises `ConfigurationError`."""
    if text not in _SECURITY:
        raise ConfigurationError(f"the encryption is {text[:40]!r}: take {', '.join(_SECURITY)}")
    return _SECURITY[text][0]


def server_of(text: str) -> Provider:
    """Return a provider by its name, or the server that is meant: `host` or `host:port`; 465 speaks TLS from the start.

    Raises `ConfigurationError`.
    """
    if known := provider(text):
        return known
    host, _, port = text.partition(":")
    if not host or " " in host or (port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536)):
        raise ConfigurationError(f"{text[:80]!r} is no server: type smtp.example.org or smtp.example.org:587")
    number = int(port or 587)
    return Provider("", host, number, "tls" if number == 465 else "none" if number == _RELAY_PORT else "starttls")


def _from_options(given: Given, reader: ReaderAnswer | None) -> MailAnswer | None:
    if given.server == FOLDER:
        return None
    server = server_of(given.server or "")
    if given.security:
        server = replace(server, security=security_of(given.security))
    sender = given.sender or (given.user if "@" in given.user else reader.address if reader else "")
    if not sender:
        raise ConfigurationError("mail through a server has a sender: add --sender ADDRESS")
    return MailAnswer(
        server.host, _address(sender), server.port, server.security, given.user, _password(given.password_file)
    )


def _password(path: str) -> str:
    from worker.setup.secret_files import read_secret

    return read_secret(Path(path), "the password file") if path else ""


def _address(text: str) -> str:
    return check_value("address", text)
