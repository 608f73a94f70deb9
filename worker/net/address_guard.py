"""Keeps fetches away from everything that is not the public internet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from worker.errors import ConfigurationError, FetchError, FetchReason
from worker.net.lookup import Resolver, look_up
from worker.net.public_addresses import is_public
from worker.net.shown_address import shown
from worker.net.web_address import WebAddress, read_address

# Ports of other protocols, which an HTTP request could be made to speak to: the Fetch standard's list,
# https://fetch.spec.whatwg.org/#port-blocking
# fmt: off
_OTHER_PROTOCOLS = frozenset((
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103,
    104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513,
    514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720,
    1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
    10080,
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a connection for one hop may go: these addresses at this port, and nowhere else."""

    host: str
    port: int
    addresses: tuple[str, ...]

    def includes(self, address: str, port: int) -> bool:
        return port == self.port and any(ip_address(address) == ip_address(known) for known in self.addresses)


@dataclass(frozen=True, slots=True)
class _Exception:
    """One entry of `allow`: a name or a range of addresses, at one port or at all."""

    name: str | None
    network: IPv4Network | IPv6Network | None
    port: int | None

    def covers(self, host: str, address: IPv4Address | IPv6Address | None, port: int) -> bool:
        if self.port is not None and self.port != port:
            return False
        if self.network is None:
            return host == self.name
        return address is not None and address.version == self.network.version and address in self.network


class AddressGuard:
    """Decides which addresses a URL may be fetched from.

    A name is looked up once per fetch; *every* address it has must be public, and the connection is pinned to
    those addresses (`Destination`), so a name that changes its mind between check and connect gains nothing.
    `allow` names exceptions: "host", "host:port", an address, "address:port" or a range in CIDR form.
    Raises `ConfigurationError` for an entry that is none of these.
    """

    def __init__(self, allow: Sequence[str] = (), *, resolver: Resolver = look_up) -> None:
        self._exceptions = tuple(_read_exception(entry) for entry in allow)
        self._resolver = resolver

    def admit(self, address: WebAddress, seconds: float) -> Destination:
        """Where to connect. Raises `FetchError`: ADDRESS_REFUSED, or DNS after at most `seconds`."""
        self._check_port(address)
        literal = address.literal
        found = (str(literal),) if literal else tuple(self._resolver(address.host, seconds))
        for text in found:
            self._check(address, _plain(text))
        return Destination(address.host, address.port, tuple(str(_plain(text)) for text in found))

    def admit_through_proxy(self, address: WebAddress) -> None:
        """Check what the URL itself says: names are the proxy's to look up and to refuse."""
        self._check_port(address)
        if address.literal:
            self._check(address, address.literal)
        elif address.host == "localhost" or address.host.endswith(".localhost"):
            self._check(address, IPv4Address("127.0.0.1"))

    def _check(self, target: WebAddress, address: IPv4Address | IPv6Address) -> None:
        if not is_public(address) and not self._is_excepted(target, address):
            where = f"{target.host} is at {address}" if target.host != str(address) else str(address)
            raise _refused(target, f"{where}, which is not a public address")

    def _check_port(self, target: WebAddress) -> None:
        if target.port in _OTHER_PROTOCOLS and not self._is_excepted(target, target.literal):
            raise _refused(target, f"port {target.port} is not a web server's")

    def _is_excepted(self, target: WebAddress, address: IPv4Address | IPv6Address | None) -> bool:
        return any(entry.covers(target.host, address, target.port) for entry in self._exceptions)


def _plain(text: str) -> IPv4Address | IPv6Address:
    """The address without the interface that getaddrinfo adds to link-local ones."""
    return ip_address(text.partition("%")[0])


def _read_exception(entry: str) -> _Exception:
    try:
        if "/" in entry:
            return _Exception(None, ip_network(entry.strip()), None)
        host, port = _split_port(entry.strip())
        bracketed = f"[{host}]" if ":" in host else host
        address = read_address(f"http://{bracketed}:{port or 80}/")
        if address.target != "/" or address.port != (port or 80):
            raise ValueError("more than a host")
    except (ValueError, FetchError) as error:
        raise ConfigurationError(
            f"allow_private_hosts: {entry!r} is none of host, host:port, address, address:port, address/bits"
        ) from error
    network = ip_network(address.host) if address.literal else None
    return _Exception(address.host, network, port)


def _split_port(entry: str) -> tuple[str, int | None]:
    if entry.startswith("["):
        host, _, port = entry[1:].partition("]")
        return host, int(port.removeprefix(":")) if port else None
    if entry.count(":") == 1:
        host, _, port = entry.partition(":")
        return host, int(port)
    return entry, None


def _refused(target: WebAddress, why: str) -> FetchError:
    return FetchError(FetchReason.ADDRESS_REFUSED, f"refused ({why})", url=shown(target.url), transient=False)
