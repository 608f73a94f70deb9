"""The members of stories: read with what they say, and written with what their stories come to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.orm import Session

from models import Article, Story, StoryEvent
from worker.storage.articles.copies import update_articles
from worker.storage.stories.features_read import Saying, remember_features
from worker.storage.stories.news_numbers import next_news_number
from worker.storage.stories.story_keys import drop_keys, write_keys
from worker.stories import MembershipChange, PlacedArticle, StoryChange, StoryFeatures, StorySums

_CHUNK = 500
_PLACE = (Article.story_revision, Article.story_score, Article.story_evidence, Article.mailable, Article.news_number)
_NO_REPORT = {"story_revision": None, "vector": None}
"""The columns that only a member of a story has."""
_EVENT = insert(StoryEvent)
_OPEN = insert(Story).values(news_number=next_news_number()).returning(Story.id)
_THE_STORY = Story.id == bindparam("story")
_JOIN = (
    update(Article)
    .where(Article.id.in_(bindparam("rows", expanding=True)))
    .values(
        story_revision=select(Story.revision).where(_THE_STORY).scalar_subquery(),
        news_number=select(Story.news_number).where(_THE_STORY).scalar_subquery(),
    )
)


def reports_in(story_ids: Sequence[int]) -> Select[Article]:
    """Select the members of the stories: their articles that are no copies."""
    return select(Article).where(Article.story_id.in_(story_ids), Article.duplicate_of.is_(None))


@dataclass(frozen=True, slots=True)
class Member:
    """A report as its row has it, without what it says: that is known by `saying`."""

    article_id: int
    story_id: int
    published: datetime
    saying: Saying


def read_members(session: Session, story_ids: Collection[int]) -> list[PlacedArticle]:
    """Return the stories' members by what they say, in the order of their ids.

    Vectors, about 3 KB a member, are read and decoded once while the database remembers them
    (`remember_features`). A story stays in bounds by its own rules: it spans 30 days, and asks for more as it grows.
    """
    return read_placed(session, list_members(session, story_ids))


def list_members(session: Session, story_ids: Collection[int]) -> list[Member]:
    """Return the stories' members, in the order of their ids."""
    wanted, found = sorted(story_ids), list[Member]()
    for start in range(0, len(wanted), _CHUNK):
        found += _read_rows(session, reports_in(wanted[start : start + _CHUNK]))
    return sorted(found, key=lambda member: member.article_id)


def list_reports(session: Session, article_ids: Collection[int]) -> list[Member]:
    """Return those of the articles that are members of stories."""
    wanted, found = sorted(article_ids), list[Member]()
    for start in range(0, len(wanted), _CHUNK):
        chosen = select(Article).where(Article.id.in_(wanted[start : start + _CHUNK]))
        found += _read_rows(session, chosen.where(Article.story_id.is_not(None), Article.duplicate_of.is_(None)))
    return found


def _read_rows(session: Session, chosen: Select[Article]) -> Iterator[Member]:
    said = (Article.title, Article.text_hash, Article.language, Article.published_at, Article.discovered_at)
    rows = session.execute(chosen.with_only_columns(Article.id, Article.story_id, *said))
    for article_id, story_id, title, text_hash, language, published, seen in rows:
        yield Member(article_id, story_id or 0, published or seen, (title, text_hash, language))


def read_placed(session: Session, members: Sequence[Member]) -> list[PlacedArticle]:
    """Return what the members say."""
    known = remember_features(session, {member.article_id: member.saying for member in members})
    return [
        PlacedArticle(member.article_id, member.story_id, _dated(known[member.article_id], member.published))
        for member in members
    ]


def _dated(features: StoryFeatures, published: datetime) -> StoryFeatures:
    return features if features.published == published else replace(features, published=published)


