"""A mail that tries the way by which digests will go."""

from __future__ import annotations

import secrets

from pydantic import SecretStr

from worker.cli.first_hour.answers import MailAnswer, ReaderAnswer


def send_trial(mail: MailAnswer, reader: ReaderAnswer) -> str | None:
    """Send a mail of a few words; return why that could not be done, None when the server took it."""
    from worker import digests, net
    from worker.channels.email import MailSettings
    from worker.errors import StorywatchError
    from worker.setup.deps import Deps
    from worker.setup.settings import Settings

    settings = MailSettings(
        host=mail.host, port=mail.port, security=mail.security, username=mail.username,
        password=SecretStr(mail.password), sender=mail.sender,
    )  # fmt: skip
    deps = Deps(Settings(mail=settings))
    letter = digests.Letter(
        language="en", subject="Storywatch can reach you",
        before=("This is the test mail that you asked for: digests will come the same way.",),
        button="Your pages, once the service runs", link=f"{deps.settings.web_url}/",
    )  # fmt: skip
    try:
        known_as = digests.message_id(secrets.token_hex(16), settings.sender_domain)
        message = digests.write_letter(
            letter, sender=settings.named_sender, recipient=reader.address, message_id=known_as, at=deps.now()
        )
        channel = deps.channels.mail
        outcome = channel.send(channel.freeze(message), sender=mail.sender, recipient=reader.address)
    except StorywatchError as error:
        return str(error)
    return None if outcome.result is net.SendResult.SENT else outcome.detail
