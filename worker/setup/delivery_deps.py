"""What makes and sends digests is handed, besides what every step is: channels, templates, and what signs links."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from worker import digests
from worker.setup.base_deps import BaseDeps
from worker.setup.couriers import load_dkim_key, make_mailer, make_webhooks
from worker.setup.secret_files import keep_secret
from worker.setup.site_overrides import read_theme
from worker.setup.topic_sources import load_topics

if TYPE_CHECKING:
    from email.message import EmailMessage

    from worker import net


class DeliveryDeps(BaseDeps):
    """What takes a digest to its reader, what it looks like, and the secret that its links are signed with."""

    @cached_property
    def mailer(self) -> net.Mailer:
        """The SMTP server, or the outbox folder where none is set."""
        return make_mailer(self.settings, doubt=self.doubt)

    @cached_property
    def webhooks(self) -> net.Mailer:
        """The programs that are told what is new, by name."""
        return make_webhooks(self.settings, self.user_agent, self.now)

    def courier(self, channel: str) -> net.Mailer:
        """Whatever takes a delivery of that channel to its recipient."""
        return self.webhooks if channel == "webhook" else self.mailer

    def mail_host(self, channel: str) -> str:
        """Return name and port of the mail server that deliveries of that channel go through, if they do."""
        mail = self.settings.mail
        return f"{mail.host}:{mail.port}" if channel == "email" and mail.host else ""

    @property
    def mail_spacing(self) -> timedelta:
        """How far apart two messages to one mail server are."""
        rate = self.settings.mail.per_minute
        return timedelta(minutes=1) / rate if rate else timedelta()

    @property
    def doubt(self) -> timedelta:
        """How long a message whose fate is not known is left alone."""
        return timedelta(seconds=self.settings.mail.doubt_seconds)

    @property
    def delivery_lease(self) -> timedelta:
        """How long a delivery whose worker died is left alone: its bytes may have arrived."""
        return self.doubt if self.settings.mail.host else self.lease

    @cached_property
    def dkim(self) -> net.DkimKey | None:
        """What digests are signed with, where a key is set."""
        return load_dkim_key(self.settings)

    @cached_property
    def theme(self) -> dict[str, str]:
        """The templates that replace the digest's own, by name."""
        return read_theme(self.settings.at(self.settings.mail.theme))

    def frozen(self, message: EmailMessage) -> bytes:
        """Return the bytes that are kept and sent, however often: the domain's signature is part of them."""
        raw = digests.as_wire(message)
        return self.dkim.sign(raw) if self.dkim else raw

    def topic_titles(self, language: str) -> dict[str, str]:
        """Return how each topic is called in that language."""
        return {topic.name: dict(topic.titles).get(language) or topic.name for topic in load_topics(self.settings)}

    @cached_property
    def secret(self) -> str:
        """What links are signed with: the one set, or the installation's own."""
        return self.settings.secret.get_secret_value() or keep_secret(self.settings.data_folder / "secret.key")

    def sign(self, purpose: str, payload: dict[str, object], *, lasts: timedelta | None = None) -> str:
        """Return a token for a link of ours; without `lasts` it holds for ever."""
        expires_at = None if lasts is None else self.now() + lasts
        return digests.sign(purpose, payload, secret=self.secret, expires_at=expires_at)

    def read_token(self, purpose: str, token: str) -> dict[str, object]:
        """Return what a token of ours carries; raises `digests.TokenError`."""
        return digests.read(purpose, token, secret=self.secret, now=self.now())
