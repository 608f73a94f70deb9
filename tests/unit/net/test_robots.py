from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from worker.errors import FetchError, FetchReason
from worker.net.resource import FetchedResource, NotModified, Validators
from worker.net.robots import Manners, MemoryCache, Permission, Robots, rules_for

AGENT = "Storywatch/1.0 (+mailto:desk@example.org)"
RULES = b"""\xef\xbb\xbf# ours
User-agent: OtherBot
Disallow: /

User-agent: *
Disallow: /private/
Allow: /private/open
Disallow: /*.pdf$
"""


class Host:
    """A fetcher with one answer, and a clock beside it."""

    def __init__(self, answer: bytes | FetchError) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.now = datetime(2026, 11, 22, tzinfo=UTC)

    def fetch(
        self,
        url: str,
        validators: Validators | None = None,
        *,
        accept: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> FetchedResource | NotModified:
        self.asked.append(url)
        if isinstance(self.answer, FetchError):
            raise self.answer
        return FetchedResource(url, 200, "text/plain", self.answer, Validators())

    def robots(self) -> Robots:
        return Robots(self, MemoryCache(), AGENT, clock=lambda: self.now)


def failure(reason: FetchReason, status: int | None = None) -> FetchError:
    return FetchError(reason, "no", transient=True, status=status)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/", True), ("/private/x", False), ("/private/open/x", True), ("/a.pdf", False), ("/a.pdf?x", True)],
)
def test_obeys_the_rules_for_everyone(path: str, allowed: bool) -> None:
    assert Host(RULES).robots().allowed(f"https://news.example{path}") is allowed


def test_rules_for_us_go_before_rules_for_everyone() -> None:
    robots = Host(RULES + b"User-agent: storywatch\nUser-agent: x\nDisallow: /never/\n").robots()
    assert robots.allowed("https://news.example/private/x")
    assert not robots.allowed("https://news.example/never/x")


def test_asks_each_origin_once_a_day() -> None:
    host = Host(RULES)
    robots = host.robots()
    for url in (
        "https://a.example/1",
        "https://a.example/2",
        "http://a.example/1",
        "https://a.example:8443/1",
    ):
        robots.allowed(url)
    assert len(host.asked) == 3
    assert host.asked[0] == "https://a.example/robots.txt"
    host.now += timedelta(days=1)
    robots.allowed("https://a.example/3")
    assert len(host.asked) == 4


@pytest.mark.parametrize(
    "answer",
    [
        failure(FetchReason.NOT_FOUND, 404),
        failure(FetchReason.BLOCKED, 403),
        failure(FetchReason.GONE, 410),
        failure(FetchReason.HTTP_STATUS, 400),
        failure(FetchReason.TOO_MANY_REDIRECTS),
        b"",
        b"<html>soft 404</html>",
        b"\xff\xfe\x00",
        b"Disallow: /",
    ],
)
def test_no_file_means_yes(answer: bytes | FetchError) -> None:
    assert Host(answer).robots().allowed("https://news.example/x")


@pytest.mark.parametrize(
    "answer",
    [
        failure(FetchReason.TIMEOUT),
        failure(FetchReason.CONNECTION),
        failure(FetchReason.HTTP_STATUS, 500),
        failure(FetchReason.THROTTLED, 429),
        failure(FetchReason.THROTTLED, 503),
        failure(FetchReason.ADDRESS_REFUSED),
    ],
)
def test_an_unreachable_host_means_not_now(answer: FetchError) -> None:
    host = Host(answer)
    robots = host.robots()
    assert not robots.allowed("https://news.example/x")
    assert not robots.allowed("https://news.example/x")
    assert len(host.asked) == 1
    host.now += timedelta(minutes=11)
    host.answer = RULES
    assert robots.allowed("https://news.example/x")


def test_an_unreachable_host_is_judged_by_its_last_rules() -> None:
    host = Host(RULES)
    robots = host.robots()
    robots.allowed("https://news.example/x")
    host.answer = failure(FetchReason.TIMEOUT)
    host.now += timedelta(days=2)
    assert robots.allowed("https://news.example/x")
    assert not robots.allowed("https://news.example/private/x")


