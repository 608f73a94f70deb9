"""Host limits against a real Redis, also when two workers share it."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis

from worker.net import Busy, HostLimits, Lease, MemoryCache, NoHostLimits, RedisCache
from worker.retry import LONGEST_DELAY

PAGE = "https://news.example/a"
NO_SPACING = timedelta()


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as client:
        yield client


def domain_of(host: str) -> str | None:
    return ".".join(host.split(".")[-2:])


def limits(client: redis.Redis, **given: Any) -> HostLimits:
    return HostLimits(client, domain_of, **given)


def entered(answer: Lease | Busy) -> Lease:
    assert isinstance(answer, Lease)
    return answer


def wait(answer: Lease | Busy) -> timedelta:
    assert isinstance(answer, Busy)
    return answer.wait


def test_so_many_at_once_and_no_more(client: redis.Redis) -> None:
    here, there = limits(client, spacing=NO_SPACING), limits(client, spacing=NO_SPACING)
    first = entered(here.enter(PAGE))
    entered(there.enter(PAGE))
    assert wait(here.enter(PAGE)) == timedelta(seconds=1)
    assert wait(there.enter(PAGE)) == timedelta(seconds=1)
    there.leave(first, timedelta())
    entered(there.enter(PAGE))


def test_visits_keep_their_distance(client: redis.Redis) -> None:
    gate = limits(client, spacing=timedelta(seconds=5))
    gate.leave(entered(gate.enter(PAGE)), timedelta())
    assert timedelta(seconds=3) < wait(gate.enter("https://news.example/b")) <= timedelta(seconds=5)
    entered(gate.enter("https://other.test/a"))


def test_all_hosts_of_a_domain_count_together(client: redis.Redis) -> None:
    gate = limits(client)
    entered(gate.enter("https://www.news.example/"))
    wait(gate.enter("https://blog.news.example/"))


def test_a_lease_that_nobody_gives_back_expires(client: redis.Redis) -> None:
    gate = limits(client, at_most=1, spacing=NO_SPACING, lease=timedelta(milliseconds=50))
    entered(gate.enter(PAGE))
    wait(gate.enter(PAGE))
    time.sleep(0.1)
    entered(gate.enter(PAGE))


def test_a_slow_host_gets_longer_spacing(client: redis.Redis) -> None:
    gate = limits(client, spacing=timedelta(seconds=1))
    gate.leave(entered(gate.enter(PAGE)), timedelta(seconds=4))
    assert timedelta(seconds=15) < wait(gate.enter(PAGE)) <= timedelta(seconds=20)
    client.flushall()
    gate.leave(entered(gate.enter(PAGE)), timedelta(seconds=400))
    assert timedelta(seconds=25) < wait(gate.enter(PAGE)) <= timedelta(seconds=30)


def test_answer_times_are_smoothed(client: redis.Redis) -> None:
    gate = limits(client, spacing=NO_SPACING)
    first, second = entered(gate.enter(PAGE)), entered(gate.enter(PAGE))
    gate.leave(first, timedelta(seconds=1))
    gate.leave(second, timedelta(seconds=2))
    assert client.hget("storywatch:host:host:news.example:state", "latency") == b"1300"


def test_a_host_at_rest_is_left_alone_but_not_its_domain(client: redis.Redis) -> None:
    gate = limits(client, spacing=NO_SPACING)
    gate.rest(PAGE, timedelta(minutes=10))
    gate.rest(PAGE, timedelta(minutes=1))
    answer = gate.enter(PAGE)
    assert isinstance(answer, Busy)
    assert answer.resting
    assert timedelta(minutes=9) < answer.wait <= timedelta(minutes=10)
    entered(gate.enter("https://www.news.example/"))


def test_a_rest_is_a_day_at_most(client: redis.Redis) -> None:
    gate = limits(client)
    gate.rest(PAGE, timedelta(days=900))
    assert wait(gate.enter(PAGE)) <= timedelta(hours=24)


def test_a_clock_set_back_does_not_shut_a_host(client: redis.Redis) -> None:
    gate = limits(client, spacing=timedelta(seconds=5))
    client.hset("storywatch:host:host:news.example:state", "last:page", 9_999_999_999_999)
    assert wait(gate.enter(PAGE)) <= timedelta(seconds=5)


def test_several_visits_are_asked_for_at_once(client: redis.Redis) -> None:
    """Three of one host, with and without "www.", one of another, one of nowhere: as if one came after the other."""
    gate = limits(client, spacing=timedelta(seconds=5))
    urls = [PAGE, "https://www.news.example/b", "https://other.test/", "file:///x", "https://news.example/c"]
    first, second, third, fourth, fifth = gate.enter_all(urls)
    assert (wait(second), wait(fifth)) == (timedelta(seconds=5),) * 2
    assert isinstance(second, Busy)
    assert isinstance(fifth, Busy)
    assert fifth.turn - second.turn == timedelta(seconds=5), "each is given a turn of its own"
    held = [entered(first), entered(third), entered(fourth)]
    gate.leave_all([(held[0], timedelta(seconds=2)), (held[1], None), (held[2], timedelta())])
    assert client.keys("*:leases") == []
    assert client.hget("storywatch:host:host:news.example:state", "latency") == b"2000"
    assert client.hget("storywatch:host:host:other.test:state", "latency") is None, "nobody went there"
    assert gate.enter_all([]) == []


def test_one_visitor_counts_once_at_a_host(client: redis.Redis) -> None:
    gate = limits(client, spacing=NO_SPACING)
    held = [entered(place) for place in gate.enter_all([PAGE] * 5)]
    second = entered(gate.enter(PAGE))
    assert wait(gate.enter(PAGE)) == timedelta(seconds=1)
    gate.leave_all([(lease, timedelta()) for lease in held])
    entered(gate.enter(PAGE))
    assert wait(gate.enter(PAGE)) == timedelta(seconds=1)
    gate.leave(second, timedelta())


def test_a_host_left_alone_may_be_visited_so_much_of_its_time_at_once(client: redis.Redis) -> None:
    """Ten seconds apart, with 25 seconds of slack: three at once and then no more."""
    here, there = (limits(client, spacing=timedelta(seconds=10), slack=timedelta(seconds=25)) for _ in range(2))
    places = here.enter_all([PAGE] * 4)
    here.leave_all([(entered(place), None) for place in places[:3]])
    assert timedelta(seconds=3) < wait(places[3]) <= timedelta(seconds=5)
    assert timedelta(seconds=3) < wait(there.enter(PAGE)) <= timedelta(seconds=5)
    entered(there.enter("https://other.test/"))


def test_feeds_and_pages_share_all_but_their_distance(client: redis.Redis) -> None:
    pages = limits(client, spacing=timedelta(seconds=5))
    feeds = limits(client, spacing=timedelta(seconds=1), kind="feed")
    entered(pages.enter(PAGE))
    entered(feeds.enter(PAGE))
    assert timedelta() < wait(feeds.enter(PAGE)) <= timedelta(seconds=1)
    assert timedelta(seconds=3) < wait(pages.enter(PAGE)) <= timedelta(seconds=5)
    time.sleep(1.1)
    assert wait(feeds.enter(PAGE)) == timedelta(seconds=1), "two are there already"
    pages.rest(PAGE, timedelta(minutes=10))
    answer = feeds.enter(PAGE)
    assert isinstance(answer, Busy)
    assert answer.resting


def test_what_is_no_web_address_passes(client: redis.Redis) -> None:
    gate = limits(client)
    lease = entered(gate.enter("file:///x"))
    gate.leave(lease, timedelta())
    gate.rest("file:///x", timedelta(hours=1))
    assert client.keys() == []


def test_everything_it_writes_expires(client: redis.Redis) -> None:
    gate = limits(client)
    gate.leave(entered(gate.enter(PAGE)), timedelta(seconds=1))
    gate.rest("https://b.test/", timedelta(hours=24))
    gate.enter("https://c.test/")
    assert all(client.pttl(key) > 0 for key in client.keys("*"))


def test_without_limits_everyone_enters() -> None:
    gate = NoHostLimits()
    gate.learn(PAGE, timedelta(hours=1), timedelta(hours=1))
    gate.rest(PAGE, timedelta(hours=1))
    gate.leave(entered(gate.enter(PAGE)), timedelta())
    entered(gate.enter(PAGE))


def test_both_caches_remember(client: redis.Redis) -> None:
    for cache in (RedisCache(client), MemoryCache()):
        assert cache.get("x") is None
        cache.set("x", b"\x00\xff", timedelta(days=1))
        assert cache.get("x") == b"\x00\xff"
        assert cache.add("y", b"first", timedelta(days=1))
        assert not cache.add("y", b"second", timedelta(days=1))
        assert cache.get("y") == b"first"
        cache.drop("y")
        cache.drop("y")
        assert cache.get("y") is None
    assert 86_000 < client.ttl("x") <= 86_400


def test_a_page_and_a_feed_of_one_host_keep_their_distance(client: redis.Redis) -> None:
    """Half a second, from the end of the other; the host's other visitors of the same kind keep their own."""
    apart = timedelta(milliseconds=500)
    pages = limits(client, spacing=timedelta(seconds=5), apart=apart)
    feeds = limits(client, spacing=timedelta(milliseconds=100), kind="feed", apart=apart, slack=timedelta(seconds=9))
    place, *_ = [entered(place) for place in feeds.enter_all([PAGE] * 3)]
    assert wait(pages.enter("https://www.news.example/")) == timedelta(seconds=5), "somebody is there with a feed"
    feeds.leave(place, timedelta())
    assert timedelta(milliseconds=300) < wait(pages.enter(PAGE)) <= apart
    time.sleep(0.6)
    page = entered(pages.enter(PAGE))
    assert wait(feeds.enter(PAGE)) == timedelta(seconds=1)
    pages.leave(page, timedelta())
    assert timedelta(milliseconds=300) < wait(feeds.enter(PAGE)) <= apart
    entered(feeds.enter("https://other.test/"))


