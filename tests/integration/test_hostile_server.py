"""Every misbehaviour of the hostile server and every URL meant to reach inside, against the HTTP client.

What must hold on each: a document or a `FetchError`, within the time bound, and never a connection to an
address that was not allowed.
"""

import contextlib
import importlib.util
import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from worker.errors import FetchError, FetchReason
from worker.net import AddressGuard, FetchedResource, HttpFetcher, HttpLimits, NotModified

BENCH = Path(__file__).resolve().parents[2].parent / "shared" / "bench" / "hostile"
BOUND = timedelta(seconds=2)
AGENT = "Storywatch/1 (+mailto:desk@example.org)"

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not BENCH.is_dir(), reason=f"{BENCH.name} is not beside the repository"),
]


@dataclass(frozen=True)
class Ending:
    result: FetchedResource | NotModified | FetchError
    seconds: float

    @property
    def reason(self) -> FetchReason | None:
        return self.result.reason if isinstance(self.result, FetchError) else None


Suite = tuple[Any, dict[str, Ending]]


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # its dataclasses and threads look themselves up
    spec.loader.exec_module(module)
    return module


def end(fetcher: HttpFetcher, url: str) -> Ending:
    started = time.monotonic()
    try:
        result: FetchedResource | NotModified | FetchError = fetcher.fetch(url)
    except FetchError as error:
        result = error
    return Ending(result, time.monotonic() - started)


@pytest.fixture(scope="module")
def suite() -> Iterator[Suite]:
    """Each route fetched once: the server, and what became of each."""
    hostile = load(BENCH / "serve_hostile.py")
    with hostile.HostileServer() as server:
        for coding in ("gzip", "deflate", "br", "zstd", "gzip-gzip"):  # packing takes longer than the bound
            with contextlib.suppress(urllib.error.HTTPError):
                urllib.request.urlopen(f"{server.url}/bomb/{coding}", timeout=60).close()
        guard = AddressGuard((server.url.removeprefix("http://"),))
        fetcher = HttpFetcher(HttpLimits(total=BOUND), guard, AGENT)
        with ThreadPoolExecutor(8) as pool:
            endings = dict(
                zip(
                    hostile.ROUTES,
                    pool.map(lambda r: end(fetcher, server.url + r), hostile.ROUTES),
                    strict=True,
                )
            )
        yield server, endings


def test_every_route_ends_in_a_document_or_one_recorded_reason(
    suite: Suite,
) -> None:
    _, endings = suite
    assert len(endings) > 100
    for route, ending in endings.items():
        if isinstance(ending.result, FetchError):
            line = str(ending.result)
            assert line.isprintable(), route
            assert len(line) < 700, route


def test_no_route_outlasts_the_bound(suite: Suite) -> None:
    _, endings = suite
    slow = {route: e.seconds for route, e in endings.items() if e.seconds > BOUND.total_seconds() + 1}
    assert slow == {}


def test_nobody_is_led_to_the_canary(suite: Suite) -> None:
    server, endings = suite
    assert server.canary_hits == 0
    assert endings["/redirect/canary"].reason is FetchReason.ADDRESS_REFUSED


def test_no_body_is_larger_than_allowed(suite: Suite) -> None:
    _, endings = suite
    bodies = [e.result.body for e in endings.values() if isinstance(e.result, FetchedResource)]
    assert max(map(len, bodies)) <= HttpLimits().body_bytes


@pytest.mark.parametrize(
    ("routes", "reasons"),
    [
        ("/silent /slow-headers /slow-body /stall-midway /redirect/slow", {FetchReason.TIMEOUT}),
        (
            "/endless /endless-chunked /endless-headers /large /headers/many /headers/huge-line",
            {FetchReason.TOO_LARGE},
        ),
        ("/bomb/gzip /bomb/deflate /bomb/br /bomb/zstd", {FetchReason.TOO_LARGE}),
        ("/bomb/gzip-gzip /bomb/gzip-x8 /bomb/gzip-bad", {FetchReason.MALFORMED}),
        ("/bomb/coding-unknown", {None}),
        ("/http09 /status/304-always /redirect/no-location /redirect/two-locations", {FetchReason.MALFORMED}),
        ("/redirect/loop /redirect/ring /redirect/chain", {FetchReason.TOO_MANY_REDIRECTS}),
        (
            "/redirect/private /redirect/metadata /redirect/metadata-v6 /redirect/mapped /redirect/decimal "
            "/redirect/octal /redirect/zero /redirect/file /redirect/gopher /redirect/data "
            "/redirect/javascript /redirect/userinfo /redirect/port",
            {FetchReason.ADDRESS_REFUSED},
        ),
        ("/redirect/backslash /redirect/no-host", {FetchReason.MALFORMED}),
        ("/status/401 /status/403 /status/451", {FetchReason.BLOCKED}),
        ("/status/404", {FetchReason.NOT_FOUND}),
        ("/status/410", {FetchReason.GONE}),
        ("/status/429 /status/503", {FetchReason.THROTTLED}),
        (
            "/feed /chunked/tiny /headers/folded /redirect/refresh /type/none /type/empty /status/etag-new",
            {None},
        ),
    ],
)
def test_what_becomes_of_some_routes(suite: Suite, routes: str, reasons: set[FetchReason | None]) -> None:
    _, endings = suite
    assert {route: endings[route].reason for route in routes.split() if endings[route].reason not in reasons} == {}


