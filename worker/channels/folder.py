"""The channel of mail as files in the outbox folder, for running without an SMTP host."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Self

from worker.channels.channel import ChannelContext
from worker.channels.email import Email, EmailTables

if TYPE_CHECKING:
    from worker import net


class Folder(Email):
    """The same messages to the same readers: what waits here when a host is set goes through that."""

    @classmethod
    def open(cls, tables: EmailTables, context: ChannelContext) -> Self | None:
        """Return the channel, or None where an SMTP host is set."""
        return None if tables.mail.host else cls(tables, context)

    @property
    def host(self) -> str:
        return ""

    @property
    def spacing(self) -> timedelta:
        return timedelta()

    @cached_property
    def mailer(self) -> net.Mailer:
        """What writes a message into the folder."""
        from worker import net

        return net.OutboxFolderMailer(self._folder / self._mail.outbox)

    def bounce(self, outcome: net.SendOutcome) -> net.Bounce | None:
        """Return None: a folder knows no address."""
        del outcome
        return None

    def destination(self, message: bytes, recipient: str) -> str:
        from worker.net.outbox_folder import file_name

        return str(self._folder / self._mail.outbox / file_name(message))