def write_membership(session: Session, change: MembershipChange, *, now: datetime) -> int | None:
    """Write what changes by one article in its own row and in stories; return the story it is in."""
    for one in change.left:
        _tell(session, one.story_id, "left", one.article_id, now=now, detail=one.reason)
    for emptied, into in change.merged.items():
        merge_story(session, emptied, into)
    story_id = change.story_id
    for story in change.stories:
        written = write_story(session, story, now=now)
        if story.joined:
            story_id = written
            kind = "opened" if story.story_id is None else "joined"
            _tell(session, written, kind, change.article_id, now=now)
    copies_now = [one.article_id for one in change.left if one.article_id != change.article_id]
    copies_now += filter(None, [change.takes_over])
    _write_place(session, change, story_id)
    update_articles(session, copies_now, **_NO_REPORT)
    drop_keys(session, copies_now)
    if change.features is not None:
        write_keys(session, change.article_id, change.features)
    return story_id


def write_story(session: Session, change: StoryChange, *, now: datetime, unsettled: bool = True) -> int:
    """Write what a story comes to, opening it if it is new; return its id. Nothing else writes a story's sums.

    It is to be looked at again among its neighbours, unless it is being so (`unsettled` is False).
    """
    values = _columns(change.sums) | {"news_number": next_news_number()} | ({"unsettled_at": now} if unsettled else {})
    if change.story_id is None:
        opened = {"created_at": now, "developed_at": now, "revision": int(change.joined)}
        del values["news_number"]  # which stands in the statement
        story_id = session.connection().execute(_OPEN, {**values, **opened}).scalar_one()
    else:
        story_id = change.story_id
        developed = {"revision": Story.revision + 1, "developed_at": now} if change.joined else {}
        _update_story(session, story_id, **values, **developed)
    return story_id


def develop_story(session: Session, story_id: int, article_id: int, *, now: datetime) -> None:
    """Let a story develop by an article that is in it already, or comes in as a copy that says more."""
    developed = {"revision": Story.revision + 1, "developed_at": now, "news_number": next_news_number()}
    _update_story(session, story_id, **developed)
    number = select(Story.news_number).where(Story.id == story_id).scalar_subquery()
    update_articles(session, [article_id], news_number=number)
    _tell(session, story_id, "updated", article_id, now=now)


def merge_story(session: Session, story_id: int, into: int | None) -> None:
    """Let a story that has no members any more go on as another, and those too that went on as it."""
    _update_story(session, story_id, merged_into=into, size=0, unsettled_at=None)
    earlier = update(Story).where(Story.merged_into == story_id).values(merged_into=into)
    session.execute(earlier.execution_options(synchronize_session=False))


def _tell(
    session: Session, story_id: int, kind: str, article_id: int, *, now: datetime, detail: str | None = None
) -> None:
    """Write down what happened to a story."""
    event = {"story_id": story_id, "at": now, "kind": kind, "article_id": article_id}
    session.connection().execute(_EVENT, event | ({"detail": detail} if detail is not None else {}))


def _write_place(session: Session, change: MembershipChange, story_id: int | None) -> None:
    """Write the article's own part: as what, and as which of the story's reports it is in it."""
    place = _place_of(session, change, story_id)
    if "story_revision" in place or change.joined is None:
        update_articles(session, [change.article_id], **place)
    else:
        session.connection().execute(_JOIN, {"rows": [change.article_id], "story": story_id, **place})


def _place_of(session: Session, change: MembershipChange, story_id: int | None) -> dict[str, object]:
    """What of that is not to be read from the story itself."""
    place: dict[str, object] = {"story_id": story_id}
    if change.features is not None:
        place |= {"vector": dict(change.features.vector)}
    if change.joined is not None:
        evidence = [list(pair) for pair in change.joined.evidence]
        place |= {"story_score": change.joined.score, "story_evidence": evidence}
    if change.takes_over is not None:
        former = session.execute(select(*_PLACE).where(Article.id == change.takes_over)).one()
        place |= {"story_revision": former[0], "story_score": former[1], "story_evidence": former[2]}
        place |= {"news_number": former.news_number} | ({"mailable": True} if former.mailable else {})
    return place


def _update_story(session: Session, story_id: int, **values: object) -> None:
    statement = update(Story).where(Story.id == story_id).values(**values)
    session.execute(statement.execution_options(synchronize_session=False))


def _columns(sums: StorySums) -> dict[str, object]:
    return {
        "size": sums.size, "first_published_at": sums.first_published, "last_published_at": sums.last_published,
    }  # fmt: skip
