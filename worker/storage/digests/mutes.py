"""What subscribers have muted: written down, taken back, and what there is to be muted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Article, Subscription
from worker.digests import Muted, beginning

MOST = 200
"""Of each kind: whoever mutes more wants another topic."""


@dataclass(frozen=True, slots=True)
class MutableStory:
    """A story by one of its articles: what that is called, all of them, and the outlets that report it."""

    article_id: int
    title: str
    articles: tuple[int, ...]
    outlets: tuple[str, ...]


def save_muted(session: Session, subscription_id: int, muted: Muted) -> None:
    """Put this in place of what was muted; of more than MOST the oldest go."""
    session.execute(
        update(Subscription)
        .where(Subscription.id == subscription_id)
        .values(muted_outlets=list(muted.outlets[-MOST:]), muted_stories=list(muted.stories[-MOST:]))
    )


def mutable_story(session: Session, article_id: int) -> MutableStory | None:
    """Return what can be muted of the story that the article is in, None where it is no longer there."""
    row = session.execute(select(Article.story_id, *_NAMED).where(Article.id == article_id)).first()
    if row is None:
        return None
    in_story = Article.story_id == row.story_id if row.story_id is not None else Article.id == article_id
    found = session.execute(select(Article.id, Article.outlet).where(in_story).order_by(Article.id)).all()
    outlets = dict.fromkeys(outlet for _, outlet in found)
    title = _title(row.title, row.entry_title, row.text)
    return MutableStory(article_id, title, tuple(number for number, _ in found), tuple(outlets))


def articles_of(session: Session, story_id: int) -> list[int]:
    """Return the articles of a story, by any of which it can be muted; none where there is no such story."""
    return list(session.scalars(select(Article.id).where(Article.story_id == story_id).order_by(Article.id)))


def titles_of(session: Session, article_ids: Sequence[int]) -> dict[int, str]:
    """Return what each of the articles is called that are still there."""
    rows = session.execute(select(Article.id, *_NAMED).where(Article.id.in_(article_ids)))
    return {row.id: _title(row.title, row.entry_title, row.text) for row in rows}


_NAMED = (Article.title, Article.entry_title, Article.text)


def _title(title: str, entry_title: str, text: str | None) -> str:
    return title or entry_title or beginning(text or "")
