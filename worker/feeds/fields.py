"""The bounds and forms every entry's fields obey, whatever format they came in."""

from __future__ import annotations

import hashlib
import html
import re
from urllib.parse import urljoin, urlsplit

from worker.feeds.defusing import scrub

MAX_TITLE_BYTES = 4_096
MAX_HTML_BYTES = 524_288
MAX_NAME_BYTES = 256
MAX_URL_LENGTH = 4_096
MAX_ID_BYTES = 1_024
MAX_AUTHORS = 20

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{2,8}){0,3})\Z")
_MARKUP = re.compile(r"</?(?:a|b|blockquote|br|div|em|figure|h[1-6]|i|img|li|ol|p|pre|span|strong|table|u|ul)\b[^<>]*>")


def clean_text(value: object, limit: int) -> str:
    """Return a stripped string a database can hold, at most `limit` UTF-8 bytes; empty for anything else."""
    if not isinstance(value, str):
        return ""
    text = scrub(value).strip()
    # Characters take at most four bytes, so most texts need no counting.
    if len(text) * 4 > limit and len(encoded := text.encode()) > limit:
        text = encoded[:limit].decode("utf-8", "ignore")
    return text


def clean_html(value: object, *, plain: bool = False) -> str:
    """Return an HTML fragment; `plain` text is escaped unless it is markup its feed forgot to announce."""
    text = clean_text(value, MAX_HTML_BYTES)
    return html.escape(text, quote=False) if plain and not _MARKUP.search(text) else text


def absolute_url(value: object, base: str) -> str:
    """Resolve a link against `base`; empty unless the result is an http or https URL with a host."""
    if not isinstance(value, str):
        return ""
    text = re.sub(r"[\t\r\n]", "", scrub(value)).strip()
    if not text or len(text) > MAX_URL_LENGTH:
        return ""
    try:
        url = urljoin(base, text)
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        return ""
    # urljoin leaves the scheme of an address as it was written.
    url = parts.scheme + url[len(parts.scheme) :] if usable else ""
    return url if not re.search(r"\s", parts.netloc) and len(url) <= MAX_URL_LENGTH else ""


def base_of(site: str, document: str) -> str:
    """What a feed's relative links are resolved against: its site, where its document lives on another host."""
    try:
        elsewhere = site and urlsplit(site).hostname != urlsplit(document).hostname
    except ValueError:
        return document
    return site if elsewhere else document


def entry_id(stated: object, url: str, *parts: str) -> str:
    """Return the feed's own identifier, else the link, else a hash of `parts`; never empty, never endless."""
    found = clean_text(stated, MAX_URL_LENGTH) or url
    if found and len(found.encode()) <= MAX_ID_BYTES:
        return found
    digest = hashlib.sha256("\0".join([found, *parts]).encode()).hexdigest()
    return f"sha256:{digest}"


def person_name(stated: str) -> str:
    """Return the name in `mail@host (Name)` or `Name <mail@host>`, or the address where it stands alone."""
    name = re.sub(r"\S+@\S+", " ", stated).strip(" ()<>,;:\t\r\n") if "@" in stated else ""
    return name or stated


def author_names(names: list[str]) -> tuple[str, ...]:
    """Return the distinct non-empty names in their order."""
    cleaned = (" ".join(clean_text(name, MAX_NAME_BYTES).split()) for name in names[:MAX_AUTHORS])
    return tuple(dict.fromkeys(name for name in cleaned if name))


def language_tag(value: object) -> str | None:
    """Return a BCP 47 tag with a lower-case language (`en-US`), or None where the value is none."""
    found = _LANGUAGE.match(value.strip().replace("_", "-")) if isinstance(value, str) else None
    return found.group(1).lower() + found.group(2) if found else None
