"""The channel of programs that are told what is new by POST, as JSON or in Slack's form."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import BaseModel, Field, model_validator

from worker.channels.channel import Channel, ChannelContext, DeclaredReader, Payload
from worker.channels.tables import ReadingSetting
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from worker import net
    from worker.digests import Digest, DigestLinks

_PATIENCE = timedelta(seconds=15)  # what most senders of webhooks allow
_NOT_LET_IN = (401, 403, 407)  # a secret or an address that the receiver does not accept
_ANSWER = 100_000  # bytes; nothing is done with it


class WebhookSetting(ReadingSetting):
    """`[[webhooks]]`: a program that is told what is new. Address and secret may stand in files of their own."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    url: str = Field("", pattern=r"^(https?://\S+)?$")
    url_file: Path | None = None
    secret_file: Path | None = None
    form: Literal["json", "slack"] = "json"
    schedule: str = "instant"

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        if bool(self.url) == (self.url_file is not None):
            raise ValueError(f"webhook {self.name}: set either url or url_file")
        return self

    @property
    def address(self) -> str:
        """What the webhook is stored under, which gives nothing of its URL away."""
        return f"webhook:{self.name}"


class WebhookTables(BaseModel):
    """The tables of webhooks in the configuration file."""

    webhooks: tuple[WebhookSetting, ...] = ()


class Webhook(Channel):
    """All webhooks of the configuration, each known by its address."""

    name: ClassVar[str] = "webhook"
    preview: ClassVar[str] = "digest.http"
    by_file_alone: ClassVar[bool] = True

    def __init__(self, tables: WebhookTables, context: ChannelContext) -> None:
        self._webhooks = tables.webhooks
        self._context = context

    @classmethod
    def open(cls, tables: WebhookTables, context: ChannelContext) -> Self:
        """Return the channel, which is there without any webhook too: one that is no longer known is refused."""
        return cls(tables, context)

    @cached_property
    def mailer(self) -> net.Mailer:
        """What posts to each webhook; raises `ConfigurationError` for an address or secret that cannot be read."""
        from worker import net

        limits = net.HttpLimits(total=_PATIENCE, body_bytes=_ANSWER, redirects=0)
        guard = net.AddressGuard(self._context.private_hosts)
        poster = net.HttpFetcher(limits, guard, self._context.user_agent, proxy=self._context.proxy or None)
        targets = {one.address: _target(one, self._context) for one in self._webhooks}
        return net.WebhookMailer(poster, targets, self._context.now)

    def readers(self) -> Sequence[DeclaredReader]:
        return [
            DeclaredReader(self.name, one.address, one.name, f"webhook {one.name}", one, look_back=timedelta())
            for one in self._webhooks
        ]

    def check(self) -> None:
        if self._webhooks:
            self.mailer  # noqa: B018 (making it reads the files of addresses and secrets)

    def notice(self, name: str, *, delivery_id: str, subject: str, lines: Sequence[str]) -> tuple[str, bytes]:
        """Return the webhook's address, and what the outbox keeps of a message to it that is no digest."""
        from worker.net.webhook import freeze

        (one,) = (each for each in self._webhooks if each.name == name)
        told: dict[str, object] = {
            "version": 1,
            "kind": "operator",
            "id": delivery_id,
            "subject": subject,
            "lines": lines,
        }
        if one.form == "slack":
            told = {"text": html.escape("\n".join((subject, *lines)), quote=False)}
        return one.address, freeze(
            json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"), delivery_id=delivery_id
        )

    def payload(self, digest: Digest, links: DigestLinks, templates: Mapping[str, str]) -> Payload:
        from worker import digests
        from worker.net.webhook import freeze

        forms = {one.address: one.form for one in self._webhooks}
        is_slack = forms.get(digest.subscriber.address) == "slack"
        body = digests.as_slack(digest, links) if is_slack else digests.as_json(digest, links)
        delivery_id = links.message_id.strip("<>").partition("@")[0]
        return Payload(freeze(body, delivery_id=delivery_id), body.decode())

    def send(self, message: bytes, *, sender: str, recipient: str) -> net.SendOutcome:
        return self.mailer.send(message, sender=sender, recipient=recipient)

    def blames_us(self, outcome: net.SendOutcome) -> bool:
        return outcome.code in _NOT_LET_IN

    def destination(self, message: bytes, recipient: str) -> str:
        return recipient


def _target(webhook: WebhookSetting, context: ChannelContext) -> net.WebhookTarget:
    from worker import net
    from worker.net.webhook import read_key

    whose, folder, read_secret = f"webhook {webhook.name}", context.folder, context.read_secret
    url = read_secret(folder / webhook.url_file, f"{whose}: url_file") if webhook.url_file else webhook.url
    if not re.fullmatch(r"https?://\S+", url):
        raise ConfigurationError(f"{whose}: url_file must hold one http or https address")
    if webhook.secret_file is None:
        return net.WebhookTarget(url)
    try:
        return net.WebhookTarget(url, read_key(read_secret(folder / webhook.secret_file, f"{whose}: secret_file")))
    except ConfigurationError as error:
        raise ConfigurationError(f"{whose}: {error}") from error
