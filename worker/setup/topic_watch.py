"""What the clock does about topic files: one that was edited is put to use, wherever articles are judged.

A file counts by when it was last changed, copied or moved there (`st_ctime`), held against when its topic was last
loaded. So machines with different files do not undo each other's work, and nothing need be remembered: who starts
anew comes to the same. A file that cannot be used is named in the log, once, and the version in use stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from worker.errors import ConfigurationError, TopicFileError
from worker.setup.base_deps import BaseDeps
from worker.setup.logs import get_log
from worker.setup.settings import Settings

if TYPE_CHECKING:
    from worker.storage.topics.topic_rows import StoredTopic
    from worker.topics import Topic

States = dict[Path, tuple[int, int]]

_SETTLED = timedelta(seconds=2)  # whoever is writing a file has had so long to write the rest

log = get_log(__name__)


class TopicWatch:
    """Looks at the topic files, and reads them only when one of them or its neighbours is another one than before."""

    def __init__(self) -> None:
        self._seen: object = None

    def look(self, deps: BaseDeps, read_settings: Callable[[], Settings]) -> None:
        """Put to use what was edited or added among the topic files that the settings name by now."""
        try:
            settings = read_settings()
        except ConfigurationError as error:
            if self._seen != str(error):
                log.error("topics not looked after", reason=str(error))  # noqa: TRY400 (the line says it all)
            self._seen = str(error)
            return
        now, paths = deps.now(), [settings.at(path) for path in settings.topic_files]
        found = {path: _states(path.parent.glob("*.toml")) for path in paths}
        if found == self._seen or any(timedelta() <= now - _moment(each) < _SETTLED for each in found.values()):
            return
        if paths:
            _use_edited(deps, settings, paths, now)
        self._seen = found


@cache
def process_watch() -> TopicWatch:
    """Return the watch of this process."""
    return TopicWatch()


def _use_edited(deps: BaseDeps, settings: Settings, paths: list[Path], now: datetime) -> None:
    # Imported here: the process that waits for others needs topics only when one was edited.
    from worker.setup.topics_in_use import use_topics
    from worker.storage.topics.topic_rows import stored_topics

    with deps.reading() as session:
        stored = {each.name: each for each in stored_topics(session)}
    edited = {topic.name: topic for path, topic in _readable(paths) if _is_newer(path, topic, stored.get(topic.name))}
    if not edited:
        return
    with deps.transaction() as session:
        saved = use_topics(session, edited.values(), settings, now=now)
    log.info("topics renewed", new=list(saved.new), changed=list(saved.changed))


def _readable(paths: list[Path]) -> Iterator[tuple[Path, Topic]]:
    from worker.setup.topic_sources import read_topic

    for path in paths:
        try:
            yield path, read_topic(path)
        except TopicFileError as error:
            log.error("topic not renewed", reason=str(error))  # noqa: TRY400 (the line says it all)


def _is_newer(path: Path, topic: Topic, stored: StoredTopic | None) -> bool:
    if stored is None or not stored.in_use:
        return True
    if topic.source == stored.source:
        return False
    from worker.topics import model_file

    model = model_file(topic.source)
    return _moment(_states([path, path.parent / model] if model else [path])) > stored.loaded


def _states(paths: Iterable[Path]) -> States:
    """Return when each of the files that are there last changed, in nanoseconds, and its size."""
    found: States = {}
    for path in paths:
        with suppress(OSError):
            state = path.stat()
            found[path] = state.st_ctime_ns, state.st_size
    return found


def _moment(states: States) -> datetime:
    """When the latest of them changed."""
    return datetime.fromtimestamp(max((changed for changed, _ in states.values()), default=0) / 1e9, UTC)
