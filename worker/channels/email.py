"""The channel of people who get digests as mail, through an SMTP server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import BaseModel, Field, SecretStr, model_validator

from worker.channels.channel import Channel, ChannelContext, DeclaredReader, Payload
from worker.channels.tables import Address, ReadingSetting, Table
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from email.message import EmailMessage

    from worker import net
    from worker.digests import Digest, DigestLinks

_LOOK_BACK = timedelta(hours=24)
_LONGEST_SENDING = timedelta(minutes=4)


class MailSettings(Table):
    """`[mail]`: without a host, digests are written into the outbox folder.

    `per_minute` is how many messages one server is given, 0 for any number. `doubt_seconds` is how long a
    message whose fate is not known waits before it goes out once more. `dkim_domain` and
    `unsubscribe_address` are the sender's own when empty; `theme` is a folder of templates.
    """

    host: str = ""
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    timeout_seconds: float = Field(30, gt=0, le=600)
    sender: Address = "storywatch@localhost"
    sender_name: str = "Storywatch"
    postal_address: str = ""
    unsubscribe_address: Address | Literal[""] = ""
    dkim_key_file: Path | None = None
    dkim_selector: str = Field("storywatch", pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$")
    dkim_domain: str = ""
    theme: Path = Path("theme")
    per_minute: float = Field(600, ge=0, le=1_000_000)
    doubt_seconds: float = Field(600, ge=60, le=86_400)
    outbox: Path = Path("outbox")

    @model_validator(mode="after")
    def _signs_for_its_own(self) -> Self:
        if self.dkim_domain and not f".{self.sender_domain.lower()}".endswith(f".{self.dkim_domain.lower()}"):
            sender = self.sender_domain.lower()
            raise ValueError(f"mail.dkim_domain is {self.dkim_domain}: it must be the sender's domain, {sender}")
        return self

    @property
    def sender_domain(self) -> str:
        """What stands behind the @ of the sender's address."""
        return self.sender.rpartition("@")[2]

    @property
    def named_sender(self) -> str:
        """The sender as mail names it: `Name <address>`."""
        return f"{self.sender_name} <{self.sender}>"


class SubscriberSetting(ReadingSetting):
    """`[[subscribers]]`: one person and what they want to read."""

    address: Address
    name: str = Field("", max_length=200)


class EmailTables(BaseModel):
    """The tables of mail in the configuration file."""

    mail: MailSettings = MailSettings()
    subscribers: tuple[SubscriberSetting, ...] = ()


class Email(Channel):
    """Mail to one address, signed where a key is set."""

    name: ClassVar[str] = "email"
    preview: ClassVar[str] = "digest.eml"
    is_personal: ClassVar[bool] = True

    def __init__(self, tables: EmailTables, context: ChannelContext) -> None:
        self._mail = tables.mail
        self._subscribers = tables.subscribers
        self._folder = context.folder
        self._read_secret = context.read_secret

    @classmethod
    def open(cls, tables: EmailTables, context: ChannelContext) -> Self | None:
        """Return the channel, or None where no SMTP host is set."""
        return cls(tables, context) if tables.mail.host else None

    @property
    def host(self) -> str:
        return f"{self._mail.host}:{self._mail.port}"

    @property
    def spacing(self) -> timedelta:
        return timedelta(minutes=1) / self._mail.per_minute if self._mail.per_minute else timedelta()

    @cached_property
    def mailer(self) -> net.Mailer:
        """What takes a message to the server; raises `ConfigurationError` for a password file that cannot be read.

        A message whose fate is unknown is left alone for `doubt_seconds`: sending one must have ended well before.
        """
        from worker import net

        return net.SmtpMailer(self._server())

    def try_login(self) -> net.SendOutcome:
        """Return whether the server lets us in; nothing is sent. Raises `ConfigurationError` as `mailer` does."""
        from worker import net

        return net.try_login(self._server())

    def _server(self) -> net.SmtpConfig:
        from worker import net

        mail, doubt = self._mail, timedelta(seconds=self._mail.doubt_seconds)
        return net.SmtpConfig(
            host=mail.host, port=mail.port, security=mail.security,
            username=mail.username, password=self._password(),
            timeout=timedelta(seconds=mail.timeout_seconds),
            total=min(_LONGEST_SENDING, doubt / 2),
        )  # fmt: skip

    @cached_property
    def dkim_key(self) -> net.DkimKey | None:
        """What mail is signed with, where a key is set; raises `ConfigurationError`."""
        mail = self._mail
        if mail.dkim_key_file is None:
            return None
        from worker import net  # pages that send a letter without a key need not pay for it

        path = self._folder / mail.dkim_key_file
        try:
            return net.DkimKey(mail.dkim_selector, mail.dkim_domain or mail.sender_domain, path.read_bytes())
        except OSError as error:
            raise ConfigurationError(f"mail.dkim_key_file {path} cannot be read: {error.strerror}") from error

    def readers(self) -> Sequence[DeclaredReader]:
        return [declared_reader(setting) for setting in self._subscribers]

    def check(self) -> None:
        from worker import digests

        digests.sender_parts(self._mail.named_sender)
        for subscriber in self._subscribers:
            digests.checked_address(subscriber.address)
        self.mailer  # noqa: B018 (making it reads the password file)

    def payload(self, digest: Digest, links: DigestLinks, templates: Mapping[str, str]) -> Payload:
        from worker import digests

        rendered = digests.render_all(digest, links=links, templates=templates)
        return Payload(self.freeze(rendered.message), rendered.text, None if rendered.is_cut else rendered.html)

    def freeze(self, message: EmailMessage) -> bytes:
        """Return the bytes that are kept and sent, however often: the domain's signature is part of them."""
        from worker import digests

        raw = digests.as_wire(message)
        return self.dkim_key.sign(raw) if self.dkim_key else raw

    def send(self, message: bytes, *, sender: str, recipient: str) -> net.SendOutcome:
        return self.mailer.send(message, sender=sender, recipient=recipient)

    def bounce(self, outcome: net.SendOutcome) -> net.Bounce | None:
        from worker import net

        return net.bounce_of(outcome)

    def blames_us(self, outcome: net.SendOutcome) -> bool:
        from worker import net

        return net.blames_sender(outcome)

    def destination(self, message: bytes, recipient: str) -> str:
        return f"through {self._mail.host} to {recipient}"

    def _password(self) -> str:
        if self._mail.password_file is None:
            return self._mail.password.get_secret_value()
        return self._read_secret(self._folder / self._mail.password_file, "mail.password_file")


def declared_reader(setting: SubscriberSetting) -> DeclaredReader:
    """Return a person's setting as a subscriber: a first digest looks back over a day."""
    whose = f"subscriber {setting.address}"
    return DeclaredReader(Email.name, setting.address, setting.name, whose, setting, _LOOK_BACK)
