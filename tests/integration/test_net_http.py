"""The HTTP client against real servers on loopback."""

import gzip
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from worker.errors import ConfigurationError, FetchError, FetchReason
from worker.net import AddressGuard, FetchedResource, HttpFetcher, HttpLimits, NotModified, Robots, Validators
from worker.net.robots import MemoryCache

FEED = b"<rss version='2.0'><channel><title>Puerto</title></channel></rss>"
AGENT = "Storywatch/1 (+mailto:desk@example.org)"


class Site(ThreadingHTTPServer):
    """Answers each path with the function registered for it and remembers what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes: dict[str, Callable[[Handler], None]] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.connections = 0

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def get_request(self) -> object:  # type: ignore[override]
        self.connections += 1
        return super().get_request()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some of these tests are about."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        self.server.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        route = self.server.routes.get(self.path)
        if route is None:
            self.answer(404, b"no")
        else:
            route(self)

    def answer(self, status: int, body: bytes = b"", *fields: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
        thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as site:
        site.routes["/feed"] = lambda asked: asked.answer(200, FEED, ("Content-Type", "application/rss+xml"))
        yield site


@pytest.fixture
def fetcher(site: Site) -> HttpFetcher:
    return HttpFetcher(HttpLimits(total=timedelta(seconds=5)), AddressGuard((site.place,)), AGENT)


def got(answer: FetchedResource | NotModified) -> FetchedResource:
    assert isinstance(answer, FetchedResource)
    return answer


def refusal(fetch: Callable[[], object]) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch()
    assert str(caught.value).isprintable()
    return caught.value


def redirect(status: int, location: str) -> Callable[[Handler], None]:
    return lambda asked: asked.answer(status, b"", ("Location", location))


def test_gets_a_document(site: Site, fetcher: HttpFetcher) -> None:
    found = got(fetcher.fetch(f"http://{site.place}/feed#top", accept="text/x"))
    assert found.body == FEED
    assert found.url == f"http://{site.place}/feed"
    assert (found.status, found.content_type, found.moved_to) == (200, "application/rss+xml", None)
    assert timedelta() < found.elapsed < timedelta(seconds=5)
    asked = site.seen[0][1]
    assert asked["user-agent"] == AGENT
    assert asked["accept"] == "text/x"
    assert asked["accept-encoding"] == "gzip, deflate, br, zstd"


def test_keeps_its_connection(site: Site, fetcher: HttpFetcher) -> None:
    for _ in range(5):
        fetcher.fetch(f"http://{site.place}/feed")
    assert site.connections == 1


def test_many_threads_at_once(site: Site, fetcher: HttpFetcher) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: got(fetcher.fetch(f"http://{site.place}/feed")).body, range(200)))
    assert answers == [FEED] * 200
    assert site.connections <= 8


def test_asks_conditionally(site: Site, fetcher: HttpFetcher) -> None:
    def route(asked: Handler) -> None:
        if asked.headers["If-None-Match"] == '"v1"':
            asked.answer(304, b"", ("Cache-Control", "max-age=60"))
        else:
            asked.answer(200, FEED, ("ETag", '"v1"'), ("Last-Modified", "Sun, 22 Nov 2026 00:00:00 GMT"))

    site.routes["/feed"] = route
    first = got(fetcher.fetch(f"http://{site.place}/feed"))
    second = fetcher.fetch(f"http://{site.place}/feed", first.validators)
    assert isinstance(second, NotModified)
    assert second.validators == first.validators == Validators('"v1"', "Sun, 22 Nov 2026 00:00:00 GMT")
    assert second.max_age == timedelta(seconds=60)
    assert site.seen[1][1]["if-modified-since"] == "Sun, 22 Nov 2026 00:00:00 GMT"


def test_a_304_nobody_asked_for_is_malformed(site: Site, fetcher: HttpFetcher) -> None:
    site.routes["/feed"] = lambda asked: asked.answer(304)
    assert refusal(lambda: fetcher.fetch(f"http://{site.place}/feed")).reason is FetchReason.MALFORMED


def test_the_body_of_a_304_is_not_the_next_answer(site: Site, fetcher: HttpFetcher) -> None:
    site.routes["/same"] = lambda asked: asked.answer(304, b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
    for _ in range(10):  # whether the body comes in time to be noticed is a matter of luck
        fetcher.fetch(f"http://{site.place}/same", Validators('"x"'))
        assert got(fetcher.fetch(f"http://{site.place}/feed")).body == FEED


@pytest.mark.parametrize(
    ("hops", "moved"),
    [((301,), 1), ((308, 301), 2), ((302,), 0), ((301, 302), 1), ((303, 301), 0), ((307,), 0), ((308, 307, 301), 1)],
)
def test_only_permanent_redirects_move_a_feed_and_as_far_as_they_lead(
    site: Site, fetcher: HttpFetcher, hops: Sequence[int], moved: int
) -> None:
    for number, status in enumerate(hops):
        site.routes[f"/{number}"] = redirect(status, f"/{number + 1}")
    site.routes[f"/{len(hops)}"] = site.routes["/feed"]
    found = got(fetcher.fetch(f"http://{site.place}/0"))
    assert found.url == f"http://{site.place}/{len(hops)}"
    assert found.moved_to == (f"http://{site.place}/{moved}" if moved else None)


def test_five_redirects_and_no_more(site: Site, fetcher: HttpFetcher) -> None:
    for number in range(6):
        site.routes[f"/{number}"] = redirect(302, f"/{number + 1}")
    site.routes["/6"] = site.routes["/feed"]
    assert got(fetcher.fetch(f"http://{site.place}/1")).body == FEED
    error = refusal(lambda: fetcher.fetch(f"http://{site.place}/0"))
    assert error.reason is FetchReason.TOO_MANY_REDIRECTS


def test_a_redirect_may_hold_any_bytes(site: Site, fetcher: HttpFetcher) -> None:
    site.routes["/a"] = redirect(302, "/caf\u00c3\u00a9 x")
    site.routes["/caf%C3%A9%20x"] = site.routes["/feed"]
    assert got(fetcher.fetch(f"http://{site.place}/a")).body == FEED


def test_every_hop_is_guarded(fetcher: HttpFetcher, site: Site) -> None:
    with serving(Site()) as forbidden:
        for status, target in ((302, f"http://{forbidden.place}/"), (301, f"//{forbidden.place}/")):
            site.routes["/out"] = redirect(status, target)
            error = refusal(lambda: fetcher.fetch(f"http://{site.place}/out"))
            assert error.reason is FetchReason.ADDRESS_REFUSED
            assert forbidden.place in str(error)
        assert forbidden.connections == 0


def test_a_name_is_pinned_to_the_addresses_that_were_checked(site: Site) -> None:
    """A name that answers differently a second time is not asked a second time."""
    answers = iter([("127.0.0.1",), ("127.0.0.2",), ("127.0.0.3",)])
    name = f"rebinding.example:{site.server_port}"
    guard = AddressGuard((f"127.0.0.1:{site.server_port}",), resolver=lambda host, seconds: next(answers))
    fetcher = HttpFetcher(HttpLimits(), guard, AGENT)
    site.routes["/a"] = redirect(302, "/feed")
    assert got(fetcher.fetch(f"http://{name}/a")).body == FEED
    assert refusal(lambda: fetcher.fetch(f"http://{name}/a")).reason is FetchReason.ADDRESS_REFUSED


def test_a_name_lookup_counts_as_part_of_the_fetch() -> None:
    let_go = threading.Event()

    def slow(host: str, seconds: float) -> Sequence[str]:
        let_go.wait(seconds)
        raise FetchError(FetchReason.DNS, f"{host}: slow", transient=True)

    fetcher = HttpFetcher(HttpLimits(total=timedelta(seconds=0.2)), AddressGuard(resolver=slow), AGENT)
    assert refusal(lambda: fetcher.fetch("http://slow.example/")).reason is FetchReason.DNS


def test_an_unknown_name(fetcher: HttpFetcher) -> None:
    assert refusal(lambda: fetcher.fetch("http://nowhere.invalid/")).reason is FetchReason.DNS


def test_nobody_listening() -> None:
    site = Site()
    place = site.place
    site.server_close()
    error = refusal(lambda: HttpFetcher(HttpLimits(), AddressGuard((place,)), AGENT).fetch(f"http://{place}/"))
    assert (error.reason, error.transient) == (FetchReason.CONNECTION, True)


def test_unpacks_one_layer_within_the_bound(site: Site) -> None:
    limits = HttpLimits(body_bytes=10_000)
    fetcher = HttpFetcher(limits, AddressGuard((site.place,)), AGENT)
    for size in (10_000, 10_001):
        packed = gzip.compress(b"x" * size)
        site.routes[f"/{size}"] = lambda asked, body=packed: asked.answer(200, body, ("Content-Encoding", "gzip"))  # type: ignore[misc]
    assert len(got(fetcher.fetch(f"http://{site.place}/10000")).body) == 10_000
    assert refusal(lambda: fetcher.fetch(f"http://{site.place}/10001")).reason is FetchReason.TOO_LARGE


def test_a_picture_is_not_downloaded(site: Site, fetcher: HttpFetcher) -> None:
    site.routes["/p"] = lambda asked: asked.answer(200, b"x" * 4_000_000, ("Content-Type", "image/jpeg"))
    assert refusal(lambda: fetcher.fetch(f"http://{site.place}/p")).reason is FetchReason.WRONG_TYPE


def test_a_refusal_with_a_stalling_body_is_still_that_refusal(site: Site) -> None:
    done = threading.Event()

    def stall(asked: Handler) -> None:
        asked.send_response(404)
        asked.send_header("Content-Length", "100")
        asked.end_headers()
        done.wait(10)

    site.routes["/x"] = stall
    fetcher = HttpFetcher(HttpLimits(total=timedelta(seconds=0.5)), AddressGuard((site.place,)), AGENT)
    assert refusal(lambda: fetcher.fetch(f"http://{site.place}/x")).reason is FetchReason.NOT_FOUND
    done.set()


def test_cookies_last_for_one_fetch(site: Site, fetcher: HttpFetcher) -> None:
    def gate(asked: Handler) -> None:
        if asked.headers["Cookie"] == "seen=1":
            asked.answer(200, FEED)
        else:
            asked.answer(302, b"", ("Set-Cookie", "seen=1; Max-Age=99999"), ("Location", "/gate"))

    site.routes["/gate"] = gate
    for _ in range(2):
        assert got(fetcher.fetch(f"http://{site.place}/gate")).body == FEED
    assert ["cookie" in headers for _, headers in site.seen] == [False, True, False, True]


def test_a_feeds_own_headers_stay_with_its_origin(site: Site) -> None:
    with serving(Site()) as other:
        fetcher = HttpFetcher(HttpLimits(), AddressGuard((site.place, other.place)), AGENT)
        site.routes["/a"] = redirect(302, "/b")
        site.routes["/b"] = redirect(302, f"http://{other.place}/feed")
        other.routes["/feed"] = lambda asked: asked.answer(200, FEED)
        fetcher.fetch(f"http://{site.place}/a", headers={"Authorization": "Basic eDp5"})
        assert [headers.get("authorization") for _, headers in site.seen] == ["Basic eDp5"] * 2
        assert "authorization" not in other.seen[0][1]


@pytest.mark.parametrize("headers", [{"A": "1\r\nB: 2"}, {"A\nB": "1"}, {"A": "ñ"}])
def test_a_header_cannot_carry_another(site: Site, fetcher: HttpFetcher, headers: dict[str, str]) -> None:
    error = refusal(lambda: fetcher.fetch(f"http://{site.place}/feed", headers=headers))
    assert error.reason is FetchReason.MALFORMED
    assert site.seen == []


def test_stored_validators_that_became_dangerous_are_not_sent(site: Site, fetcher: HttpFetcher) -> None:
    fetcher.fetch(f"http://{site.place}/feed", Validators('"x"\r\nEvil: 1', "y" * 9_000))
    assert not {"evil", "if-none-match", "if-modified-since"} & set(site.seen[0][1])


def test_the_environment_names_no_proxy(site: Site, fetcher: HttpFetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert got(fetcher.fetch(f"http://{site.place}/feed")).body == FEED


def test_a_proxy_gets_the_request_but_no_private_address(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    site.routes["http://far.example/feed"] = lambda asked: asked.answer(200, FEED)
    fetcher = HttpFetcher(HttpLimits(), AddressGuard(), AGENT, proxy=f"http://{site.place}")
    assert got(fetcher.fetch("http://far.example/feed")).body == FEED
    for url in ("http://10.0.0.1/", "http://localhost/", "http://2130706433/"):
        assert refusal(lambda url=url: fetcher.fetch(url)).reason is FetchReason.ADDRESS_REFUSED  # type: ignore[misc]
    assert [path for path, _ in site.seen] == ["http://far.example/feed"]


def test_a_user_agent_is_one_line() -> None:
    with pytest.raises(ConfigurationError):
        HttpFetcher(HttpLimits(), AddressGuard(), "Storywatch\r\nX: y")


def test_tls_is_verified(site: Site, tmp_path: Path) -> None:
    import ssl

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("secure.example").configure_cert(context)
    site.socket = context.wrap_socket(site.socket, server_side=True)
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    guard = AddressGuard((site.place,), resolver=lambda host, seconds: ("127.0.0.1",))
    trusting = HttpFetcher(HttpLimits(), guard, AGENT, ca_bundle=str(bundle))
    port = site.server_port
    assert got(trusting.fetch(f"https://secure.example:{port}/feed")).body == FEED
    assert refusal(lambda: trusting.fetch(f"https://wrong.example:{port}/feed")).reason is FetchReason.TLS
    usual = HttpFetcher(HttpLimits(), guard, AGENT)
    assert refusal(lambda: usual.fetch(f"https://secure.example:{port}/feed")).reason is FetchReason.TLS


def test_robots_txt_over_http(site: Site, fetcher: HttpFetcher) -> None:
    site.routes["/robots.txt"] = redirect(301, "/r")
    site.routes["/r"] = lambda asked: asked.answer(200, b"User-agent: *\nDisallow: /no")
    robots = Robots(fetcher, MemoryCache(), AGENT)
    assert robots.allowed(f"http://{site.place}/yes")
    assert not robots.allowed(f"http://{site.place}/no")
    assert [path for path, _ in site.seen] == ["/robots.txt", "/r"]
