"""Topics as loaded, and the matches of articles with their reasons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from models import Article
from models import Topic as TopicRow
from models import TopicMatch as TopicMatchRow
from worker.storage.db.database import serialize_stories
from worker.storage.db.hashes import string_hash
from worker.storage.db.ticks import last_tick, save_tick
from worker.topics import Band, MatchedSpan, Topic, TopicMatch

TOPICS = "topics saved"
"""The tick that tells when a topic was last saved: whoever judges articles sees by it that there is another one."""

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class SavedTopics:
    """The names of topics that were not in use before, and of those that are another version now."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredTopic:
    """A topic as the database has it."""

    name: str
    source: str
    loaded: datetime
    in_use: bool


def save_topics(session: Session, topics: Sequence[tuple[Topic, str]], *, now: datetime) -> SavedTopics:
    """Put the topics to use with their source text; return what of that is news.

    So `explain` can name the version, and a topic can be applied again to what is stored. Who saves an article after
    this transaction sees them: no article is being placed meanwhile.
    """
    serialize_stories(session)
    new, changed = [], []
    for topic, source in topics:
        row = session.get(TopicRow, topic.name, populate_existing=True)
        digest = string_hash(source)
        if row is None or not row.in_use:
            new.append(topic.name)
        elif row.source_hash != digest:
            changed.append(topic.name)
        else:
            continue
        session.merge(
            TopicRow(
                name=topic.name, description=topic.description, source=source, source_hash=digest, loaded_at=now,
                in_use=True,
            )
        )  # fmt: skip
    if new or changed:
        _tell_change(session, now)
    return SavedTopics(tuple(new), tuple(changed))


def retire_topics(session: Session, *, but: Collection[str], now: datetime) -> None:
    """Judge no article by any other topic than those from now on; what matched them before stays."""
    serialize_stories(session)
    others = update(TopicRow).where(TopicRow.in_use, TopicRow.name.not_in(but)).values(in_use=False)
    if session.connection().execute(others).rowcount:
        _tell_change(session, now)


def topics_saved(session: Session) -> datetime | None:
    """Return the moment by which one state of the saved topics is told from the next; None before the first."""
    return last_tick(session, TOPICS)


def stored_topics(session: Session) -> tuple[StoredTopic, ...]:
    """Return every topic that is known, by name."""
    rows = session.scalars(select(TopicRow).order_by(TopicRow.name).execution_options(populate_existing=True))
    return tuple(StoredTopic(row.name, row.source, row.loaded_at, row.in_use) for row in rows)


def _tell_change(session: Session, now: datetime) -> None:
    session.flush()
    last = topics_saved(session)
    save_tick(session, TOPICS, now=now if last is None else max(now, last + _MOMENT))


def save_matches(session: Session, article_id: int, matches: Sequence[TopicMatch], *, now: datetime) -> None:
    """Replace what the article matched."""
    session.execute(delete(TopicMatchRow).where(TopicMatchRow.article_id == article_id))
    session.add_all(_row(article_id, match, now) for match in matches)


def revise_matches(session: Session, article_id: int, matches: Sequence[TopicMatch], *, now: datetime) -> None:
    """Replace what an original and its copies matched; a match that was there before keeps its moment."""
    copies = session.scalars(select(Article.id).where(Article.duplicate_of == article_id)).all()
    for each in (article_id, *copies):
        mine = TopicMatchRow.article_id == each
        since = dict(session.execute(select(TopicMatchRow.topic, TopicMatchRow.matched_at).where(mine)).all())
        session.execute(delete(TopicMatchRow).where(mine))
        session.add_all(_row(each, match, since.get(match.topic, now)) for match in matches)


@dataclass(frozen=True, slots=True)
class Replaced:
    """How many articles the topic has now that it had not, and had that it has not; copies are not counted."""

    gained: int
    lost: int


def replace_matches(session: Session, topic: str, found: Mapping[int, TopicMatch | None], *, now: datetime) -> Replaced:
    """Replace what the articles and their copies matched of one topic; the other topics stay.

    An article that has become a copy since it was looked at is left to its original. A match that was
    there before keeps its moment.
    """
    ids = session.scalars(select(Article.id).where(Article.id.in_(found), Article.duplicate_of.is_(None)))
    original_of = {each: each for each in ids}
    copies = select(Article.id, Article.duplicate_of).where(Article.duplicate_of.in_(tuple(original_of)))
    originals = tuple(original_of)
    original_of.update({copy: original for copy, original in session.execute(copies) if original is not None})
    mine = (TopicMatchRow.topic == topic, TopicMatchRow.article_id.in_(original_of))
    since = dict(session.execute(select(TopicMatchRow.article_id, TopicMatchRow.matched_at).where(*mine)).all())
    session.execute(delete(TopicMatchRow).where(*mine))
    session.add_all(
        _row(article_id, match, since.get(article_id, now))
        for article_id, original in original_of.items()
        if (match := found[original]) is not None
    )
    gained = sum(found[each] is not None and each not in since for each in originals)
    return Replaced(gained, sum(found[each] is None and each in since for each in originals))


@dataclass(frozen=True, slots=True)
class MatchCount:
    """Articles that match a topic; `borderline` are those that only a subscriber who asks for `wide` gets."""

    hits: int = 0
    borderline: int = 0


def count_matches(session: Session, *, since: datetime) -> dict[str, MatchCount]:
    """Return by topic how many of the articles read since then match it, copies not counted."""
    borderline = func.sum(case((TopicMatchRow.band == Band.WIDE.value, 1), else_=0))
    rows = session.execute(
        select(TopicMatchRow.topic, func.count(), borderline)
        .join(Article, Article.id == TopicMatchRow.article_id)
        .where(Article.analyzed_at >= since, Article.duplicate_of.is_(None))
        .group_by(TopicMatchRow.topic)
    )
    return {topic: MatchCount(count - int(wide), int(wide)) for topic, count, wide in rows}


def saved_source(session: Session, name: str) -> str | None:
    """Return the topic's source text as it was last loaded, or None for a new name."""
    row = session.get(TopicRow, name)
    return row.source if row else None


def matches_of(session: Session, article_id: int) -> tuple[TopicMatch, ...]:
    """Return what the article matched, the best first."""
    rows = session.scalars(
        select(TopicMatchRow)
        .where(TopicMatchRow.article_id == article_id)
        .order_by(TopicMatchRow.score.desc(), TopicMatchRow.topic)
    )
    return tuple(
        TopicMatch(
            topic=row.topic, score=row.score, band=Band(row.band), reasons=tuple(row.reasons),
            spans=tuple(MatchedSpan(str(f), int(s), int(e), str(t)) for f, s, e, t in row.spans),
        )
        for row in rows
    )  # fmt: skip


def _row(article_id: int, match: TopicMatch, matched: datetime) -> TopicMatchRow:
    return TopicMatchRow(
        article_id=article_id, topic=match.topic, score=match.score, band=match.band.value,
        spans=[[span.field, span.start, span.end, span.term] for span in match.spans],
        reasons=list(match.reasons), matched_at=matched,
    )  # fmt: skip
