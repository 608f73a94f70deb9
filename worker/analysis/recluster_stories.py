"""The step that reclusters stories: every few minutes, what has changed is clustered anew with what is near it.

The work is done on a snapshot, with no transaction open, and applied under the lock that placing takes, if
what was read still holds. `storywatch replay` does the same when its articles have all arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from worker import stories
from worker.setup.analysis_deps import story_settings
from worker.setup.base_deps import BaseDeps
from worker.setup.logs import get_log
from worker.step import Wakeup, Wakeups
from worker.storage.db.database import Database, hold_snapshot, serialize_stories
from worker.storage.db.session import Session
from worker.storage.stories import moves, reclusterings

_ENOUGH = timedelta(seconds=3)
"""What a slice may take: well within the time after which a process of the analyze pool is killed."""
_MOST = 2 * _ENOUGH
"""What the first story of a slice may take; one that depends on more than can be read in it is left as it is."""
_PORTION = 50  # stories
_LEARNED = 16  # articles, so that a slice that is over ends within a moment

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Reclustered:
    """What one reclustering did: how many articles moved, and whether another story waits."""

    moved: int
    waiting: bool


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the story that changed longest ago, if any has: the step goes on to the others by itself."""
    with deps.reading() as session:
        waiting = reclusterings.next_unsettled(session)
    return () if waiting is None else (waiting,)


def recluster_stories(deps: BaseDeps, story_id: int = 0) -> Wakeups:
    """Recluster the stories that wait, those that have waited longest first, for some seconds; wake what is left."""
    started, rules = deps.now(), story_settings(deps.settings)
    moved, waiting = 0, True
    began = monotonic()  # how long it takes no correction of the clock changes
    while waiting and monotonic() - began < _ENOUGH.total_seconds():
        done = recluster_next(deps.database, rules=rules, now=started, spent=_since(monotonic()))
        moved, waiting = moved + done.moved, done.waiting
    if moved:
        log.info("stories reclustered", articles=moved)
    return (Wakeup("recluster_stories", story_id),) if waiting else ()


def _since(began: float) -> Callable[[], timedelta]:
    return lambda: timedelta(seconds=monotonic() - began)


def recluster_next(
    database: Database, *, rules: stories.StorySettings = stories.MEASURED, now: datetime,
    spent: Callable[[], timedelta] = timedelta,
) -> Reclustered:  # fmt: skip
    """Recluster the stories that wait: all, or as many as it comes to before what is `spent` is enough.

    What changed meanwhile stays as it is, and waits on.
    """
    with database.reading() as session:
        if reclusterings.next_unsettled(session) is None:
            return Reclustered(0, waiting=False)
    with database.reading() as session:
        hold_snapshot(session)
        seeds = reclusterings.unsettled_stories(session)
        found = _recluster(session, seeds, rules, spent)
        since = reclusterings.unsettled_since(session, [story_id for one in found for story_id in one.stories])
    with database.transaction() as session:
        serialize_stories(session)
        done = moves.apply_reclusterings(session, found, since, now=now)
        waiting = reclusterings.next_unsettled(session) is not None
    return Reclustered(sum(one.moving for one in done), waiting)


def _recluster(
    session: Session, seeds: Sequence[int], rules: stories.StorySettings, spent: Callable[[], timedelta]
) -> Sequence[stories.Reclustering]:
    look = _Look(session, rules)
    for first in seeds[:1]:
        if not look.take_in([first], lambda: spent() > _MOST):
            log.warning("story left as it is", story=first, reason="it depends on too many others")
            return [stories.leave(first, reclusterings.articles_by_story(session, [first])[first])]
    for start in range(1, len(seeds), _PORTION):
        if not look.take_in(seeds[start : start + _PORTION], lambda: spent() > _ENOUGH):
            break
    return look.found.result()


class _Look:
    """Stories taken in from one snapshot, each with all that it depends on."""

    def __init__(self, session: Session, rules: stories.StorySettings) -> None:
        self.found = stories.Reclusterer(rules)
        self._session = session
        self._reader = reclusterings.NeighbourReader(session, window=rules.window)

    def take_in(self, story_ids: Sequence[int], is_over: Callable[[], bool]) -> bool:
        """Take in the stories; False where the time was over before all was known that they depend on."""
        while story_ids:
            self.found.ask(reclusterings.articles_by_story(self._session, story_ids))
            while missing := self.found.missing_articles():
                for start in range(0, len(missing), _LEARNED):
                    if is_over():
                        return False
                    self._learn(missing[start : start + _LEARNED])
            story_ids = self.found.missing_stories()
        return True

    def _learn(self, article_ids: Sequence[int]) -> None:
        for placed, others in self._reader.read(article_ids, but=self.found.knows):
            self.found.learn(placed, others)
