"""Stories on topics as a list to look through: filtered, those that developed last first, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from models import Article, Story, ToldArticle, TopicMatch
from worker.digests import PendingStory
from worker.storage.digests.digest_reports import read_reports

_SEEN = 1_000  # matches among which outlets and languages are looked for


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """Which stories are wanted: with a report on one of the topics, matched surely enough, that developed in the time.

    "" stands for any outlet or language; `updated` wants those that grew since they began, `unmailed` those that no
    reader was told of, and of `news_after` only what is later counts.
    """

    topics: tuple[str, ...]
    bands: frozenset[str]
    since: datetime
    until: datetime
    outlet: str = ""
    language: str = ""
    updated: bool = False
    unmailed: bool = False
    news_after: int = 0


def list_stories(session: Session, wanted: StoryFilter, *, limit: int, offset: int = 0) -> list[PendingStory]:
    """Return the stories with all their reports, the one that developed last first."""
    if not wanted.topics:
        return []
    statement = _matching(wanted).order_by(Story.developed_at.desc(), Story.id.desc()).limit(limit).offset(offset)
    rows = session.execute(statement).all()
    reports = read_reports(session, [row.id for row in rows])
    return [PendingStory(row.id, row.revision, reports[row.id]) for row in rows if row.id in reports]


def count_stories(session: Session, wanted: StoryFilter, *, at_most: int) -> int:
    """Return how many there are, counting no further than that."""
    return session.scalar(select(func.count()).select_from(_matching(wanted).limit(at_most).subquery())) or 0


def count_readers(session: Session, story_ids: Sequence[int]) -> dict[int, int]:
    """Return by story to how many readers something of it was told; those told to nobody are left out."""
    rows = session.execute(
        select(Article.story_id, func.count(ToldArticle.subscription_id.distinct()))
        .join(ToldArticle, ToldArticle.article_id == Article.id)
        .where(Article.story_id.in_(story_ids), ToldArticle.returned.is_(False))
        .group_by(Article.story_id)
    )
    return {story_id: count for story_id, count in rows if story_id is not None}


def seen_lately(session: Session) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the outlets and the languages of the articles that matched a topic last, in their order."""
    latest = select(TopicMatch.article_id).order_by(TopicMatch.id.desc()).limit(_SEEN).subquery()
    rows = session.execute(
        select(Article.outlet, Article.language).where(Article.id.in_(select(latest.c.article_id))).distinct()
    ).all()
    outlets = {outlet for outlet, _ in rows if outlet}
    languages = {language.partition("-")[0] for _, language in rows if language}
    return tuple(sorted(outlets, key=str.casefold)), tuple(sorted(languages))


def _matching(wanted: StoryFilter) -> Select[int, int]:
    return select(Story.id, Story.revision).where(
        Story.merged_into.is_(None), Story.developed_at > wanted.since, Story.developed_at <= wanted.until,
        *_of_story(wanted), _has_match(wanted),
    )  # fmt: skip


def _of_story(wanted: StoryFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.news_after:
        found.append(Story.news_number > wanted.news_after)
    if wanted.updated:
        found.append(Story.revision > 1)
    if wanted.unmailed:
        told = select(1).select_from(Article).join(ToldArticle, ToldArticle.article_id == Article.id)
        found.append(~exists(told.where(Article.story_id == Story.id, ToldArticle.returned.is_(False))))
    return found


def _has_match(wanted: StoryFilter) -> ColumnElement[bool]:
    """A report of its own, and no mere copy, that is on one of the topics and is what is filtered by.

    One question within the other: of a join, SQLite would begin at the topic, for each story anew.
    """
    matched = exists(
        select(1).where(
            TopicMatch.article_id == Article.id, TopicMatch.topic.in_(wanted.topics),
            TopicMatch.band.in_(sorted(wanted.bands)),
        )
    )  # fmt: skip
    report = select(1).where(
        Article.story_id == Story.id,
        Article.mailable,
        Article.duplicate_of.is_(None) | Article.updates_original,
        matched,
    )
    if wanted.outlet:
        report = report.where(func.lower(Article.outlet) == wanted.outlet.lower())
    if wanted.language:
        spoken = Article.language.startswith(f"{wanted.language}-", autoescape=True)
        report = report.where(or_(Article.language == wanted.language, spoken))
    return exists(report)