def test_only_permanent_moves_are_remembered(suite: Suite) -> None:
    _, endings = suite
    moved = {
        route
        for route, ending in endings.items()
        if isinstance(ending.result, FetchedResource) and ending.result.moved_to
    }
    assert moved == {"/status/301", "/status/301-page", "/status/301-then-302", "/status/308"}


MEASURE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from worker.errors import DocumentError, FetchError
from worker.feeds import parse_feed
from worker.net import AddressGuard, HttpFetcher, HttpLimits

url, routes = sys.argv[1], sys.argv[2:]
fetcher = HttpFetcher(HttpLimits(total=timedelta(seconds=2)), AddressGuard((url[7:],)), "Storywatch")

def end(route):
    try:
        found = fetcher.fetch(url + route)
        parse_feed(found.body, found.url, found.content_type)
    except (DocumentError, FetchError):
        pass

def peak():
    # Not getrusage: its figure is inherited from the parent process.
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

for route in ("/feed", "/type/page", "/type/json-feed"):  # loads what every process has loaded after a while
    end(route)
before = peak()
with ThreadPoolExecutor(4) as pool:
    list(pool.map(end, routes))
print(peak() - before)
"""


def test_memory_stays_bounded_over_the_whole_suite(suite: Suite) -> None:
    """Fetching and reading, in a process of its own, where peak memory is counted; the bombs are packed by now.

    Four at once: the real pools share nothing, and fetch more at a time but read one after the other.
    """
    server, endings = suite
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE, server.url, *endings],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2], timeout=100,
    )  # fmt: skip
    assert int(ran.stdout) <= 50 * 1024, "KiB of growth"


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port on every loopback address whose visitors are counted."""
    visits: list[object] = []
    stop = threading.Event()
    with socket.create_server(("0.0.0.0", 0)) as server:
        server.settimeout(0.05)

        def count() -> None:
            while not stop.is_set():
                try:
                    visitor, address = server.accept()
                except TimeoutError:
                    continue
                visits.append(address)
                visitor.close()

        thread = threading.Thread(target=count)
        thread.start()
        yield server.getsockname()[1], visits
        stop.set()
        thread.join()


def inside(host: str, seconds: float) -> Sequence[str]:
    """Whatever name is asked for is on this machine, as a hostile name server would have it."""
    return ("127.0.0.1", "::1")


def test_no_spelling_of_an_inner_address_is_connected_to(listener: tuple[int, list[object]]) -> None:
    port, visits = listener
    fetcher = HttpFetcher(HttpLimits(total=BOUND), AddressGuard(resolver=inside), AGENT)
    urls = json.loads((BENCH / "ssrf.json").read_text("utf-8"))
    hosts = (
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "2130706433",
        "017700000001",
        "0",
        "localhost",
        "a.example",
        "１２７.0.0.1",
    )
    urls += [f"http://{host}:{port}/" for host in hosts]
    urls += [f"http://[{host}]:{port}/" for host in ("::1", "::", "::ffff:127.0.0.1", "::127.0.0.1")]
    with ThreadPoolExecutor(8) as pool:
        endings = dict(zip(urls, pool.map(lambda url: end(fetcher, url), urls), strict=True))
    refused = {FetchReason.ADDRESS_REFUSED, FetchReason.MALFORMED}
    assert {url: e.result for url, e in endings.items() if e.reason not in refused} == {}
    assert visits == []


def test_the_url_standards_cases_end_in_an_address_or_a_reason() -> None:
    from worker.net.web_address import follow, read_address

    cases = [case for case in json.loads((BENCH / "urltestdata.json").read_text("utf-8")) if isinstance(case, dict)]
    differs = []
    for case in cases:
        try:
            base = read_address(case["base"]) if case.get("base") else None
            read = follow(base, case["input"]) if base else read_address(case["input"])
        except FetchError:
            continue  # stricter than the standard on purpose
        if case.get("failure") or read.host != case["hostname"].strip("[]").removesuffix("."):
            differs.append((case["input"], read.url))
    assert differs == []
