"""The step that reclusters stories: every few minutes, what has changed is clustered anew with what is near it.

The work is done on a snapshot, with no transaction open, and applied under the lock that placing takes, if
what was read still holds. `storywatch replay` does the same when its articles have all arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker import stories
from worker.setup.analysis_deps import story_settings
from worker.setup.base_deps import BaseDeps
from worker.setup.logs import get_log
from worker.step import Wakeup, Wakeups
from worker.storage.db.database import Database, serialize_stories
from worker.storage.stories import moves, reclusterings

_ENOUGH = timedelta(seconds=3)  # well within the time after which a process of the analyze pool is killed

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
    """Recluster the stories that wait, that one or an older one first, for some seconds; wake what is left."""
    until = deps.now() + _ENOUGH
    moved, waiting = 0, True
    while waiting and deps.now() < until:
        done = recluster_next(deps.database, rules=story_settings(deps.settings), now=deps.now())
        moved, waiting = moved + done.moved, done.waiting
    if moved:
        log.info("stories reclustered", articles=moved)
    return (Wakeup("recluster_stories", story_id),) if waiting else ()


def recluster_next(
    database: Database, *, rules: stories.StorySettings = stories.MEASURED, now: datetime
) -> Reclustered:
    """Recluster the story that has waited longest. What changed meanwhile stays as it is, and waits on."""
    with database.reading() as session:
        seed = reclusterings.next_unsettled(session)
        snapshot = reclusterings.read_snapshot(session, seed, rules=rules) if seed is not None else None
    if snapshot is None:
        return Reclustered(0, waiting=False)
    found = stories.recluster(snapshot.articles, complete=snapshot.complete, settings=rules)
    with database.transaction() as session:
        serialize_stories(session)
        applied = moves.apply_reclustering(session, snapshot, found, now=now)
    return Reclustered(found.moving if applied else 0, waiting=True)
