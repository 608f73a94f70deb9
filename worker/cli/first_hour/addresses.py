"""What a person may type for a site: an address, or the name of a file."""

from __future__ import annotations

from urllib.parse import urlsplit

_FILE_ENDINGS = (".opml", ".xml")


def is_feed_list(text: str) -> bool:
    """Whether a file is meant, and not a site."""
    return "://" not in text and text.lower().endswith(_FILE_ENDINGS)


def host_with_port(url: str) -> str:
    """Return what `fetch.allow_private_hosts` calls the address's host; "" where it has none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return f"{host}:{port}" if port else host
