"""The topics in use, as long-lived processes know them: the database has them, and says when they have changed.

Every process asks by one look-up of a moment, in a transaction that it has open anyway. Who puts an article in its
place does so under the lock that `save_topics` takes as well: no article is saved that was judged by a version which
somebody has replaced before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock

from worker import topics
from worker.errors import TopicFileError
from worker.setup.logs import get_log
from worker.setup.settings import Settings
from worker.setup.topic_sources import load_topics, stored_topic
from worker.storage.db.session import Session
from worker.storage.topics import retags, topic_rows
from worker.storage.topics.topic_rows import SavedTopics

log = get_log(__name__)


class TopicsInUse:
    """What this process knows of the topics in use; until some were saved, those that are `configured`."""

    def __init__(self, configured: Callable[[], tuple[topics.Topic, ...]]) -> None:
        self._configured = configured
        self._known: tuple[topics.Topic, ...] | None = None
        self._saved: datetime | None = None
        self._compiled: topics.TopicSet | None = None
        self._reading = Lock()  # a large topic takes a second to read: the threads of a process wait for the first

    @property
    def is_known(self) -> bool:
        """Whether this process has looked by now."""
        return self._known is not None

    @property
    def known(self) -> tuple[topics.Topic, ...]:
        """The topics as this process saw them last. Raises `TopicFileError` where none were saved, nor can be read."""
        with self._reading:
            if self._known is None:
                self._known = self._configured()
            return self._known

    @property
    def compiled(self) -> topics.TopicSet:
        """The same, ready to judge articles: as long as nothing changes, the same object."""
        with self._reading:
            if self._known is None:
                self._known = self._configured()
            if self._compiled is None:
                self._compiled = _compile(self._known)
            return self._compiled

    def renew(self, session: Session) -> None:
        """Know the topics as they are in this transaction."""
        saved = topic_rows.topics_saved(session)
        if saved == self._saved:
            return
        with self._reading:
            if saved != self._saved:
                self._read_all(session, saved)

    def _read_all(self, session: Session, saved: datetime | None) -> None:
        before = self._known
        found = tuple(self._read(each) for each in topic_rows.stored_topics(session) if each.in_use)
        self._saved, self._known = saved, tuple(topic for topic in found if topic is not None)
        if self._known != before:
            self._compiled = None

    def _read(self, stored: topic_rows.StoredTopic) -> topics.Topic | None:
        """The topic as it was stored; where another version of this program wrote it, as it was known before."""
        before = next((topic for topic in self._known or () if topic.name == stored.name), None)
        if before is not None and before.source == stored.source:
            return before
        try:
            return stored_topic(stored.source, stored.name)
        except TopicFileError as error:
            log.error("topic not renewed", topic=stored.name, reason=str(error))  # noqa: TRY400
            return before


@lru_cache(maxsize=1)
def _compile(known: tuple[topics.Topic, ...]) -> topics.TopicSet:
    return topics.TopicSet(known)


def remember_topics(session: Session, settings: Settings, *, now: datetime) -> SavedTopics:
    """Put the configured topics to use, and no others; return what of that is news."""
    configured = load_topics(settings)
    saved = use_topics(session, configured, settings, now=now)
    topic_rows.retire_topics(session, but=[topic.name for topic in configured], now=now)
    return saved


def use_topics(
    session: Session, found: Iterable[topics.Topic], settings: Settings, *, now: datetime
) -> SavedTopics:  # fmt: skip
    """Put these topics to use, and begin to apply them to as many stored days as the settings ask for."""
    saved = topic_rows.save_topics(session, [(topic, topic.source) for topic in found], now=now)
    if settings.retag_days:
        for name in (*saved.new, *saved.changed):
            retags.start_retag(session, name, now=now, since=now - timedelta(days=settings.retag_days))
    return saved
