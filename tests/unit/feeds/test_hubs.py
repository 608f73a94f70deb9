"""Hubs: how they are announced, how long their leases are, and how far their word is followed."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

import pytest

from tests.conftest import NOW
from worker.feeds import HubLink, Link, PollHistory, PollOutcome, find_hub, links_of, next_poll_at, parse_feed
from worker.feeds.hubs import (
    ASKED_LEASE,
    HUB_INTERVAL,
    Ping,
    PingHistory,
    SignatureCheck,
    is_told,
    lease_of,
    renewal_of,
    wake_at,
)

URL = "https://news.example/feed"
HUB, SELF = "https://hub.example/", "https://news.example/all.xml"
ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
LINKS = f'<atom:link rel="hub" href="{HUB}"/><atom:link rel="self" href="{SELF}"/>'
DOCUMENTS = {
    "rss": f'<rss version="2.0" {ATOM}><channel><title>A</title>{LINKS}</channel></rss>',
    "atom": f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{LINKS.replace("atom:", "")}</feed>',
    "json": '{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [], '
    f'"feed_url": "{SELF}", "hubs": [{{"type": "WebSub", "url": "{HUB}"}}, 7]}}',
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_format_announces_its_hub(name: str) -> None:
    assert find_hub((), parse_feed(DOCUMENTS[name].encode(), URL).links, URL) == HubLink(HUB, SELF)


def test_a_header_counts_more_than_the_document() -> None:
    stated = [("HUB", "https://other.example/hub"), ("self", "/self"), ("next hub", "x"), ("hub", None), (1, "y")]
    links = links_of(stated, URL)
    other = HubLink("https://other.example/hub", "https://news.example/self")
    assert find_hub(links, (Link("hub", HUB),), URL) == other
    assert Link("next", "https://news.example/x") in links
    assert find_hub((Link("hub", HUB),), (Link("self", SELF),), URL) == HubLink(HUB, SELF)
    assert find_hub((Link("hub", HUB),), (), URL) == HubLink(HUB, URL)
    assert find_hub((Link("self", URL),), (), URL) is None


@pytest.mark.parametrize(
    ("stated", "lease"),
    [("864000", 864_000), ("60", 60), ("", 864_000), ("-1", 864_000), ("x", 864_000), ("9" * 400, 2_592_000)],
)
def test_a_lease_is_bounded(stated: str, lease: int) -> None:
    assert lease_of(stated) == timedelta(seconds=lease)
    assert renewal_of(lease_of(stated), now=NOW) - NOW >= timedelta(minutes=10)


def test_a_lease_is_renewed_before_it_ends() -> None:
    assert renewal_of(ASKED_LEASE, now=NOW) == NOW + timedelta(days=8)


def test_pings_that_bring_nothing_are_followed_less_and_less() -> None:
    first, second = Ping(NOW, "a"), Ping(NOW + timedelta(seconds=1), "b")
    assert wake_at(PingHistory(), first) == NOW
    assert wake_at(PingHistory(first), Ping(NOW, "a")) is None, "a replay"
    waits = [wake_at(PingHistory(first, in_vain), second) for in_vain in range(12)]
    assert all(waits)
    seconds = [(wait - NOW).total_seconds() for wait in waits if wait]
    assert seconds == [5, 10, 20, 40, 80, 160, *[300] * 6]
    late = Ping(NOW + timedelta(hours=1), "b")
    assert wake_at(PingHistory(first, 99), late) == late.at


def test_only_news_that_a_hub_told_of_speak_for_it() -> None:
    assert is_told(PingHistory(Ping(NOW, "a")), now=NOW + timedelta(minutes=10))
    assert not is_told(PingHistory(Ping(NOW, "a")), now=NOW + timedelta(minutes=20))
    assert not is_told(PingHistory(), now=NOW)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512", "SHA256"])
def test_a_signature_holds_for_its_body_alone(method: str) -> None:
    said = hmac.new(b"secret", b"news", getattr(hashlib, method.lower())).hexdigest()
    for body, secret, holds in ((b"news", "secret", True), (b"new5", "secret", False), (b"news", "other", False)):
        check = SignatureCheck(secret, f"{method}={said}")
        for byte in body:
            check.take(bytes([byte]))
        assert check.holds() is holds


@pytest.mark.parametrize("header", ["", "sha256", "sha256=", "md5=0", "=", "sha1=é", "sha256=" + "0" * 64])
def test_what_is_no_signature_does_not_hold(header: str) -> None:
    assert not SignatureCheck("secret", header).holds()


def test_a_feed_whose_hub_works_is_polled_hourly_and_then_by_its_rhythm_again() -> None:
    times = tuple(NOW - number * timedelta(minutes=20) for number in range(50))
    outcome = PollOutcome("unchanged")
    told = PollHistory(times, told_until=NOW + timedelta(days=1))
    assert next_poll_at(told, outcome, now=NOW, jitter=0.0) == NOW + HUB_INTERVAL
    over = PollHistory(times, told_until=NOW)
    assert next_poll_at(over, outcome, now=NOW, jitter=0.0) < NOW + timedelta(minutes=10)
    failed = next_poll_at(told, PollOutcome("failed"), now=NOW, jitter=0.0)
    assert failed < NOW + HUB_INTERVAL, "a failure is seen to as ever"
