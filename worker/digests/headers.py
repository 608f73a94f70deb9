"""Values that may stand in a mail header, whatever they are made from."""

from __future__ import annotations

import re
from hashlib import sha256

from worker.digests.text import one_line
from worker.errors import ConfigurationError

SUBJECT_LIMIT = 120
NAME_LIMIT = 60
# RFC 5322 dot-atom "@" host name; lengths by RFC 5321 §4.5.3.1. Quoted local parts are legal and never seen.
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])")
_SENDER = re.compile(r"\s*(?:\"?(?P<name>[^\"<>]*)\"?\s*<(?P<angled>[^<>]*)>|(?P<bare>[^\s<>]+))\s*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,200}@[A-Za-z0-9.-]{1,253}>")


def header_text(text: str, limit: int = SUBJECT_LIMIT) -> str:
    """`text` as one harmless header value of at most `limit` characters.

    Line breaks, controls, bidirectional and zero-width characters go, and no encoded word ("=?…?=") is left:
    Python below 3.11.10 decodes one and writes the line break inside it into the mail (CVE-2024-6923).
    """
    visible = one_line(text.replace("\u200d", ""), limit)
    # A space breaks the mark; what it adds is cut off again, which cannot join the two characters.
    return visible.replace("=?", "= ?").replace("?=", "? =")[:limit].rstrip()


def checked_address(address: str) -> str:
    """`address` if mail can be sent to it as it stands (ASCII; a foreign domain becomes its IDNA form).

    Raises ConfigurationError otherwise.
    """
    local, _, domain = address.strip().rpartition("@")
    try:
        ascii_address = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        ascii_address = ""
    name = ascii_address.partition("@")[0]
    # An encoded word is a legal local part, and no mailbox: a reader of the header could make lines of it.
    encoded = "=?" in name
    dots_amiss = encoded or ".." in ascii_address or name.startswith(".") or name.endswith(".")
    if dots_amiss or not _ADDRESS.fullmatch(ascii_address):
        raise ConfigurationError(f"mail address {address[:80]!r} cannot be used; write it as name@example.org")
    return ascii_address


def sender_parts(sender: str) -> tuple[str, str]:
    """Name (may be empty) and address of a sender given as `Name <address>` or as an address alone."""
    match = _SENDER.fullmatch(sender)
    if match is None:
        raise ConfigurationError(f"sender {sender[:80]!r} cannot be used; write it as Name <name@example.org>")
    return header_text(match["name"] or "", NAME_LIMIT), checked_address(match["angled"] or match["bare"] or "")


def message_id(key: str, domain: str) -> str:
    """The Message-ID for `key` (subscription, kind and window): the same key gives the same id, always.

    A second copy of a digest whose fate is unknown can so be told from a second digest. The key cannot be
    read back from it. Raises ConfigurationError when `domain` is not a host name.
    """
    return checked_message_id(f"<{sha256(key.encode()).hexdigest()[:40]}@{domain}>")


def checked_message_id(value: str) -> str:
    """`value` if it is a Message-ID (RFC 5322 §3.6.4); raises ConfigurationError otherwise."""
    if not _MESSAGE_ID.fullmatch(value):
        raise ConfigurationError(f"{value[:80]!r} is not a Message-ID; the domain must be a host name")
    return value


def list_id(value: str) -> str:
    """A List-ID (RFC 2919) from a dotted label; anything else in it becomes a hyphen."""
    label = value.rpartition("<")[2].partition(">")[0].strip().lower()
    return f"<{re.sub(r'[^a-z0-9.-]+', '-', label)[:200].strip('.-') or 'storywatch.localhost'}>"
