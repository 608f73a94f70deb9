"""The HTTP client over TLS: through a proxy's tunnel, and in HTTP/2."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme

from worker.errors import FetchError, FetchReason
from worker.net import AddressGuard, FetchedResource, HttpFetcher, HttpLimits

FEED = b"<rss version='2.0'><channel><title>Puerto</title></channel></rss>"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(FEED) + FEED
SETTINGS, HEADERS, DATA, ACK, END_STREAM, END_HEADERS = 4, 1, 0, 1, 1, 4

Serve = Callable[[socket.socket], None]


@dataclass
class Listener:
    """Serves each connection that comes in, one after the other; `seen` is what was asked for."""

    port: int
    seen: list[bytes] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextlib.contextmanager
def listening(serve: Callable[[socket.socket, Listener], None]) -> Iterator[Listener]:
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        listener = Listener(server.getsockname()[1])

        def accept() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    visitor, _ = server.accept()
                    visitor.settimeout(5)
                    with visitor, contextlib.suppress(OSError):
                        serve(visitor, listener)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield listener
        finally:
            stop.set()
            thread.join()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


def context(authority: trustme.CA, *protocols: str) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("secure.example").configure_cert(made)
    made.set_alpn_protocols(list(protocols))
    return made


def read_head(sock: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n") and (byte := sock.recv(1)):
        head += byte
    return head


def test_a_proxy_is_asked_for_a_tunnel_and_sees_nothing_of_what_goes_through(
    authority: trustme.CA, bundle: str
) -> None:
    """It also looks the name up: what it refuses is refused, and what is plainly inside is never asked of it."""
    tls = context(authority, "http/1.1")

    def serve(visitor: socket.socket, proxy: Listener) -> None:
        head = read_head(visitor)
        proxy.seen.append(head)
        if b"inside.example" in head:
            visitor.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        visitor.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with tls.wrap_socket(visitor, server_side=True) as tunnel:
            assert b"\r\nAuthorization: secret\r\n" in read_head(tunnel)  # type: ignore[arg-type]
            tunnel.sendall(ANSWER)

    with listening(serve) as proxy:
        fetcher = HttpFetcher(
            HttpLimits(), AddressGuard(), "Storywatch", f"http://name:word@{proxy.place}", ca_bundle=bundle
        )
        found = fetcher.fetch("https://secure.example/feed", headers={"Authorization": "secret"})
        assert isinstance(found, FetchedResource)
        assert found.body == FEED
        for url in ("https://inside.example/", "https://10.0.0.1/", "https://localhost/", "https://[::1]/"):
            with pytest.raises(FetchError) as caught:
                fetcher.fetch(url)
            refused = FetchReason.CONNECTION if "inside" in url else FetchReason.ADDRESS_REFUSED
            assert caught.value.reason is refused, url
            assert "word" not in str(caught.value)
    assert [head.split()[:2] for head in proxy.seen] == [
        [b"CONNECT", b"secure.example:443"], [b"CONNECT", b"inside.example:443"]
    ]  # fmt: skip
    assert b"secret" not in proxy.seen[0]
    assert b"Proxy-Authorization: Basic " in proxy.seen[0]


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def test_where_the_server_has_it_http_2_is_spoken_on_one_connection(authority: trustme.CA, bundle: str) -> None:
    tls = context(authority, "h2", "http/1.1")

    def serve(visitor: socket.socket, server: Listener) -> None:
        with tls.wrap_socket(visitor, server_side=True) as sock, sock.makefile("rb") as incoming:
            server.seen.append(incoming.read(24))
            sock.sendall(frame(SETTINGS, 0, 0))
            while head := incoming.read(9):
                kind, flags, stream = head[3], head[4], int.from_bytes(head[5:9], "big")
                incoming.read(int.from_bytes(head[:3], "big"))
                if kind == SETTINGS and not flags & ACK:
                    sock.sendall(frame(SETTINGS, ACK, 0))
                if kind == HEADERS:
                    server.seen.append(b"request")
                    # 0x88 is ":status: 200" in HPACK's static table (RFC 7541, appendix A).
                    answer = frame(HEADERS, END_HEADERS, stream, b"\x88") + frame(DATA, END_STREAM, stream, FEED)
                    sock.sendall(answer)

    with listening(serve) as server:
        guard = AddressGuard((server.place,), resolver=lambda host, seconds: ("127.0.0.1",))
        fetcher = HttpFetcher(HttpLimits(), guard, "Storywatch", ca_bundle=bundle)
        for _ in range(3):
            found = fetcher.fetch(f"https://secure.example:{server.port}/feed")
            assert isinstance(found, FetchedResource)
            assert (found.status, found.body) == (200, FEED)
        del fetcher
    assert server.seen == [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", *[b"request"] * 3]
