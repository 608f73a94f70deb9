"""What a person answered: all that the first files are made from."""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.cli.first_hour.own_topic import OwnTopic
from worker.cli.first_hour.providers import Security
from worker.feeds import OpmlFeed


@dataclass(frozen=True, slots=True)
class ReaderAnswer:
    """Who reads, in which language, and when."""

    address: str
    language: str = "en"
    zone: str = "UTC"
    schedule: str = "daily at 07:00"


@dataclass(frozen=True, slots=True)
class MailAnswer:
    """The server that mail goes through; the password is kept in a file of its own."""

    host: str
    sender: str
    port: int = 587
    security: Security = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Answers:
    """`topic` is a built-in one's name, `own` another that is made; `feeds` None: the starter list as it is.

    `private_hosts` are those of the feeds that are in no public network.
    """

    topic: str = ""
    own: OwnTopic | None = None
    feeds: tuple[OpmlFeed, ...] | None = None
    private_hosts: tuple[str, ...] = ()
    reader: ReaderAnswer | None = None
    mail: MailAnswer | None = None
