"""What takes a digest to its recipient, as the settings name it: a mail server, a folder, programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from worker.errors import ConfigurationError
from worker.setup.secret_files import read_secret
from worker.setup.settings import Settings, WebhookSetting

if TYPE_CHECKING:
    from worker import net

_LONGEST_DELIVERY = timedelta(minutes=4)
_WEBHOOK_PATIENCE = timedelta(seconds=15)  # what most senders of webhooks allow
_WEBHOOK_ANSWER = 100_000  # bytes; nothing is done with it


def make_mailer(settings: Settings, *, doubt: timedelta) -> net.Mailer:
    """Return the SMTP server, or the outbox folder where none is set.

    A message whose fate is unknown is left alone for `doubt`: sending one must have ended well before.
    Raises `ConfigurationError` for a password file that cannot be read.
    """
    from worker import net

    mail = settings.mail
    if not mail.host:
        return net.OutboxFolderMailer(settings.outbox_folder)
    return net.SmtpMailer(
        net.SmtpConfig(
            host=mail.host, port=mail.port, security=mail.security,
            username=mail.username, password=_mail_password(settings),
            timeout=timedelta(seconds=mail.timeout_seconds),
            total=min(_LONGEST_DELIVERY, doubt / 2),
        )
    )  # fmt: skip


def make_webhooks(settings: Settings, user_agent: str, now: Callable[[], datetime]) -> net.Mailer:
    """Return the programs that are told what is new, by name; raises `ConfigurationError`."""
    from worker import net

    limits = net.HttpLimits(total=_WEBHOOK_PATIENCE, body_bytes=_WEBHOOK_ANSWER, redirects=0)
    guard = net.AddressGuard(settings.fetch.allow_private_hosts)
    poster = net.HttpFetcher(limits, guard, user_agent, proxy=settings.fetch.proxy or None)
    targets = {f"webhook:{one.name}": _webhook_target(one, settings) for one in settings.webhooks}
    return net.WebhookMailer(poster, targets, now)


def load_dkim_key(settings: Settings) -> net.DkimKey | None:
    """Return what digests are signed with, where a key is set; raises `ConfigurationError`."""
    from worker import net

    mail = settings.mail
    if mail.dkim_key_file is None:
        return None
    path = settings.at(mail.dkim_key_file)
    try:
        return net.DkimKey(mail.dkim_selector, mail.dkim_domain or mail.sender.rpartition("@")[2], path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"mail.dkim_key_file {path} cannot be read: {error.strerror}") from error


def _webhook_target(webhook: WebhookSetting, settings: Settings) -> net.WebhookTarget:
    from worker import net
    from worker.net.webhook import read_key

    whose = f"webhook {webhook.name}"
    url = read_secret(settings.at(webhook.url_file), f"{whose}: url_file") if webhook.url_file else webhook.url
    if not re.fullmatch(r"https?://\S+", url):
        raise ConfigurationError(f"{whose}: url_file must hold one http or https address")
    if webhook.secret_file is None:
        return net.WebhookTarget(url)
    try:
        return net.WebhookTarget(url, read_key(read_secret(settings.at(webhook.secret_file), f"{whose}: secret_file")))
    except ConfigurationError as error:
        raise ConfigurationError(f"{whose}: {error}") from error


def _mail_password(settings: Settings) -> str:
    if settings.mail.password_file is None:
        return settings.mail.password.get_secret_value()
    return read_secret(settings.at(settings.mail.password_file), "mail.password_file")
