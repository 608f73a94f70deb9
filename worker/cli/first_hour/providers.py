"""Mail providers: the servers through which their customers send. Each one's own help pages say so (November 2026)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider's server; `advice` is what its customers have to know."""

    name: str
    host: str
    port: int = 587
    security: Security = "starttls"
    advice: str = ""


_OF_ITS_OWN = "It wants an app password, made in your account's security settings: not the one you log in with."
_KEYS = "The user name and password are those that its pages call SMTP credentials."

PROVIDERS = (
    Provider("gmail", "smtp.gmail.com", advice=_OF_ITS_OWN),
    Provider("outlook", "smtp-mail.outlook.com", advice="It may refuse passwords: then take another provider."),
    Provider("microsoft365", "smtp.office365.com", advice="Your administrator must allow SMTP AUTH for the mailbox."),
    Provider("icloud", "smtp.mail.me.com", advice=_OF_ITS_OWN),
    Provider("yahoo", "smtp.mail.yahoo.com", 465, "tls", _OF_ITS_OWN),
    Provider("fastmail", "smtp.fastmail.com", 465, "tls", _OF_ITS_OWN),
    Provider("zoho", "smtp.zoho.com", 465, "tls", _OF_ITS_OWN),
    Provider("gmx", "mail.gmx.net", advice="Sending by other programs must be allowed in its settings."),
    Provider("posteo", "posteo.de", 465, "tls"),
    Provider("mailbox.org", "smtp.mailbox.org", 465, "tls"),
    Provider("migadu", "smtp.migadu.com", 465, "tls"),
    Provider("sendgrid", "smtp.sendgrid.net", advice="The user name is 'apikey', the password an API key."),
    Provider("mailgun", "smtp.mailgun.org", advice=_KEYS),
    Provider("postmark", "smtp.postmarkapp.com", advice="User name and password are both the server's API token."),
    Provider("brevo", "smtp-relay.brevo.com", advice=_KEYS),
)


def provider(name: str) -> Provider | None:
    """Return the provider of that name."""
    return next((one for one in PROVIDERS if one.name == name.strip().lower()), None)
