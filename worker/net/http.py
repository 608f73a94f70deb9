"""The one place where HTTP requests leave."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from worker.errors import ConfigurationError, FetchError, FetchReason
from worker.net import answer_headers, content_coding, fetch_faults
from worker.net.address_guard import AddressGuard, Destination
from worker.net.arrival import HttpLimits
from worker.net.curl_exchange import Answer, CurlExchange, Request
from worker.net.link_header import read_links
from worker.net.resource import FetchedResource, NotModified, Validators
from worker.net.shown_address import shown
from worker.net.web_address import WebAddress, follow, read_address

ACCEPT_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1"
)
ACCEPT_PAGE = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.1"

_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(slots=True)
class _Journey:
    """One fetch from its first hop to its end."""

    asked: Validators
    accept: str
    own_headers: Mapping[str, str]
    started: float
    address: WebAddress
    own_origin: str
    hops: int = 0
    permanent: bool = True
    moved_to: str | None = None
    destinations: dict[tuple[str, int], Destination] = field(default_factory=dict)

    @property
    def elapsed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self.started)

    def headers(self) -> dict[str, str]:
        headers = {"Accept": self.accept, "Accept-Encoding": content_coding.ACCEPTED}
        if self.asked.etag:
            headers["If-None-Match"] = self.asked.etag
        if self.asked.last_modified:
            headers["If-Modified-Since"] = self.asked.last_modified
        return {**headers, **self.own_headers} if self.address.origin == self.own_origin else headers


class HttpFetcher:
    """Gets documents over HTTP within `limits`, from addresses that `guard` admits. Safe to share among
    threads.

    Follows redirects itself, so that the guard sees every hop; keeps no cookie after a fetch; offers HTTP/2
    over TLS. `user_agent` should name a contact. `proxy` is a URL as curl takes it; behind one, names are the
    proxy's to look up, so the proxy must refuse private addresses. `ca_bundle` replaces the public
    authorities. Raises `ConfigurationError` for a user agent that cannot be a header.
    """

    def __init__(
        self,
        limits: HttpLimits,
        guard: AddressGuard,
        user_agent: str,
        proxy: str | None = None,
        *,
        ca_bundle: str | None = None,
    ) -> None:
        if not _is_header_text(user_agent):
            raise ConfigurationError(f"user_agent: {user_agent!r} must be one line of ASCII")
        self._limits = limits
        self._guard = guard
        self._proxied = proxy is not None
        self._exchange = CurlExchange(limits, user_agent, proxy, ca_bundle)

    def fetch(
        self,
        url: str,
        validators: Validators | None = None,
        *,
        accept: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> FetchedResource | NotModified:
        """The document at `url`, or the news that it has not changed since `validators`.

        `headers` are sent only to the origin of `url`. Raises `FetchError` for everything else that can
        happen.
        """
        started = time.monotonic()
        address = read_address(url)
        own = dict(headers or {})
        if not all(_is_header_text(f"{name}{value}") for name, value in own.items()):
            raise fetch_faults.fault(FetchReason.MALFORMED, url, "a header set for this feed is not one line of ASCII")
        asked = answer_headers.keep_usable(validators or Validators())
        journey = _Journey(asked, accept or ACCEPT_FEED, own, started, address, address.origin)
        self._exchange.forget_cookies()
        try:
            return self._finish(journey, self._travel(journey))
        except FetchError as error:
            if journey.hops:
                error.why = f"redirects to {error}"
                error.args = (f"{shown(url)} {error.why}",)
            raise

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> None:
        """Hand `body` to `url`, once; a 2xx is success, and what the answer says is not kept.

        Follows no redirect. Raises `FetchError` for everything else that can happen; its `sent` tells whether
        the host may have got the body.
        """
        address = read_address(url)
        if not all(_is_header_text(f"{name}{value}") for name, value in headers.items()):
            raise fetch_faults.fault(FetchReason.MALFORMED, url, "a header is not one line of ASCII")
        journey = _Journey(Validators(), "*/*", {}, time.monotonic(), address, address.origin)
        self._exchange.forget_cookies()
        destination = self._admit(journey)
        given = {"Expect": "", **headers}  # no wait for "100 Continue"
        answer = self._exchange.ask(Request(address, given, destination, self._seconds_left(journey), body))
        if not 200 <= answer.status < 300:
            raise fetch_faults.of_status(answer.status, answer.headers, url, datetime.now(UTC))

    def _travel(self, journey: _Journey) -> Answer:
        answer = self._ask(journey)
        while answer.status in _REDIRECTS:
            if journey.hops == self._limits.redirects:
                why = f"more than {self._limits.redirects} redirects"
                raise fetch_faults.fault(FetchReason.TOO_MANY_REDIRECTS, journey.address.url, why)
            location = _location(answer, journey.address)
            journey.hops += 1
            journey.permanent = journey.permanent and answer.status in _PERMANENT
            journey.address = follow(journey.address, location)
            if journey.permanent:
                journey.moved_to = journey.address.url
            answer = self._ask(journey)
        return answer

    def _ask(self, journey: _Journey) -> Answer:
        destination = self._admit(journey)
        seconds = self._seconds_left(journey)
        return self._exchange.ask(Request(journey.address, journey.headers(), destination, seconds))

    def _admit(self, journey: _Journey) -> Destination | None:
        address = journey.address
        if self._proxied:
            self._guard.admit_through_proxy(address)
            return None
        place = (address.host, address.port)
        if place not in journey.destinations:
            journey.destinations[place] = self._guard.admit(address, self._seconds_left(journey))
        return journey.destinations[place]

    def _seconds_left(self, journey: _Journey) -> float:
        left = (self._limits.total - journey.elapsed).total_seconds()
        if left <= 0:
            why = f"not finished within {self._limits.total.total_seconds():g} s"
            raise fetch_faults.fault(FetchReason.TIMEOUT, journey.address.url, why)
        return left

    def _finish(self, journey: _Journey, answer: Answer) -> FetchedResource | NotModified:
        now = datetime.now(UTC)
        url = journey.address.url
        given = answer_headers.validators(answer.headers)
        max_age = answer_headers.max_age(answer.headers, now)
        if answer.status == 304 and journey.asked != Validators():
            kept = given if given != Validators() else journey.asked
            return NotModified(url, kept, journey.moved_to, max_age, journey.elapsed)
        if answer.status == 304:
            why = "answered 304 although nothing was asked conditionally"
            raise fetch_faults.fault(FetchReason.MALFORMED, url, why, status=304)
        if not 200 <= answer.status < 300 or answer.status == 206:
            raise fetch_faults.of_status(answer.status, answer.headers, url, now)
        body = self._decode(answer, url)
        kind = answer_headers.content_type(answer.headers)
        links = read_links(answer.headers.every("link"), journey.address)
        moved_to, elapsed = journey.moved_to, journey.elapsed
        return FetchedResource(url, answer.status, kind, body, given, moved_to, max_age, elapsed, links)

    def _decode(self, answer: Answer, url: str) -> bytes:
        encodings = ",".join(answer.headers.every("content-encoding"))
        try:
            return content_coding.undo(answer.body, encodings, at_most=self._limits.body_bytes)
        except content_coding.CodingError as error:
            raise fetch_faults.fault(FetchReason.MALFORMED, url, str(error), status=answer.status) from error
        except content_coding.BodyTooLargeError as error:
            raise fetch_faults.fault(FetchReason.TOO_LARGE, url, str(error), status=answer.status) from error


def _location(answer: Answer, base: WebAddress) -> str:
    places = set(answer.headers.every("location"))
    if len(places) != 1:
        why = f"{len(places) or 'no'} Location headers with status {answer.status}"
        raise fetch_faults.fault(FetchReason.MALFORMED, base.url, why, status=answer.status)
    raw = places.pop().encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _is_header_text(text: str) -> bool:
    return text.isascii() and text.isprintable()
