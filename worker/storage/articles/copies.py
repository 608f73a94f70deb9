"""Groups of copies: whom each belongs to, and what changes when an earlier article of the group is read later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, undefer

from models import Article, Story, StoryEvent
from worker.duplicates import Follower, Origin, Printing, trace_origin
from worker.storage.stories.embeddings import pack_embedding, unpack_embedding
from worker.storage.stories.story_rows import SUMS
from worker.stories import take_out

_PRINTINGS = 2_000
_PLACE = ("story_id", "story_revision", "story_score", "story_evidence", "vector", "embedding")
_SAID = (undefer(Article.vector), undefer(Article.embedding))


@dataclass(frozen=True, slots=True)
class Moved:
    """Articles that came over to a group; `leaders` are those that were originals of their own until now."""

    articles: tuple[int, ...] = ()
    leaders: tuple[int, ...] = ()


def original_of(session: Session, article_id: int) -> int:
    """Return the original of the group that the article belongs to: itself, if it is no copy."""
    return session.scalar(select(Article.duplicate_of).where(Article.id == article_id)) or article_id


def bring_over(session: Session, followers: Iterable[Follower], article_id: int, original_id: int) -> Moved:
    """Make the followers copies of `article_id`, whose group `original_id` leads; their own copies come along."""
    articles, leaders = [], []
    for follower in followers:
        former = session.scalar(select(Article.duplicate_of).where(Article.id == follower.article_id))
        branch = branch_of(session, follower.article_id, former or follower.article_id)
        update_articles(session, branch, duplicate_of=original_id)
        decision = follower.decision
        update_articles(session, [follower.article_id], copied_from=article_id, duplicate_kind=decision.kind.value,
                similarity=decision.similarity, shared_passage=decision.evidence or None)  # fmt: skip
        articles += branch
        if former is None:
            leaders.append(follower.article_id)
    return Moved(tuple(articles), tuple(leaders))


def take_over(session: Session, article_id: int, leader_id: int) -> int | None:
    """Give the article the former leader's place in its story, at the same revision: nothing new is told by it."""
    former = session.get_one(Article, leader_id, populate_existing=True, options=_SAID)
    place = {name: getattr(former, name) for name in _PLACE}
    mailable = former.mailable or session.get_one(Article, article_id).mailable
    update_articles(session, [article_id], mailable=mailable, **place)
    update_articles(session, [leader_id], story_revision=None, vector=None, embedding=None)
    return former.story_id


def vacate(session: Session, leader_id: int, *, into: int | None, now: datetime) -> None:
    """Take a report that turned out to be a copy out of its story; one left without any becomes part of `into`."""
    row = session.get_one(Article, leader_id, populate_existing=True, options=_SAID)
    story = session.get(Story, row.story_id, options=SUMS) if row.story_id else None
    if story is None:
        return
    gone = row.vector or {}
    rest = {term: round(weight - gone.get(term, 0.0), 5) for term, weight in story.total.items()}
    story.total = {term: weight for term, weight in rest.items() if weight > 0}
    meaning = take_out(unpack_embedding(story.embedding), unpack_embedding(row.embedding))
    story.embedding = pack_embedding(meaning)
    story.size -= 1
    if story.size <= 0 and story.id != into:
        story.merged_into = into
    session.add(StoryEvent(story_id=story.id, at=now, kind="left", article_id=leader_id, detail="it is a copy"))
    session.flush()
    update_articles(session, [leader_id], story_revision=None, vector=None, embedding=None)


def follow(session: Session, ids: Sequence[int], original_id: int) -> int | None:
    """Put copies into their original's story, which does not develop by it; return the story's id."""
    story_id = story_of(session, original_id)
    update_articles(session, ids, story_id=story_id)
    return story_id


def story_of(session: Session, article_id: int) -> int | None:
    """Return the story the article is in."""
    found: int | None = session.scalar(select(Article.story_id).where(Article.id == article_id))
    return found


def origin_of(session: Session, article_id: int) -> Origin | None:
    """Return where the article's group comes from; None for an article without copies."""
    leader = original_of(session, article_id)
    statement = select(Article.outlet, Article.published_at, Article.discovered_at, Article.agency).where(
        or_(Article.id == leader, Article.duplicate_of == leader), Article.state == "analyzed"
    )
    group = [
        Printing(row.outlet, row.published_at or row.discovered_at, row.agency)
        for row in session.execute(statement.order_by(Article.published_at, Article.id).limit(_PRINTINGS))
    ]
    return trace_origin(group) if len(group) > 1 else None


def branch_of(session: Session, article_id: int, original_id: int) -> list[int]:
    """The article and all that are, by whatever steps, copies of it."""
    group = select(Article.id, Article.copied_from).where(
        or_(Article.duplicate_of == original_id, Article.id == article_id)
    )
    by_parent: dict[int | None, list[int]] = {}
    for copy_id, parent_id in session.execute(group):
        by_parent.setdefault(parent_id, []).append(copy_id)
    branch = [article_id]
    for member in branch:  # grows while it is walked
        branch += by_parent.get(member, [])
    return branch


def update_articles(session: Session, ids: Sequence[int], **values: object) -> None:
    """Write these columns of those articles."""
    session.execute(
        update(Article).where(Article.id.in_(ids)).values(**values).execution_options(synchronize_session=False)
    )
