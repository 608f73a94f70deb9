"""One request and its answer through libcurl: no redirects, no decoding, everything bounded.

libcurl's TIMEOUT bounds the whole exchange, dripping headers and bodies included, which the timeouts of the
socket-based Python clients do not. Waiting releases the GIL, so many threads can wait at once.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import certifi
import pycurl

from worker.errors import FetchError, FetchReason
from worker.net import fetch_faults
from worker.net.address_guard import Destination
from worker.net.answer_headers import AnswerHeaders
from worker.net.arrival import Arrival, HttpLimits
from worker.net.web_address import WebAddress

_IDLE_CONNECTION = 60  # seconds; most servers hang up sooner
_STOP = -1  # what a curl callback returns to end the transfer


@dataclass(frozen=True, slots=True)
class Request:
    """`destination` is where the socket may go; None leaves that to the proxy. `seconds` bounds all of it.

    A request with a `body` is a POST.
    """

    address: WebAddress
    headers: Mapping[str, str]
    destination: Destination | None
    seconds: float
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, header fields and the body as sent (still encoded)."""

    status: int
    headers: AnswerHeaders
    body: bytes


class CurlExchange:
    """Makes requests from any number of threads; each has a curl handle of its own with its open connections.

    Cookies live in the handle: from `forget_cookies` to the next one, no longer.
    """

    def __init__(self, limits: HttpLimits, user_agent: str, proxy: str | None, ca_bundle: str | None) -> None:
        self._limits = limits
        self._user_agent = user_agent
        self._proxy = proxy or ""  # "" also keeps curl from reading http_proxy in the environment
        self._ca_bundle = ca_bundle or certifi.where()
        self._of_thread = threading.local()

    def forget_cookies(self) -> None:
        self._handle().setopt(pycurl.COOKIELIST, "ALL")

    def ask(self, request: Request) -> Answer:
        """Raises `FetchError` when there is no answer within the bounds."""
        curl = self._handle()
        arrival = Arrival(self._limits)
        door = _Door(request.destination)
        self._set_options(curl, request)
        curl.setopt(pycurl.HEADERFUNCTION, lambda line: None if arrival.take_header(line) else _STOP)
        curl.setopt(pycurl.WRITEFUNCTION, lambda piece: None if arrival.take_body(piece) else _STOP)
        curl.setopt(pycurl.OPENSOCKETFUNCTION, door.open)
        try:
            curl.perform()
        except pycurl.error as error:
            # A proxy's refusal of a tunnel has no response code: the server itself has said nothing.
            answered = arrival.is_final_refusal and bool(curl.getinfo(pycurl.RESPONSE_CODE))
            with _marked(sent=curl.getinfo(pycurl.REQUEST_SIZE) > 0):
                self._raise_unless(answered, error, arrival, door, request.address.url)
        finally:
            status = curl.getinfo(pycurl.RESPONSE_CODE)
            door.release()
            curl.reset()  # lets go of the callbacks, and with them of the body
            if arrival.may_be_followed_by_stray_bytes:
                self._hang_up()
        return Answer(status, arrival.headers, arrival.body)

    def _handle(self) -> pycurl.Curl:
        curl: pycurl.Curl | None = getattr(self._of_thread, "curl", None)
        if curl is None:
            curl = self._of_thread.curl = pycurl.Curl()
            self._of_thread.pinned = []
            curl.setopt(pycurl.COOKIEFILE, "")  # switches cookies on, without a file
        return curl

    def _hang_up(self) -> None:
        """Close this thread's connections; the next request begins with a new handle."""
        self._of_thread.curl.close()
        self._of_thread.curl = None

    def _set_options(self, curl: pycurl.Curl, request: Request) -> None:
        for option, value in (
            (pycurl.URL, request.address.url),
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS),
            (pycurl.HTTP09_ALLOWED, 0),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.COOKIEFILE, ""),
            (pycurl.NOSIGNAL, 1),
            (pycurl.TIMEOUT_MS, max(1, int(request.seconds * 1000))),
            (pycurl.MAXFILESIZE_LARGE, self._limits.body_bytes),
            (pycurl.MAXAGE_CONN, _IDLE_CONNECTION),
            (pycurl.USERAGENT, self._user_agent),
            (pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in request.headers.items()]),
            (pycurl.CAINFO, self._ca_bundle),
            (pycurl.PROXY, self._proxy),
            (pycurl.NOPROXY, ""),
            (pycurl.RESOLVE, self._pin(request)),
        ):
            curl.setopt(option, value)
        if request.body is not None:
            curl.setopt(pycurl.POSTFIELDS, request.body)

    def _pin(self, request: Request) -> list[str]:
        """What curl shall take for the name's addresses, and that it may forget the last name's."""
        forget: list[str] = self._of_thread.pinned
        name = f"{request.address.host}:{request.address.port}"
        if request.destination is None or request.address.literal:
            self._of_thread.pinned = []
            return forget
        self._of_thread.pinned = [f"-{name}"]
        addresses = ",".join(f"[{text}]" if ":" in text else text for text in request.destination.addresses)
        return [*forget, f"{name}:{addresses}"]

    def _raise_unless(self, answered: bool, error: pycurl.error, arrival: Arrival, door: _Door, url: str) -> None:
        if door.refused:
            why = f"would connect to {door.refused}, which was not checked"
            raise fetch_faults.fault(FetchReason.ADDRESS_REFUSED, url, why) from error
        if arrival.objection:
            reason, why = arrival.objection
            raise fetch_faults.fault(reason, url, why) from error
        if not answered:
            raise fetch_faults.of_curl(error, url) from error


@contextmanager
def _marked(*, sent: bool) -> Iterator[None]:
    try:
        yield
    except FetchError as error:
        error.sent = sent
        raise


class _Door:
    """Opens curl's sockets, to the checked destination only."""

    def __init__(self, destination: Destination | None) -> None:
        self._destination = destination
        self._opened: list[socket.socket] = []
        self.refused = ""

    def open(self, _purpose: int, peer: pycurl.CurlSockAddr) -> socket.socket | int:
        if not self._admits(peer.addr):
            self.refused = str(peer.addr)
            return pycurl.SOCKET_BAD
        try:
            opened = socket.socket(peer.family, peer.socktype, peer.protocol)
        except OSError:  # no file descriptor left, or a family this machine has not
            return pycurl.SOCKET_BAD
        self._opened.append(opened)
        return opened

    def _admits(self, peer: object) -> bool:
        if self._destination is None:
            return True
        match peer:
            case (str(host), int(port), *_):
                return self._destination.includes(host, port)
        return False

    def release(self) -> None:
        """pycurl gives curl a duplicate of each socket; these are ours to close."""
        for opened in self._opened:
            opened.close()
