"""Simulates a week of polling by `feeds.next_poll_at`: what it costs, and how soon new entries are seen.

    python -m benchmarks.feeds.polling [--feeds 500] [--seed 1] [--median-a-day 1.0]

The feeds are made up: rates spread log-normally around the median (at most 300 entries a day), more by day
than by night in a zone of their own, more on weekdays than at weekends. Five in a hundred fail all week;
two in a hundred lie about validators, so that only every hundredth poll, which ignores them, sees anything new.
"""

from __future__ import annotations

import argparse
import math
import random
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import mean, median

from worker.feeds import PollHistory, PollOutcome, next_poll_at

START = datetime(2026, 11, 2, tzinfo=UTC)
WEEK = timedelta(days=7)
STEP = timedelta(minutes=20)
SHARE_OF_DAY = STEP / timedelta(days=1)
BUSY = 10.0  # entries a day from which the delay is held to ten minutes


@dataclass(frozen=True)
class SimulatedFeed:
    entries_a_day: float
    entries: list[datetime]
    fails: bool
    lies: bool


def make_feed(chance: random.Random, median_a_day: float) -> SimulatedFeed:
    rate = min(math.exp(chance.gauss(math.log(median_a_day), 1.6)), 300.0)
    zone = chance.randrange(24)
    hours = [(0.15 if (hour - zone) % 24 < 6 else 1.5 if (hour - zone) % 24 < 20 else 0.7) for hour in range(24)]
    usual = sum(hours) / 24
    known = timedelta(days=max(14.0, min(400.0, 60 / rate)))
    entries, moment = [], START - known
    while moment < START + WEEK:
        weight = hours[moment.hour] / usual * (0.5 if moment.weekday() > 4 else 1.2)
        expected = rate * SHARE_OF_DAY * weight
        count = int(expected) + (chance.random() < expected % 1)
        entries += [moment + STEP * chance.random() for _ in range(count)]
        moment += STEP
    fate = chance.random()
    return SimulatedFeed(rate, sorted(entries), fate < 0.05, 0.05 <= fate < 0.07)


def live_a_week(feed: SimulatedFeed, chance: random.Random) -> tuple[int, list[float]]:
    """Return how many polls the feed cost, and each new entry's delay in minutes."""
    seen = bisect_right(feed.entries, START)
    now, polls, failures, delays = START + timedelta(hours=chance.random()), 0, 0, list[float]()
    while now < START + WEEK:
        polls += 1
        fresh = 0
        if not feed.fails and (not feed.lies or chance.random() < 0.01):
            fresh = bisect_right(feed.entries, now) - seen
        delays += [(now - moment) / timedelta(minutes=1) for moment in feed.entries[seen : seen + fresh]]
        seen += fresh
        outcome = PollOutcome("failed" if feed.fails else "new" if fresh else "unchanged")
        history = PollHistory(tuple(feed.entries[max(seen - 50, 0) : seen][::-1]), failures)
        failures += feed.fails
        now = next_poll_at(history, outcome, now=now, jitter=chance.uniform(-1, 1))
    return polls, delays


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--median-a-day", type=float, default=1.0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    feeds = [make_feed(chance, options.median_a_day) for _ in range(options.feeds)]
    lived = [live_a_week(feed, chance) for feed in feeds]
    busy = [
        delay for feed, (_, delays) in zip(feeds, lived, strict=True) if feed.entries_a_day >= BUSY for delay in delays
    ]
    failing = [polls for feed, (polls, _) in zip(feeds, lived, strict=True) if feed.fails]
    lied = [delay for feed, (_, delays) in zip(feeds, lived, strict=True) if feed.lies for delay in delays]
    liars = sum(feed.lies for feed in feeds)
    every = [delay for _, delays in lived for delay in delays]
    busy_feeds = sum(feed.entries_a_day >= BUSY for feed in feeds)
    cost = f"{mean(polls for polls, _ in lived):.1f} (failing feeds {mean(failing or [0]):.1f})"
    print(f"feeds                       {len(feeds)}, {busy_feeds} of them busy")
    print(f"polls a feed and week       {cost}")
    print(f"median delay, busy feeds    {median(busy or [0.0]):.1f} min ({len(busy)} entries)")
    print(f"median delay, lying feeds   {median(lied or [0.0]) / 60:.1f} h ({len(lied)} entries of {liars} feeds)")
    print(f"median delay, all feeds     {median(every or [0.0]):.1f} min ({len(every)} entries)")


if __name__ == "__main__":
    main()
