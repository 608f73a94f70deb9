"""How a world of slow hosts is treated, in little: the real steps, a real Redis, times scaled down."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from benchmarks.feeds.politeness import Host, Plan, complaints, make_deps, make_hosts, read_world, serve

PLAN = Plan(hosts=30, articles=1, slowest=0.2, delay=0.5, spacing=0.5, again=1.5, seconds=120, per_host=2)


def test_no_host_has_anything_to_complain_of(redis_url: str, tmp_path: Path) -> None:
    hosts = make_hosts(PLAN)
    with serve(hosts, PLAN) as proxy:
        deps = make_deps(PLAN, tmp_path, redis_url, proxy)
        pages = read_world(deps, hosts, PLAN)
        deps.redis.close()
        deps.database.close()
    assert complaints(list(hosts.values()), PLAN) == []
    assert pages == PLAN.hosts * PLAN.articles
    assert sum(host.delay > 0 for host in hosts.values()) == 6


def test_a_host_that_was_treated_badly_says_so() -> None:
    polite = Host("a.example", 0.1, 0.8, [(0, "/robots.txt"), (1, "/feed0"), (2, "/a1")], most_inside=2)
    assert complaints([polite], PLAN) == []
    rude = [
        dataclasses.replace(polite, most_inside=3),
        dataclasses.replace(polite, visits=[*polite.visits, (3, "/robots.txt")]),
        dataclasses.replace(polite, visits=[*polite.visits, (2.5, "/a2")]),
        dataclasses.replace(polite, delay=0, visits=[*polite.visits, (2.05, "/feed1")]),
    ]
    assert [len(complaints([host], PLAN)) for host in rude] == [1] * 4
