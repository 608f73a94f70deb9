"""A channel is one way on which digests reach their readers, with all that is its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from worker.channels.tables import ReadingSetting

if TYPE_CHECKING:
    from worker import net
    from worker.digests import Digest, DigestLinks


@dataclass(frozen=True, slots=True)
class ChannelContext:
    """What a channel is opened with besides its own tables.

    `folder` is where relative paths begin. `read_secret` returns what stands in a file that holds a secret, and raises
    `ConfigurationError` that begins with its second argument. `private_hosts` may be asked although their addresses are
    not public; `proxy` is the one that requests leave by, "" for none.
    """

    folder: Path
    user_agent: str
    now: Callable[[], datetime]
    read_secret: Callable[[Path, str], str]
    private_hosts: tuple[str, ...] = ()
    proxy: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DeclaredReader:
    """An entry of the configuration as a subscriber of a channel.

    `address` is what the subscriber is stored under, `whose` what complaints about the entry begin with, and
    `look_back` how far back the first digest goes.
    """

    channel: str
    address: str
    name: str
    whose: str
    reading: ReadingSetting
    look_back: timedelta


@dataclass(frozen=True, slots=True)
class Payload:
    """A digest in a channel's form: the exact bytes that are kept and sent, and what they say as text.

    `page` is the digest's whole HTML page where making the bytes has yielded it already.
    """

    message: bytes
    text: str
    page: str | None = None


class Channel(Protocol):
    """What the rest of the house asks of a channel; a new one inherits what it does not need to say.

    `name` is stored with subscribers and deliveries. `preview` is the file that `digest preview` writes the bytes
    to. `is_personal` says that the reader is a person, with pages to unsubscribe, change settings and give feedback.
    `by_file_alone` says that its readers are those of the configuration: who is taken out of it is told nothing more.
    """

    name: ClassVar[str]
    preview: ClassVar[str]
    is_personal: ClassVar[bool] = False
    by_file_alone: ClassVar[bool] = False

    @property
    def host(self) -> str:
        """Name and port of the one server that takes all deliveries and may need rest, or "" where there is none."""
        return ""

    @property
    def spacing(self) -> timedelta:
        """How far apart two deliveries to `host` are."""
        return timedelta()

    def readers(self) -> Sequence[DeclaredReader]:
        """Return the entries of the configuration that become subscribers of this channel."""
        ...

    def check(self) -> None:
        """Raise `ConfigurationError` for what would only come to light when the first digest is made or sent."""

    def payload(self, digest: Digest, links: DigestLinks, templates: Mapping[str, str]) -> Payload:
        """Return the digest in this channel's form, the same each time; `templates` replace those of its page."""
        ...

    def send(self, message: bytes, *, sender: str, recipient: str) -> net.SendOutcome:
        """Hand the bytes of a payload to the outside; never raises for what happens there.

        Raises `ConfigurationError` for a setting without which nothing can be sent.
        """
        ...

    def bounce(self, outcome: net.SendOutcome) -> net.Bounce | None:
        """Return what an outcome says of the recipient's address, None when it says nothing of it."""
        del outcome
        return None

    def blames_us(self, outcome: net.SendOutcome) -> bool:
        """Whether a refusal is for the operator to mend, and says nothing of the delivery: it is tried on and on."""
        del outcome
        return False

    def destination(self, message: bytes, recipient: str) -> str:
        """Return where the bytes go, as a person is told."""
        ...
