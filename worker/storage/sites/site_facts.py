"""What is known of sites, for people; and what a person decides about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models import Article, Site, SiteLine, SiteReading, SiteVerdict
from worker.pages import line_key
from worker.storage.sites.site_reviews import begin_reading_again
from worker.storage.sites.site_rows import BOILERPLATE, KEPT, want_review


@dataclass(frozen=True, slots=True)
class SiteSummary:
    """A site in a line: articles that are counted, lines learned, lines a person keeps."""

    host: str
    articles: int
    learned: int
    kept: int
    since: datetime
    last_read: datetime | None


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A line that recurs, and what was decided: `verdict` is boilerplate, story, or kept by a person.

    `sightings` are the articles in which it stood that are still counted; `first` and `last` when those were read.
    """

    line: str
    verdict: str
    reason: str
    sightings: int
    decided: datetime
    first: datetime | None
    last: datetime | None
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """Everything known of a site; `templates` counts its articles by the container their text stood in."""

    summary: SiteSummary
    forgotten: datetime | None
    trouble: str | None
    templates: Mapping[str, int]
    lines: tuple[JudgedLine, ...]


def list_sites(session: Session) -> list[SiteSummary]:
    """Return every site that articles were read of, by host."""
    return [_summary(session, row) for row in session.scalars(select(Site).order_by(Site.host))]


def site_facts(session: Session, host: str) -> SiteFacts | None:
    """Return what is known of the site with that host, or None."""
    row = session.scalar(select(Site).where(Site.host == host))
    if row is None:
        return None
    counts = select(SiteReading.template, func.count()).where(SiteReading.site_id == row.id)
    templates = session.execute(counts.group_by(SiteReading.template).order_by(func.count().desc())).all()
    verdicts = session.scalars(
        select(SiteVerdict)
        .where(SiteVerdict.site_id == row.id)
        .order_by(SiteVerdict.verdict, SiteVerdict.decided_at, SiteVerdict.line)
    )
    return SiteFacts(
        _summary(session, row), row.forgotten_at, row.reason, dict(templates),
        tuple(_judged(session, verdict) for verdict in verdicts),
    )  # fmt: skip


def forget_site(session: Session, host: str, *, now: datetime) -> int | None:
    """Forget what was learned of the site and all it was learned from; return how many lines, None for no such site.

    Only articles read from now on can teach it again. What a person keeps stays kept. The last days' articles are
    read again without what was learned.
    """
    row = session.scalar(select(Site).where(Site.host == host))
    if row is None:
        return None
    mine = SiteVerdict.site_id == row.id
    learned = session.scalar(select(func.count()).where(mine, SiteVerdict.verdict == BOILERPLATE)) or 0
    session.execute(delete(SiteVerdict).where(mine, SiteVerdict.verdict != KEPT))
    session.execute(delete(SiteLine).where(SiteLine.site_id == row.id))
    session.execute(update(Site).where(Site.id == row.id).values(forgotten_at=now))
    _apply(session, row.id)
    return learned


def keep_line(session: Session, host: str, line: str, *, now: datetime) -> bool:
    """Let a line of the site stay in its articles for good, learned or not; False for no such site."""
    row = session.scalar(select(Site).where(Site.host == host))
    if row is None:
        return False
    key = line_key(line)
    session.execute(delete(SiteVerdict).where(SiteVerdict.site_id == row.id, SiteVerdict.line == key))
    session.add(
        SiteVerdict(
            site_id=row.id, line=key, text=line, verdict=KEPT, reason="a person keeps it", sightings=0,
            examples=[], decided_at=now,
        )
    )  # fmt: skip
    session.flush()
    _apply(session, row.id)
    return True


def _apply(session: Session, site_id: int) -> None:
    begin_reading_again(session, site_id)
    want_review(session, site_id)


def _summary(session: Session, row: Site) -> SiteSummary:
    articles, last = session.execute(
        select(func.count(), func.max(SiteReading.at)).where(SiteReading.site_id == row.id)
    ).one()
    counts = select(SiteVerdict.verdict, func.count()).where(SiteVerdict.site_id == row.id)
    by_verdict = dict(session.execute(counts.group_by(SiteVerdict.verdict)).all())
    return SiteSummary(
        row.host, articles, by_verdict.get(BOILERPLATE, 0), by_verdict.get(KEPT, 0), row.first_read_at, last
    )


def _judged(session: Session, verdict: SiteVerdict) -> JudgedLine:
    seen = select(func.count(), func.min(SiteReading.at), func.max(SiteReading.at)).join(
        SiteLine, SiteLine.article_id == SiteReading.article_id
    )
    count, first, last = session.execute(
        seen.where(SiteLine.site_id == verdict.site_id, SiteLine.line == verdict.line)
    ).one()
    urls = session.scalars(select(Article.url).where(Article.id.in_(verdict.examples)).order_by(Article.id.desc()))
    return JudgedLine(
        verdict.text, verdict.verdict, verdict.reason, count, verdict.decided_at, first, last, tuple(urls)
    )
