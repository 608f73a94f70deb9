"""Reviews of sites: the lines to be judged with all that speaks for and against them, and what was decided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, undefer

from models import Article, Site, SiteLine, SiteReading, SiteVerdict
from worker.pages import ENOUGH_ARTICLES, LEARNED, line_key
from worker.storage.articles.article_rows import ArticleRecord, record_of
from worker.storage.db.claims import claim, still_held, waiting
from worker.storage.sites.site_rows import BOILERPLATE, STORY, undecided

_CHUNK = 500
_LINES = 20  # judged at a time
_CARRIERS = 12  # articles of each whose text is compared
_SLICE = 20  # articles reviewed before the next commit
_COMMON = 3  # articles in which a line stands that says nothing of what any of them is about


@dataclass(frozen=True, slots=True)
class ClaimedSite:
    """A site that was claimed."""

    id: int
    host: str
    wanted: int
    cursor: int
    last_article_id: int
    attempts: int
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class LineSighting:
    """The line stood in this article."""

    article_id: int
    title: str
    template: str
    apart: bool
    at: datetime
    published: datetime


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """What an article says, as it is stored."""

    title: str
    text: str
    language: str | None
    removed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReviewedLine:
    """A line to be judged; `examples` are the articles, newest first, one for each title, that are worth comparing."""

    key: int
    sightings: tuple[LineSighting, ...]
    other_sites: int
    examples: tuple[LineSighting, ...]


@dataclass(frozen=True, slots=True)
class SiteReview:
    """What a review of a site shows: lines, the articles they are judged by, all its pages (template, when read).

    `own` are those articles' own texts: without what stood beside the story and what stands in three of the
    site's articles and more.
    """

    lines: tuple[ReviewedLine, ...]
    articles: Mapping[int, StoredArticle]
    pages: tuple[tuple[str, datetime], ...]
    own: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What was decided of a line; `examples` are articles in which a person can look it up."""

    key: int
    line: str
    boilerplate: bool
    reason: str
    sightings: int
    examples: tuple[int, ...]


def claim_site(session: Session, site_id: int, *, now: datetime, lease: timedelta) -> ClaimedSite | None:
    """Lease a site that is due, or return None when it is not to be had."""
    if not claim(session, Site, site_id, states=("due",), now=now, lease=lease):
        return None
    row = session.get_one(Site, site_id, populate_existing=True)
    return ClaimedSite(row.id, row.host, row.wanted, row.cursor, row.last_article_id, row.attempts, now + lease)


def is_held(session: Session, site: ClaimedSite) -> bool:
    """Whether the claim still stands; a step asks this before it writes."""
    return still_held(session, Site, site.id, site.lease_until)


