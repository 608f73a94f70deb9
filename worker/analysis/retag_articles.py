"""A topic that has changed, applied again to the stored articles: slice by slice, from where it stopped.

No story develops by it and no digest goes out again: what was told is known by its story's revision, and a
story that matches only now is told when it next develops.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from worker import topics
from worker.analysis import reading
from worker.errors import TopicFileError
from worker.retry import READ_RETRIES
from worker.setup.base_deps import BaseDeps
from worker.setup.logs import get_log
from worker.setup.topic_sources import stored_topic
from worker.storage.db.database import serialize_stories
from worker.storage.topics import retags, stored_texts, topic_rows
from worker.storage.topics.retags import RetagRecord
from worker.storage.topics.stored_texts import StoredText
from worker.topics import TopicArticle, TopicMatch
from worker.wakeup import Wakeup, Wakeups

_SLICE = 200
_ENOUGH = timedelta(seconds=2)  # well within the time after which a process of the analyze pool is killed

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the topics that have changed and are not applied to all articles yet."""
    with deps.reading() as session:
        return retags.waiting_retags(session, now=deps.now(), limit=limit)


def retag_articles(deps: BaseDeps, retag_id: int) -> Wakeups:
    """Apply the topic to the next slice of articles and to their copies."""
    now = deps.now()
    with deps.transaction() as session:
        work = retags.claim_retag(session, retag_id, now=now, lease=deps.lease)
        if work is None:
            return ()
        if work.attempts > READ_RETRIES.attempts:
            return _give_up(session, work, reading.BROKE_PROCESS)
        texts = stored_texts.read_texts(session, after=work.cursor, through=work.last_article_id, limit=_SLICE)
    try:
        topic_set = topics.TopicSet((stored_topic(work.source, work.topic),))
    except TopicFileError as error:
        with deps.transaction() as session:
            return _give_up(session, work, str(error))
    found = dict(_match(deps, topic_set, texts, now + _ENOUGH))
    cursor = max(found) if len(texts) == _SLICE or len(found) < len(texts) else work.last_article_id
    with deps.transaction() as session:
        serialize_stories(session)
        replaced = topic_rows.replace_matches(session, work.topic, found, now=deps.now())
        left = retags.save_slice(
            session, retag_id, cursor=cursor, articles=len(found),
            gained=replaced.gained, lost=replaced.lost, now=deps.now(),
        )  # fmt: skip
    if left:
        return (Wakeup("retag_articles", retag_id),)
    log.info("topic applied again", topic=work.topic)
    return ()


def _match(
    deps: BaseDeps, topic_set: topics.TopicSet, texts: Iterable[StoredText], until: datetime
) -> Iterator[tuple[int, TopicMatch | None]]:
    """Yield each article's match until time is up; the first one in any case."""
    for text in texts:
        matches = topic_set.match(topic_article(text))
        yield text.id, matches[0] if matches else None
        if deps.now() >= until:
            return


def topic_article(text: StoredText) -> TopicArticle:
    """Return a stored article as topics see it."""
    return TopicArticle(text.title, text.text, text.language, text.outlet)


def _give_up(session: Session, work: RetagRecord, reason: str) -> Wakeups:
    log.error("retag given up", topic=work.topic, reason=reason)
    retags.save_failed(session, work.id, reason)
    return ()
