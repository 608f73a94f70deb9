"""What a digest is made from: a story's articles, each as it is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from models import Article, TopicMatch
from worker import stories
from worker.digests import Report, ReportMatch, beginning, distinct, excerpt, reason_words
from worker.duplicates import Printing, trace_origin
from worker.pages import without_tracking
from worker.topics import Band

_AT_ONCE = 500  # stories whose articles are read together


def read_reports(session: Session, story_ids: Sequence[int]) -> dict[int, tuple[Report, ...]]:
    """Return by story how each of its articles is told, the first published first."""
    found: dict[int, tuple[Report, ...]] = {}
    for start in range(0, len(story_ids), _AT_ONCE):
        found |= _reports(session, story_ids[start : start + _AT_ONCE])
    return found


def _reports(session: Session, story_ids: Sequence[int]) -> dict[int, tuple[Report, ...]]:
    found = session.scalars(
        select(Article)
        .where(Article.story_id.in_(story_ids))
        .order_by(Article.published_at, Article.id)
        .options(undefer(Article.text), undefer(Article.vector))
    )
    # Not asked for in the statement: SQLite would go by the state, which nearly all articles have.
    rows = [row for row in found if row.state == "analyzed"]
    matches, agencies = _matches(session, rows), _agencies(rows)
    members: dict[int, list[Article]] = defaultdict(list)
    for row in rows:
        if row.story_id is not None:
            members[row.story_id].append(row)
    reports = {row.id: _report(row, agencies.get(row.id), matches[row.id]) for row in rows}
    return {story_id: _placed(articles, reports) for story_id, articles in members.items()}


def _placed(members: Sequence[Article], reports: Mapping[int, Report]) -> tuple[Report, ...]:
    """The reports of one story, each with how much of it it has; a copy has as much as its original."""
    central = stories.measure_centrality({row.id: row.vector or {} for row in members if row.duplicate_of is None})
    return tuple(replace(reports[row.id], central=central.get(row.duplicate_of or row.id, 0.0)) for row in members)


def _agencies(rows: Iterable[Article]) -> dict[int, str | None]:
    """By original: the wire agency that its group of copies comes from."""
    groups: dict[int, list[Printing]] = defaultdict(list)
    for row in rows:
        printing = Printing(row.outlet, row.published_at or row.discovered_at, row.agency)
        groups[row.duplicate_of or row.id].append(printing)
    origins = {article_id: trace_origin(group) for article_id, group in groups.items()}
    return {article_id: origin.agency for article_id, origin in origins.items() if origin}


def _report(row: Article, agency: str | None, matches: dict[str, ReportMatch]) -> Report:
    return Report(
        article_id=row.id, title=row.title or row.entry_title or beginning(row.text), url=without_tracking(row.url),
        outlet=row.outlet,
        language=row.language, published=row.published_at or row.discovered_at,
        excerpt="" if _is_mere_copy(row) else excerpt(row.text), copy_of=row.duplicate_of,
        revision=row.revision, mailable=row.mailable, feed_only=row.feed_only,
        agency=agency or row.agency, matches=matches, joined=row.story_revision or 0,
        news_number=row.news_number or 0,
        updates=row.updates_original, text="" if _is_mere_copy(row) else row.text,
    )  # fmt: skip


def _is_mere_copy(row: Article) -> bool:
    return row.duplicate_of is not None and not row.updates_original


def _matches(session: Session, articles: Sequence[Article]) -> dict[int, dict[str, ReportMatch]]:
    by_id = {article.id: article for article in articles}
    found: dict[int, dict[str, ReportMatch]] = defaultdict(dict)
    for row in session.scalars(select(TopicMatch).where(TopicMatch.article_id.in_(by_id))):
        terms = () if by_id[row.article_id].duplicate_of else _terms(by_id[row.article_id], row.spans)
        found[row.article_id][row.topic] = ReportMatch(row.score, row.band, terms, Band(row.band).is_unsure)
    return found


def _terms(article: Article, spans: Iterable[Sequence[str | int]]) -> tuple[str, ...]:
    """Return the article's own words where a term matched, title first: "migrants" says more than "migrant*"."""
    places = [(str(field), int(start), int(end)) for field, start, end, _term in spans]
    title = reason_words(article.title or "", [(s, e) for field, s, e in places if field == "title"])
    body = reason_words(article.text, [(s, e) for field, s, e in places if field != "title"])
    return distinct((*title, *body))
