"""Channels: the ways on which digests reach their readers, one file a channel and here one row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from worker.channels.channel import Channel, ChannelContext, DeclaredReader, Payload
from worker.channels.email import Email, EmailTables
from worker.channels.folder import Folder
from worker.channels.webhook import Webhook, WebhookTables
from worker.errors import ConfigurationError


class ChannelTables(EmailTables, WebhookTables):
    """Every channel's own tables of the configuration file."""


CHANNELS: tuple[Callable[[ChannelTables, ChannelContext], Channel | None], ...] = (
    Email.open,
    Folder.open,
    Webhook.open,
)
"""What opens each channel, or returns None where the configuration asks for another in its place."""


class Channels:
    """The channels that are open, by name."""

    def __init__(self, opened: Iterable[Channel]) -> None:
        self._by_name = {channel.name: channel for channel in opened}

    def __iter__(self) -> Iterator[Channel]:
        return iter(self._by_name.values())

    def of(self, name: str) -> Channel:
        """Return the channel that subscribers and deliveries of that name go by; raises `ConfigurationError`."""
        try:
            return self._by_name[name]
        except KeyError:
            there = ", ".join(sorted(self._by_name))
            raise ConfigurationError(f"there is no channel {name!r:.80}; there are {there}") from None

    @property
    def mail(self) -> Email:
        """The channel of whoever is known by a mail address alone."""
        found = self.of(Email.name)
        if not isinstance(found, Email):
            raise ConfigurationError(f"the channel {Email.name!r} sends no mail")
        return found


def open_channels(tables: ChannelTables, context: ChannelContext) -> Channels:
    """Open the channels that the tables ask for: nothing is read or sent before it is needed."""
    opened = (open_channel(tables, context) for open_channel in CHANNELS)
    return Channels(channel for channel in opened if channel is not None)


__all__ = [
    "CHANNELS",
    "Channel",
    "ChannelContext",
    "ChannelTables",
    "Channels",
    "DeclaredReader",
    "Payload",
    "open_channels",
]