def test_a_crawl_delay_is_kept_from_the_end_of_one_visit_to_the_next(client: redis.Redis) -> None:
    pages = limits(client, spacing=NO_SPACING)
    feeds = limits(client, spacing=NO_SPACING, kind="feed", slack=timedelta(seconds=9))
    assert entered(pages.enter(PAGE)).delay is None, "who is let in has to ask for it"
    client.flushall()
    delay = timedelta(milliseconds=400)
    pages.learn(PAGE, delay, timedelta(days=7))
    assert timedelta(milliseconds=200) < wait(pages.enter(PAGE)) <= delay, "robots.txt was a visit"
    time.sleep(0.5)
    first, second = feeds.enter_all([PAGE] * 2)
    assert entered(first).delay == delay
    assert timedelta() < wait(second) <= delay, "no more than one of them at a time"
    time.sleep(0.5)
    assert wait(pages.enter(PAGE)) == timedelta(seconds=1), "somebody is there"
    feeds.leave(entered(first), timedelta())
    assert timedelta(milliseconds=200) < wait(feeds.enter(PAGE)) <= delay
    entered(pages.enter("https://www.news.example/"))


def test_an_endless_crawl_delay_is_cut_short_and_one_of_none_is_known(client: redis.Redis) -> None:
    gate = limits(client, spacing=NO_SPACING)
    gate.learn(PAGE, timedelta(hours=20), timedelta(days=7))
    assert timedelta(seconds=299) < wait(gate.enter(PAGE)) <= LONGEST_DELAY
    gate.learn(PAGE, timedelta(), timedelta(milliseconds=100))
    assert entered(gate.enter(PAGE)).delay == timedelta()
    time.sleep(0.2)
    assert entered(gate.enter(PAGE)).delay is None
