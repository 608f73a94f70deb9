"""An article's place in its group of copies and in its story, when what it says turns out to be something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from models import Article, DigestStory, Story, StoryEvent, StoryKey
from worker.duplicates import Fingerprint, fingerprint
from worker.storage.articles import sample_pages
from worker.storage.articles.copies import branch_of, update_articles
from worker.storage.articles.fingerprints import save_samples
from worker.storage.articles.sample_months import month_of
from worker.storage.db.inserts import insert_missing
from worker.storage.stories.embeddings import pack_embedding, unpack_embedding
from worker.storage.stories.story_rows import SUMS, as_candidate
from worker.stories import StoryFeatures, mean_link, pool, replace_member, take_out


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """An article that has its place, with what it said until now. `copied_from` is set on a copy."""

    copied_from: int | None
    text: str
    seen: datetime


def read_placed(session: Session, article_id: int) -> PlacedArticle:
    """Return the article as it is stored; it must be there."""
    row = session.get_one(Article, article_id, options=[undefer(Article.text)], populate_existing=True)
    return PlacedArticle(row.copied_from, row.text, row.discovered_at)


def replace_samples(session: Session, article_id: int, placed: PlacedArticle, now_says: Fingerprint) -> None:
    """Index what the article says now in the place of what it said; of a copy, only what it says no more goes."""
    old = fingerprint(placed.text).samples
    sample_pages.remove_entries(session, article_id, old, month=month_of(placed.seen))
    known: tuple[int, ...] = ()
    if placed.copied_from is not None:
        known = fingerprint(read_placed(session, placed.copied_from).text).samples
    save_samples(session, article_id, now_says, seen=placed.seen, known=known)


def release_copy(session: Session, article_id: int) -> Sequence[int]:
    """Let a copy be an original, in no story yet; return its own copies, which come along."""
    row = session.get_one(Article, article_id, populate_existing=True)
    branch = branch_of(session, article_id, row.duplicate_of or article_id)
    update_articles(session, [article_id], duplicate_of=None, copied_from=None, duplicate_kind="unique",
                    similarity=None, shared_passage=None, story_id=None)  # fmt: skip
    copies = [each for each in branch if each != article_id]
    update_articles(session, copies, duplicate_of=article_id)
    return copies


def copies_of(session: Session, article_id: int) -> Sequence[int]:
    """Return the copies in the group that the article leads."""
    return session.scalars(select(Article.id).where(Article.duplicate_of == article_id)).all()


def revise_member(session: Session, article_id: int, features: StoryFeatures) -> float | None:
    """Let an article that is no copy say something else in its story, which does not develop by it.

    Return how near it is to the story's other members; None where it is alone, or has been told with them.
    """
    row, story = _membership(session, article_id)
    if story is None:
        return None
    others = replace_member(story.total, row.vector or {}, {})
    story.total, row.vector = dict(replace_member(others, {}, features.vector)), dict(features.vector)
    rest = take_out(unpack_embedding(story.embedding), unpack_embedding(row.embedding))
    story.embedding = pack_embedding(pool(rest, features.embedding))
    row.embedding = pack_embedding(features.embedding)
    session.flush()
    insert_missing(session, StoryKey, [{"key": key[:64], "story_id": story.id} for key in features.keys], by=("key",))
    told = session.scalars(select(DigestStory.article_ids).where(DigestStory.story_id == story.id))
    if story.size < 2 or any(article_id in ids for ids in told):
        return None
    return mean_link(features.vector, as_candidate(story, total=others, size=story.size - 1))


def speak_for_itself(session: Session, article_id: int, features: StoryFeatures, *, now: datetime) -> None:
    """Let an original that was read late be in the story by its own words, not by those of the copy it replaces.

    So the stories do not hang on which of the two was read first. The story is looked at again.
    """
    revise_member(session, article_id, features)
    _, story = _membership(session, article_id)
    if story is not None:
        story.first_published_at = min(story.first_published_at, features.published)
        story.unsettled_at = now
        session.flush()


def leave_story(session: Session, article_id: int, reason: str, *, now: datetime) -> None:
    """Take an article that is no copy out of its story, where other members stay.

    Without it the story is where it was before: else it would be told again for news that it has not.
    """
    row, story = _membership(session, article_id)
    if story is None:
        return
    story.total, story.size = dict(replace_member(story.total, row.vector or {}, {})), story.size - 1
    others = take_out(unpack_embedding(story.embedding), unpack_embedding(row.embedding))
    story.embedding = pack_embedding(others)
    row.story_id = row.story_revision = row.story_score = row.story_evidence = row.vector = row.embedding = None
    session.add(StoryEvent(story_id=story.id, at=now, kind="left", article_id=article_id, detail=reason))
    session.flush()
    rest = select(func.max(Article.story_revision)).where(Article.story_id == story.id)
    told = select(func.max(DigestStory.revision)).where(DigestStory.story_id == story.id)
    story.revision = max(session.scalar(rest) or 1, session.scalar(told) or 1)
    session.flush()


def _membership(session: Session, article_id: int) -> tuple[Article, Story | None]:
    said = (undefer(Article.vector), undefer(Article.embedding))
    row = session.get_one(Article, article_id, options=said, populate_existing=True)
    return row, session.get(Story, row.story_id, options=SUMS, populate_existing=True) if row.story_id else None
