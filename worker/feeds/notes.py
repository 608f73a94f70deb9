"""What is to be said of how often a feed is asked: what its host, its server and its owner want."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from worker.feeds.health import FeedFacts, span_of
from worker.feeds.rhythm import expected_gap
from worker.feeds.schedule import is_belied
from worker.retry import LONGEST_DELAY

_SECONDS = timedelta(minutes=2)  # up to here, seconds say it better


def polling_notes(facts: FeedFacts, *, now: datetime) -> tuple[str, ...]:
    """Return what an owner should know of it, each in half a line; nothing where all is as usual."""
    return tuple(_notes(facts, now))


def _notes(facts: FeedFacts, now: datetime) -> Iterator[str]:
    if facts.crawl_delay:
        kept = f", of which {_exact(LONGEST_DELAY)} are kept" if facts.crawl_delay > LONGEST_DELAY else ""
        yield f"its host asks for {_exact(facts.crawl_delay)} between visits (Crawl-delay){kept}"
    gap = expected_gap(facts.entry_times, now, known_since=facts.first_polled)
    if facts.fresh_for and is_belied(facts.fresh_for, gap):
        yield f"its server calls it fresh for {span_of(facts.fresh_for)}, which its entries belie: heeded for an hour"
    elif facts.fresh_for and facts.fresh_for > gap:
        yield f"its server calls it fresh for {span_of(facts.fresh_for)}: to ask sooner, 'storywatch feeds set'"
    if facts.shortest or facts.longest:
        wishes = (("at least", facts.shortest), ("at most", facts.longest))
        yield "polls as you want them: " + ", ".join(f"{word} {_exact(wish)} apart" for word, wish in wishes if wish)


def _exact(length: timedelta) -> str:
    if length < _SECONDS:
        return f"{length.total_seconds():g} seconds"
    for unit, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):
        if length >= unit and not length % unit:
            return f"{length // unit} {name}{'s' if length > unit else ''}"
    return f"{length.total_seconds():g} seconds"
