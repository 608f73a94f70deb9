"""Reading a URL strictly, into the parts a connection is made from.

The guard, curl and the host limits all work on one reading, so that no two of them can see different hosts
in one string. What cannot be read without guessing is refused.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from worker.errors import FetchError, FetchReason
from worker.net.shown_address import shown

LONGEST_URL = 8_000  # characters; what common servers accept is 8 KB of request line
DEFAULT_PORTS = {"http": 80, "https": 443}

_SAFE = "!#$%&'()*+,/:;=?@[]~|"
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class WebAddress:
    """One http(s) URL, read. `host` is an ASCII name or a canonical IP literal without brackets."""

    scheme: str
    host: str
    port: int
    target: str  # path and query, percent-encoded

    @property
    def literal(self) -> IPv4Address | IPv6Address | None:
        try:
            return ip_address(self.host)
        except ValueError:
            return None

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def url(self) -> str:
        return self.origin + self.target


def read_address(url: str) -> WebAddress:
    """Read an absolute http or https URL.

    Raises `FetchError`: MALFORMED for what is not such a URL, ADDRESS_REFUSED for another scheme or for
    a user name in the URL (secrets belong in the feed's own headers, and `a@b` is how people are misled).
    """
    text = url.strip()
    if len(text) > LONGEST_URL:
        raise _malformed(url, f"longer than {LONGEST_URL} characters")
    try:
        parts = urlsplit(text)
        port = parts.port
        host = parts.hostname or ""
    except ValueError as error:
        raise _malformed(url, str(error)) from error
    if parts.scheme not in DEFAULT_PORTS:
        raise _refused(url, "only http and https are fetched")
    if "@" in parts.netloc:
        raise _refused(url, "carries a user name")
    if port == 0 or not host:
        raise _malformed(url, "names no host" if not host else "port 0")
    return WebAddress(parts.scheme, _read_host(host, url), port or DEFAULT_PORTS[parts.scheme], _target(parts))


def follow(base: WebAddress, location: str) -> WebAddress:
    """The address a Location header leads to. Raises as `read_address`.

    "http:feed", "http:///feed" and the like, which readers of URLs understand in different ways, are refused.
    """
    place = location.strip()
    if _SCHEME.match(place):
        return read_address(place)
    try:
        joined = urljoin(base.url, _slashed(place))
    except ValueError as error:
        raise _malformed(location, str(error)) from error
    return read_address(joined)


def _slashed(place: str) -> str:
    """A relative reference as browsers read it: "\\\\host" and "///host" are "//host"."""
    path_end = len(re.split("[?#]", place, maxsplit=1)[0])
    path = place[:path_end].replace("\\", "/")
    if path.startswith("//"):
        path = "//" + path.lstrip("/")
    return path + place[path_end:]


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=_SAFE, errors="replace")
    query = quote(parts.query, safe=_SAFE, errors="replace")
    return f"{path}?{query}" if query else path


def _read_host(host: str, url: str) -> str:
    if ":" in host:
        try:
            if "%" in host:  # a zone names an interface of this machine
                raise _malformed(url, "carries an IPv6 zone")
            return str(IPv6Address(host))
        except ValueError as error:
            raise _malformed(url, "not an IPv6 address") from error
    name = _ascii_name(host, url).removesuffix(".")
    if not _NAME.fullmatch(name):
        raise _malformed(url, "not a host name")
    # A last label that is a number makes the whole an IPv4 address in any of inet_aton's spellings
    # (octal, hexadecimal, fewer than four parts), as in the WHATWG URL standard.
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        try:
            return socket.inet_ntoa(socket.inet_aton(name))
        except OSError as error:
            raise _malformed(url, "not an IPv4 address") from error
    return name


def _ascii_name(host: str, url: str) -> str:
    if host.isascii():
        return host.lower()
    import idna  # its tables are only paid for by those who meet such a name

    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise _malformed(url, "not an international host name") from error


def _malformed(url: str, why: str) -> FetchError:
    return FetchError(FetchReason.MALFORMED, f"not a usable URL ({why})", url=shown(url), transient=False)


def _refused(url: str, why: str) -> FetchError:
    return FetchError(FetchReason.ADDRESS_REFUSED, f"refused ({why})", url=shown(url), transient=False)
