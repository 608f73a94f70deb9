"""A topic that has changed, applied again to the stored articles: slice by slice, from where it stopped.

No story develops by it and no digest goes out again: what was told is known by its story's revision, and a
story that matches only now is told when it next develops. A topic that is edited on the way begins again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from worker import topics
from worker.analysis import reading
from worker.errors import TopicFileError
from worker.retry import READ_RETRIES
from worker.setup.base_deps import BaseDeps
from worker.setup.logs import get_log
from worker.setup.topic_sources import stored_topic
from worker.step import Beats, Save, Saved, Wakeup, Wakeups
from worker.storage.db.session import Session
from worker.storage.topics import retags, stored_texts, topic_rows
from worker.storage.topics.retags import RetagRecord
from worker.storage.topics.stored_texts import StoredText
from worker.topics import TopicMatch

_SLICE = 200
_ENOUGH = timedelta(seconds=2)  # well within the time after which a process of the analyze pool is killed

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the topics that have changed and are not applied to all articles yet."""
    with deps.reading() as session:
        return retags.waiting_retags(session, now=deps.now(), limit=limit)


def retag_articles(deps: BaseDeps, retag_id: int) -> Wakeups:
    """Apply the topic to the next slice of articles and to their copies."""
    beats = Beats(
        claim=retags.claim_retag,
        is_held=retags.is_held,
        work=partial(_apply, deps),
        give_up=partial(_give_up, reason=reading.BROKE_PROCESS),
        tries=READ_RETRIES.attempts,
    )
    return beats.take(deps, retag_id)


def _apply(deps: BaseDeps, work: RetagRecord) -> Save:
    try:
        topic_set = topics.TopicSet((stored_topic(work.source, work.topic),))
    except TopicFileError as error:
        return _fenced(work, partial(_give_up, work=work, reason=str(error)))
    until = deps.now() + _ENOUGH
    with deps.reading() as session:
        texts = stored_texts.read_texts(session, after=work.cursor, through=work.last_article_id, limit=_SLICE)
    found = dict(_match(deps, topic_set, texts, until))
    cursor = max(found) if len(texts) == _SLICE or len(found) < len(texts) else work.last_article_id
    return _fenced(work, partial(_save, deps, work, found, cursor))


def _fenced(work: RetagRecord, write: Callable[[Session], Saved]) -> Save:
    """Nothing is written that a version of the topic says which somebody has replaced meanwhile."""

    def write_unless_changed(session: Session) -> Saved:
        changed = retags.restart_if_changed(session, work)
        return Saved((Wakeup("retag_articles", work.id),)) if changed else write(session)

    return Save(write_unless_changed, locks_stories=True)


def _save(
    deps: BaseDeps, work: RetagRecord, found: Mapping[int, TopicMatch | None], cursor: int, session: Session
) -> Saved:
    now = deps.now()
    replaced = topic_rows.replace_matches(session, work.topic, found, now=now)
    left = retags.save_slice(
        session, work.id, cursor=cursor, articles=len(found), gained=replaced.gained, lost=replaced.lost, now=now
    )
    if left:
        return Saved((Wakeup("retag_articles", work.id),))
    return Saved(says=partial(log.info, "topic applied again", topic=work.topic))


def _match(
    deps: BaseDeps, topic_set: topics.TopicSet, texts: Iterable[StoredText], until: datetime
) -> Iterator[tuple[int, TopicMatch | None]]:
    """Yield each article's match until time is up; the first one in any case."""
    for text in texts:
        matches = topic_set.match(text.article)
        yield text.id, matches[0] if matches else None
        if deps.now() >= until:
            return


def _give_up(session: Session, work: RetagRecord, reason: str) -> Saved:
    retags.save_failed(session, work.id, reason)
    return Saved(says=partial(log.error, "retag given up", topic=work.topic, reason=reason))
