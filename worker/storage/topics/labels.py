"""What people say of an article and a topic: does it belong, and who said so when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from models import Article, TopicLabel
from worker.storage.db.inserts import insert_missing
from worker.topics import Label, LabelledArticle, TopicArticle

_LONGEST_WHO = 320  # as a mail address can be


@dataclass(frozen=True, slots=True)
class GivenLabel:
    """One person's word on one article. `via` is how it was given: "command", "digest" for a link in one, "desk"."""

    article_id: int
    title: str
    url: str
    label: Label
    who: str
    via: str
    at: datetime


def save_label(
    session: Session, topic: str, article_id: int, label: Label, *, who: str, via: str, now: datetime
) -> None:
    """Remember the label; a person's second word on the same article replaces their first."""
    name = who[:_LONGEST_WHO]
    key = {"topic": topic, "article_id": article_id, "who": name}
    said = {"label": label.value, "via": via, "labelled_at": now}
    insert_missing(session, TopicLabel, [{**key, **said}], by=("topic", "article_id", "who"))
    session.execute(
        update(TopicLabel)
        .where(TopicLabel.topic == topic, TopicLabel.article_id == article_id, TopicLabel.who == name)
        .values(**said)
    )


def labels_by(session: Session, who: str, article_ids: Iterable[int]) -> dict[tuple[int, str], Label]:
    """Return by article and topic what that person says of those articles."""
    rows = session.execute(
        select(TopicLabel.article_id, TopicLabel.topic, TopicLabel.label)
        .where(TopicLabel.article_id.in_(list(article_ids)), TopicLabel.who == who[:_LONGEST_WHO])
    )  # fmt: skip
    return {(article_id, topic): Label(label) for article_id, topic, label in rows}


def labels_of(session: Session, topic: str) -> list[GivenLabel]:
    """Return every label of the topic, the latest first."""
    rows = session.execute(
        select(TopicLabel, Article.title, Article.entry_title, Article.url)
        .join(Article, Article.id == TopicLabel.article_id)
        .where(TopicLabel.topic == topic)
        .order_by(TopicLabel.labelled_at.desc(), TopicLabel.id.desc())
    )
    return [
        GivenLabel(
            row.article_id, title or entry_title, url, Label(row.label), row.who, row.via, row.labelled_at
        )
        for row, title, entry_title, url in rows
    ]  # fmt: skip


def labelled_articles(session: Session, topic: str) -> list[LabelledArticle]:
    """Return the labelled articles that have been read, each once: what is said of a copy counts for its original.

    Articles of one story are of one group; where people differ, the article is borderline.
    """
    original = aliased(Article)
    rows = session.execute(
        select(
            TopicLabel.label, original.id, original.story_id,
            original.title, original.text, original.language, original.outlet,
        )
        .join(Article, Article.id == TopicLabel.article_id)
        .join(original, original.id == func.coalesce(Article.duplicate_of, Article.id))
        .where(TopicLabel.topic == topic, original.state == "analyzed")
        .order_by(original.id)
    )  # fmt: skip
    articles: dict[tuple[int, int | None], TopicArticle] = {}
    said: dict[int, list[Label]] = {}
    for label, article_id, story_id, title, text, language, outlet in rows:
        articles[article_id, story_id] = TopicArticle(title, text, language, outlet)
        said.setdefault(article_id, []).append(Label(label))
    return [
        LabelledArticle(article, agreed(said[article_id]), group=str(story_id or ""), id=str(article_id))
        for (article_id, story_id), article in articles.items()
    ]


def agreed(labels: Iterable[Label]) -> Label:
    """Return what people together say: where they differ, the article is borderline."""
    different = set(labels)
    return different.pop() if len(different) == 1 else Label.BORDERLINE
