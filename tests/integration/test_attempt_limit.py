"""Attempts are counted by Redis, for however many processes ask at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from redis import Redis

from worker.net import AttemptLimit

HOUR = timedelta(hours=1)


@pytest.fixture
def clients(redis_url: str):
    """One connection for each worker."""
    found = [Redis.from_url(redis_url) for _ in range(8)]
    yield found
    for client in found:
        client.close()


def test_many_workers_allow_together_what_one_would(clients) -> None:
    limits = [AttemptLimit(client) for client in clients]

    def attempt(number: int) -> bool:
        return limits[number % 8].allows("mail", "reader@news.example", at_most=10, within=HOUR)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(80))) == 10


def test_each_is_counted_by_itself_and_forgotten_after_the_window(clients) -> None:
    limit = AttemptLimit(clients[0])
    short = timedelta(seconds=1)
    for what, whose in (("a", "x"), ("a", "y"), ("b", "x"), ("a", "\ud800")):
        assert limit.allows(what, whose, at_most=1, within=short)
        assert not limit.allows(what, whose, at_most=1, within=short)
    keys = [key.decode() for key in clients[0].keys("storywatch:attempts:*")]
    assert len(keys) == 4
    assert not any("x" in key.rpartition(":")[2] for key in keys), "whose is kept as a hash only"
    assert all(0 < clients[0].pttl(key) <= 1000 for key in keys)
    deadline = time.monotonic() + 10
    while clients[0].exists(*keys) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert limit.allows("a", "x", at_most=1, within=short)