def test_after_a_month_without_an_answer_there_is_no_file() -> None:
    host = Host(failure(FetchReason.HTTP_STATUS, 500))
    robots = host.robots()
    assert not robots.allowed("https://news.example/x")
    for _ in range(31):
        host.now += timedelta(days=1)
        allowed = robots.allowed("https://news.example/x")
    assert allowed


def test_what_is_no_web_address_is_not_asked_about() -> None:
    host = Host(RULES)
    assert not host.robots().allowed("file:///etc/hosts")
    assert host.asked == []


def test_keeps_only_what_concerns_us() -> None:
    groups = b"".join(b"User-agent: bot%d\nDisallow: /%d\n" % (i, i) for i in range(20_000))
    kept = rules_for(b"User-agent: a\nUser-agent: *\nUser-agent: b\nDisallow: /x # why\n" + groups, "storywatch")
    assert kept == "User-agent: *\nDisallow: /x"


def test_reads_only_the_beginning_of_a_huge_file() -> None:
    huge = b"User-agent: *\n" + b"Disallow: /a\n" * 100_000 + b"Disallow: /\n"
    assert Host(huge).robots().allowed("https://news.example/x")


@pytest.mark.parametrize(
    ("stated", "delay"),
    [(b"10", 10), (b"0.5", 0.5), (b"900000", 86_400), (b"-3", 0), (b"soon", 0), (b"nan", 0), (b"", 0)],
)
def test_a_crawl_delay_is_read_and_bounded(stated: bytes, delay: float) -> None:
    manners = Host(b"User-agent: *\nCrawl-Delay: " + stated).robots().ask("https://news.example/x")
    assert manners == Manners(Permission.GRANTED, timedelta(seconds=delay), timedelta(days=7), asked=True)


def test_a_delay_for_others_is_none_of_ours_and_ours_goes_before_everyones() -> None:
    rules = b"User-agent: *\nCrawl-delay: 9\n\nUser-agent: Storywatch\nCrawl-delay: 2\n\nUser-agent: x\nCrawl-delay: 7"
    manners = Host(rules).robots().ask("https://news.example/x")
    assert manners is not None
    assert manners.delay == timedelta(seconds=2)


def test_what_is_known_is_told_without_asking() -> None:
    host = Host(RULES)
    robots = host.robots()
    assert robots.known("https://news.example/x") is None
    assert robots.known("file:///etc/hosts") == robots.ask("file:///etc/hosts") == Manners(Permission.REFUSED)
    assert host.asked == []
    robots.ask("https://news.example/x")
    for path, permission in (("x", Permission.GRANTED), ("private/x", Permission.REFUSED)):
        assert robots.known(f"https://news.example/{path}") == Manners(permission, keep=timedelta(days=7))
    host.now += timedelta(days=1)
    assert robots.known("https://news.example/x") is None


def test_one_asks_and_the_others_go_by_what_was_known() -> None:
    """A second visitor comes while the first one is asking."""

    class Slow(Host):
        seen: Manners | None = None

        def fetch(self, url: str, *given: object, **more: object) -> FetchedResource | NotModified:
            self.seen = robots.ask("https://news.example/private/x")
            return super().fetch(url)

    host = Slow(RULES)
    robots = host.robots()
    robots.ask("https://news.example/x")
    assert host.seen is None
    host.now += timedelta(days=1)
    robots.ask("https://news.example/x")
    assert host.seen == Manners(Permission.REFUSED, keep=timedelta(days=7))
    assert len(host.asked) == 2


def test_a_fault_while_asking_leaves_the_way_free() -> None:
    class Broken(Host):
        def fetch(self, url: str, *given: object, **more: object) -> FetchedResource | NotModified:
            raise OSError("no memory")

    host = Broken(RULES)
    robots = host.robots()
    for _ in range(2):
        with pytest.raises(OSError, match="no memory"):
            robots.ask("https://news.example/x")


def test_an_unreachable_host_keeps_its_delay_for_as_long_as_it_is_not_asked_again() -> None:
    host = Host(b"User-agent: *\nCrawl-delay: 9")
    robots = host.robots()
    robots.ask("https://news.example/x")
    host.answer, host.now = failure(FetchReason.TIMEOUT), host.now + timedelta(days=1)
    expected = Manners(Permission.GRANTED, timedelta(seconds=9), timedelta(minutes=10), asked=True)
    assert robots.ask("https://news.example/x") == expected
