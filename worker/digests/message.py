"""The message around a digest's text and HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from worker.digests.digest import Digest
from worker.digests.headers import (
    NAME_LIMIT,
    checked_address,
    checked_message_id,
    header_text,
    list_id,
    sender_parts,
)
from worker.digests.links import DigestLinks, safe_href
from worker.digests.wire import WireHeader, address_header, quoted_printable, text_header, token_header
from worker.errors import ConfigurationError


def assemble(digest: Digest, links: DigestLinks, *, subject: str, text: str, html: str) -> EmailMessage:
    """A multipart/alternative message, text first: ASCII with CRLF and short lines once it is written out.

    The same values give the same bytes: the date is the period's end, the boundary a hash of the Message-ID.
    Raises ConfigurationError when an address or id cannot stand in a header.
    """
    return multipart(_headers(digest, links, subject), links.message_id, text=text, html=html)


def multipart(headers: Iterable[WireHeader], message_id: str, *, text: str, html: str) -> EmailMessage:
    """The message with those headers and both bodies."""
    message = EmailMessage(policy=SMTP)
    for header in headers:
        message[header.name] = header
    boundary = sha256(message_id.encode()).hexdigest()[:32]
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = token_header("Content-Type", "multipart/alternative;", f'boundary="=_{boundary}"')
    message.attach(_part("plain", text))
    message.attach(_part("html", html))
    return message


def as_wire(message: EmailMessage) -> bytes:
    """The bytes to freeze and send: ASCII, CRLF line ends, lines of at most 998 octets (RFC 5322 §2.1.1)."""
    return message.as_bytes()


def _headers(digest: Digest, links: DigestLinks, subject: str) -> Iterator[WireHeader]:
    name, address = sender_parts(links.sender)
    yield address_header("From", name, address)
    reader = digest.subscriber
    yield address_header("To", header_text(reader.name, NAME_LIMIT), checked_address(reader.address))
    yield token_header("Date", format_datetime(digest.period.end))
    yield token_header("Message-ID", checked_message_id(links.message_id))
    yield text_header("Subject", header_text(subject))
    yield token_header("List-ID", list_id(links.list_id))
    yield from _unsubscribe_headers(links)
    yield token_header("Auto-Submitted", "auto-generated")  # RFC 3834: no vacation notice shall answer
    if links.feedback_id:
        yield token_header("Feedback-ID", _feedback_id(links.feedback_id))


def _unsubscribe_headers(links: DigestLinks) -> Iterator[WireHeader]:
    """RFC 2369 and, for the one click, RFC 8058, which wants https: a page without it is not announced."""
    url = href if (href := safe_href(links.unsubscribe)).startswith("https://") else ""
    mailto = links.unsubscribe_mailto.removeprefix("mailto:")
    targets = [f"<{url}>"] if url else []
    if mailto:
        address, _, query = mailto.partition("?")
        if not query.isascii() or any(c in '<>,"\\' or c.isspace() or not c.isprintable() for c in query):
            raise ConfigurationError(f"unsubscribe address {mailto[:80]!r} cannot be used")
        targets.append(f"<mailto:{checked_address(address)}{'?' if query else ''}{query}>")
    if targets:
        # RFC 2369 §2: a comma between the targets; each on a line of its own.
        *first, last = targets
        yield token_header("List-Unsubscribe", *(f"{target}," for target in first), last)
    if url:
        yield token_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")


def _feedback_id(value: str) -> str:
    if not value.isascii() or not value.isprintable() or " " in value or len(value) > 200:
        raise ConfigurationError(f"Feedback-ID {value[:80]!r} must be printable ASCII without spaces")
    return value


def _part(subtype: str, content: str) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = token_header("Content-Type", f"text/{subtype};", 'charset="utf-8"')
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(quoted_printable(content))
    return part