def waiting_sites(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return the sites that could be claimed now."""
    return waiting(session, Site, states=("due",), now=now, limit=limit)


def under_review(session: Session, article_ids: Collection[int]) -> set[int]:
    """Return which of the articles may yet be read again: their site has something new to judge."""
    found, asked = set[int](), sorted(article_ids)
    due = select(SiteReading.article_id).join(Site, Site.id == SiteReading.site_id).where(Site.state == "due")
    for start in range(0, len(asked), _CHUNK):
        found.update(session.scalars(due.where(SiteReading.article_id.in_(asked[start : start + _CHUNK]))))
    return found


def read_review(session: Session, site_id: int) -> SiteReview:
    """Return the next lines to be judged, and what is needed for it."""
    keys = list(session.scalars(undecided(site_id).limit(_LINES)))
    if not keys:
        return SiteReview((), {}, (), {})
    sightings = _sightings(session, site_id, keys)
    others = _other_sites(session, site_id, keys)
    examples = {key: _newest_titles(sightings[key]) for key in keys}
    wanted = {example.article_id for found in examples.values() for example in found}
    pages = session.execute(select(SiteReading.template, SiteReading.at).where(SiteReading.site_id == site_id))
    stored = _stored(session, wanted)
    return SiteReview(
        tuple(ReviewedLine(key, tuple(sightings[key]), others[key], examples[key]) for key in keys),
        stored,
        tuple((template, at) for template, at in pages),
        _own_texts(session, site_id, stored),
    )


def save_decisions(session: Session, site: ClaimedSite, decisions: Sequence[LineDecision], *, now: datetime) -> None:
    """Remember what was decided and free the site for its next review; what that changes begins a new reading.

    A line that a person has kept in the meantime stays kept.
    """
    keys = [decision.key for decision in decisions]
    mine = (SiteVerdict.site_id == site.id, SiteVerdict.line.in_(keys))
    before = set(session.scalars(select(SiteVerdict.line).where(*mine, SiteVerdict.verdict == BOILERPLATE)))
    session.execute(delete(SiteVerdict).where(*mine, SiteVerdict.verdict.in_((STORY, BOILERPLATE))))
    standing = set(session.scalars(select(SiteVerdict.line).where(*mine)))
    session.add_all(
        SiteVerdict(
            site_id=site.id, line=each.key, text=each.line, verdict=BOILERPLATE if each.boilerplate else STORY,
            reason=each.reason, sightings=each.sightings, examples=list(each.examples),
            decided_at=now,
        )
        for each in decisions if each.key not in standing
    )  # fmt: skip
    if any(each.boilerplate != (each.key in before) for each in decisions):
        begin_reading_again(session, site.id)
    _update(session, site.id, lease_until=None, attempts=0)


def begin_reading_again(session: Session, site_id: int) -> None:
    """Let every article that has been read by now be read again, if what is known of the site concerns it."""
    newest = session.scalar(select(func.max(SiteReading.article_id)).where(SiteReading.site_id == site_id)) or 0
    _update(session, site_id, cursor=0, last_article_id=newest)


def next_articles(
    session: Session, site: ClaimedSite, *, since: datetime
) -> list[tuple[ArticleRecord, StoredArticle, datetime]]:
    """Return the site's next articles read since then, with what is stored of them and when they appeared."""
    rows = session.scalars(
        select(Article)
        .join(SiteReading, SiteReading.article_id == Article.id)
        .where(
            SiteReading.site_id == site.id, SiteReading.at >= since, Article.state == "analyzed",
            SiteReading.article_id > site.cursor, SiteReading.article_id <= site.last_article_id,
        )
        .order_by(SiteReading.article_id).limit(_SLICE)
        .options(undefer(Article.entry_body), undefer(Article.text), undefer(Article.removed))
    )  # fmt: skip
    return [(record_of(row, site.lease_until), _as_stored(row), row.published_at or row.discovered_at) for row in rows]


def save_progress(session: Session, site: ClaimedSite, *, cursor: int | None) -> bool:
    """Record how far the articles have been read again (None: all); return whether there is more to do here.

    Where something came up in the meantime, it may be about articles behind the cursor: that stands as it was set.
    """
    row = session.get_one(Site, site.id, populate_existing=True, with_for_update=True)
    row.lease_until, row.attempts = None, 0
    if row.wanted == site.wanted:
        row.cursor = site.last_article_id if cursor is None else cursor
        row.state = "idle" if cursor is None else row.state
    session.flush()
    return row.state != "idle"


def save_given_up(session: Session, site: ClaimedSite, reason: str) -> None:
    """End the review until there is something new to judge; the reason is kept where a person sees it."""
    _update(session, site.id, state="idle", cursor=site.last_article_id, lease_until=None, attempts=0, reason=reason)


def _sightings(session: Session, site_id: int, keys: Sequence[int]) -> dict[int, list[LineSighting]]:
    rows = session.execute(
        select(
            SiteLine.line, Article.id, Article.title, SiteReading.template, SiteLine.apart, SiteReading.at,
            func.coalesce(Article.published_at, Article.discovered_at),
        )
        .join(Article, Article.id == SiteLine.article_id)
        .join(SiteReading, SiteReading.article_id == SiteLine.article_id)
        .where(SiteLine.site_id == site_id, SiteLine.line.in_(keys))
        .order_by(Article.id.desc())
    )  # fmt: skip
    found: dict[int, list[LineSighting]] = defaultdict(list)
    for key, article_id, title, template, apart, at, published in rows:
        found[key].append(LineSighting(article_id, title, template, apart, at, published))
    return found


def _other_sites(session: Session, site_id: int, keys: Sequence[int]) -> Counter[int]:
    """Count by line the other sites that carry it, but do not repeat it as boilerplate is repeated."""
    rows = session.execute(
        select(SiteLine.line, SiteLine.site_id)
        .where(SiteLine.line.in_(keys), SiteLine.site_id != site_id)
        .group_by(SiteLine.line, SiteLine.site_id)
        .having(func.count() < ENOUGH_ARTICLES)
    )
    return Counter(key for key, _site in rows)


def _newest_titles(sightings: Sequence[LineSighting]) -> tuple[LineSighting, ...]:
    by_title: dict[str, LineSighting] = {}
    for sighting in sightings:
        by_title.setdefault(sighting.title, sighting)
    return tuple(by_title.values())[:_CARRIERS]


def _stored(session: Session, ids: Collection[int]) -> dict[int, StoredArticle]:
    rows = session.scalars(
        select(Article).where(Article.id.in_(ids)).options(undefer(Article.text), undefer(Article.removed))
    )
    return {row.id: _as_stored(row) for row in rows}


def _own_texts(session: Session, site_id: int, stored: Mapping[int, StoredArticle]) -> dict[int, str]:
    mine = SiteLine.site_id == site_id
    repeated = select(SiteLine.line).where(mine).group_by(SiteLine.line).having(func.count() >= _COMMON)
    common = set(session.scalars(repeated))
    beside = select(SiteLine.article_id, SiteLine.line).where(mine, SiteLine.apart, SiteLine.article_id.in_(stored))
    aside = {(article_id, line) for article_id, line in session.execute(beside)}
    own: dict[int, str] = {}
    for article_id, article in stored.items():
        lines = ((line_key(line), line) for line in article.text.split("\n\n"))
        own[article_id] = "\n\n".join(
            line for key, line in lines if key not in common and (article_id, key) not in aside
        )
    return own


def _as_stored(row: Article) -> StoredArticle:
    removed = tuple((line, rule) for line, rule in row.removed or ())
    return StoredArticle(row.title, row.text, row.language, removed)


def find_line(article: StoredArticle, key: int) -> str | None:
    """Return the line with that key as the article wrote it, kept or learned away."""
    learned = (line for line, rule in article.removed if rule == LEARNED)
    return next((line for line in (*article.text.split("\n\n"), *learned) if line_key(line) == key), None)


def _update(session: Session, site_id: int, **values: object) -> None:
    session.execute(
        update(Site).where(Site.id == site_id).values(**values).execution_options(synchronize_session=False)
    )
