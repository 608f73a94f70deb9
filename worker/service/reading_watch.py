"""How far a service has come that was started to read what its feeds have now, seen from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from worker.setup.deps import Deps
from worker.storage.feeds import feed_rows
from worker.storage.reports import overview

_CALM = 3  # looks in a row without anything to do
_CALM_BEFORE_ANY = 40  # the same while no article is there: the first feed may be under way


@dataclass(frozen=True, slots=True)
class Progress:
    """How many things wait, and how many articles are known, of which so many are read."""

    waiting: int
    articles: int
    read: int


class ReadingWatch:
    """Looks at the database: done once everything has been read for a while; `tell` hears of every look."""

    def __init__(self, deps: Deps, tell: Callable[[Progress], None] = lambda _: None) -> None:
        self._deps = deps
        self._tell = tell
        self._calm = 0

    def is_done(self) -> bool:
        """Look, and return whether there has been nothing to do for several looks."""
        progress = self.look()
        self._tell(progress)
        self._calm = 0 if progress.waiting else self._calm + 1
        return self._calm >= (_CALM if progress.articles else _CALM_BEFORE_ANY)

    def look(self) -> Progress:
        """Return how far it is."""
        with self._deps.reading() as session:
            seen = overview.read_overview(session)
            due = feed_rows.due_feeds(session, now=self._deps.now(), limit=100)
        unread = seen.articles.get("discovered", 0) + seen.articles.get("fetched", 0)
        known = sum(seen.articles.values())
        return Progress(len(due) + seen.documents.get("pending", 0) + unread, known, known - unread)
