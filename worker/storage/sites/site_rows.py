"""Sites: what was learned of each, what was read of it, and how its pages fare."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from models import Article, Feed, Site, SiteLine, SiteReading, SiteVerdict
from worker.pages import ENOUGH_ARTICLES, PageRecord, SeenLine, find_decay, normalize_line
from worker.pages.decay import RECENT
from worker.storage.db.inserts import insert_missing

BOILERPLATE, STORY, KEPT = "boilerplate", "story", "kept"
_DOUBTED = 0  # sightings of a learned line that is to be judged again
_LONGEST_HOST = 255  # characters, as the column has
_MOST_CARRIERS = 20
_REMEMBERED = 200  # articles of one site, and pages of one feed
# What is asked of every article, made once.
_ON_SITE = Site.host == bindparam("host")
_SITE = select(Site.id).where(_ON_SITE)
_LEARNED = (
    select(SiteVerdict.text)
    .join(Site, Site.id == SiteVerdict.site_id)
    .where(_ON_SITE, SiteVerdict.verdict == BOILERPLATE)
)
_SAME_TEXTS = (
    select(Article.id, Article.entry_title, Article.feed_only)
    .join(SiteReading, SiteReading.article_id == Article.id)
    .join(Site, Site.id == SiteReading.site_id)
    .where(_ON_SITE, SiteReading.text_key == bindparam("text"), Article.id != bindparam("besides"))
    .order_by(Article.id)
)
_OF_LINES: BindParameter[int] = bindparam("lines", expanding=True)
_CARRIERS = (
    select(SiteLine.article_id)
    .join(Site, Site.id == SiteLine.site_id)
    .where(_ON_SITE, SiteLine.line.in_(_OF_LINES), SiteLine.article_id != bindparam("besides"))
    .distinct()
    .order_by(SiteLine.article_id.desc())
    .limit(_MOST_CARRIERS)
)
_KNOWN_HERE = aliased(SiteLine)
_IS_DOUBTED = (
    SiteVerdict.line.in_(_OF_LINES), SiteVerdict.site_id != bindparam("site"), SiteVerdict.verdict == BOILERPLATE,
    SiteVerdict.sightings != _DOUBTED,
    ~select(_KNOWN_HERE.line)
    .where(
        _KNOWN_HERE.site_id == bindparam("site"), _KNOWN_HERE.line == SiteVerdict.line,
        _KNOWN_HERE.article_id != bindparam("article"),
    )
    .exists(),
)  # fmt: skip
_DOUBTED_OWNERS = select(SiteVerdict.site_id).where(*_IS_DOUBTED).distinct().order_by(SiteVerdict.site_id)
_DOUBT = update(SiteVerdict).where(*_IS_DOUBTED).values(sightings=_DOUBTED)
_DECAY = select(Feed.decay, Feed.decayed_since).where(Feed.id == bindparam("feed"))
_MARK = update(Feed).where(Feed.id == bindparam("feed"))
_PAGES = (
    select(SiteReading.words, SiteReading.whole, SiteReading.text_key, SiteReading.at)
    .where(SiteReading.feed_id == bindparam("feed"), SiteReading.words.is_not(None))
    .order_by(SiteReading.article_id.desc())
    .limit(_REMEMBERED)
)


@dataclass(frozen=True, slots=True)
class NewReading:
    """One article as it was read: its lines, the template they stood in, and its page's words.

    `words` is None where there was no page, `text_key` also where it was empty; `whole` says that the page gave
    a whole article.
    """

    template: str
    lines: tuple[SeenLine, ...]
    words: int | None
    whole: bool
    text_key: int | None


def learned_lines(session: Session, host: str) -> frozenset[str]:
    """Return the site's boilerplate, as `normalize_line` makes it."""
    return frozenset(map(normalize_line, session.scalars(_LEARNED, {"host": host[:_LONGEST_HOST]})))


def save_reading(
    session: Session,
    host: str,
    article_id: int,
    feed_id: int | None,
    reading: NewReading,
    *,
    known: frozenset[str],
    now: datetime,
) -> int | None:
    """Count an article's lines for its site; return the site's number if there is now something to do for it.

    That is a line to judge, or the article itself to be read again, because the site's boilerplate is not what was
    `known` when it was read. Saving it again changes nothing. An article without a site (no address) is not counted.
    """
    if not host:
        return None
    site_id = _site_id(session, host[:_LONGEST_HOST], now)
    row = {
        "article_id": article_id, "site_id": site_id, "feed_id": feed_id, "template": reading.template,
        "words": reading.words, "whole": reading.whole, "text_key": reading.text_key, "at": now,
    }  # fmt: skip
    insert_missing(session, SiteReading, [row], by=("article_id",))
    rows = [
        {"site_id": site_id, "line": line.key, "article_id": article_id, "apart": line.apart} for line in reading.lines
    ]
    insert_missing(session, SiteLine, rows, by=("line",))
    keys = [line.key for line in reading.lines]
    _doubt_elsewhere(session, site_id, article_id, keys)
    changed = learned_lines(session, host) ^ known
    if changed and any(normalize_line(line.line) in changed for line in reading.lines):
        want_reading(session, site_id, article_id)
        return site_id
    if session.scalar(_to_judge(), {"site": site_id, "lines": keys}) is None:
        return None
    want_review(session, site_id)
    return site_id


@dataclass(frozen=True, slots=True)
class SameText:
    """An article of the site whose page gave the same text; `feed_only` says that its feed's is told instead."""

    article_id: int
    title: str
    feed_only: bool


def same_texts(session: Session, host: str, text_key: int, *, besides: int) -> list[SameText]:
    """Return the site's articles whose pages gave the text with that key, but for one."""
    given = {"host": host[:_LONGEST_HOST], "text": text_key, "besides": besides}
    return [SameText(*row) for row in session.execute(_SAME_TEXTS, given)]


def carriers(session: Session, host: str, lines: Collection[int], *, besides: int) -> list[int]:
    """Return the site's articles in which one of these lines stands, but for one; of many, the latest."""
    given = {"host": host[:_LONGEST_HOST], "lines": list(lines), "besides": besides}
    return list(session.scalars(_CARRIERS, given)) if lines else []


def want_readings(session: Session, host: str, article_ids: Sequence[int]) -> int | None:
    """Let these articles of the site be read again; the site's number, None where there are none."""
    site_id = session.scalar(select(Site.id).where(Site.host == host[:_LONGEST_HOST])) if article_ids else None
    if site_id is not None:
        for article_id in article_ids:
            want_reading(session, site_id, article_id)
    return site_id


def want_review(session: Session, site_id: int) -> None:
    """Let the site be reviewed, once more if that is under way."""
    session.execute(
        update(Site)
        .where(Site.id == site_id)
        .values(wanted=Site.wanted + 1, state="due", attempts=0, next_try_at=None, reason=None)
        .execution_options(synchronize_session=False)
    )


def want_reading(session: Session, site_id: int, article_id: int) -> None:
    """Let this article be read again too."""
    session.execute(
        update(Site)
        .where(Site.id == site_id)
        .values(
            cursor=case((Site.cursor >= article_id, article_id - 1), else_=Site.cursor),
            last_article_id=case((Site.last_article_id < article_id, article_id), else_=Site.last_article_id),
        )
        .execution_options(synchronize_session=False)
    )
    want_review(session, site_id)


def undecided(site_id: int | BindParameter[int]) -> Select[int]:
    """Select the site's lines in five articles and more that were not judged, or when they were half as many.

    A learned line is judged again once it is doubted.
    """
    sightings = func.count(SiteLine.article_id)
    grown: ColumnElement[bool] = and_(SiteVerdict.verdict == STORY, sightings * 2 >= SiteVerdict.sightings * 3)
    doubted: ColumnElement[bool] = and_(SiteVerdict.verdict == BOILERPLATE, SiteVerdict.sightings == _DOUBTED)
    return (
        select(SiteLine.line)
        .outerjoin(SiteVerdict, and_(SiteVerdict.site_id == SiteLine.site_id, SiteVerdict.line == SiteLine.line))
        .where(SiteLine.site_id == site_id)
        .group_by(SiteLine.line, SiteVerdict.verdict, SiteVerdict.sightings)
        .having(sightings >= ENOUGH_ARTICLES, or_(SiteVerdict.verdict.is_(None), grown, doubted))
        .order_by(sightings.desc(), SiteLine.line)
    )


@cache
def _to_judge() -> Select[int]:
    of_lines = SiteLine.line.in_(bindparam("lines", expanding=True))
    return undecided(bindparam("site", type_=BigInteger)).where(of_lines).limit(1)


def watch_decay(session: Session, feed_id: int) -> None:
    """Compare the feed's newest pages with those before, and mark the feed, or mark it well again.

    While it is marked, its pages from before the trouble are what is compared with: for as long as they are kept.
    """
    marked, since = session.execute(_DECAY, {"feed": feed_id}).one()
    rows = session.execute(_PAGES, {"feed": feed_id}).all()
    recent, before = rows[:RECENT], rows[RECENT:]
    earlier = [row for row in before if since is None or row.at < since]
    found = find_decay(_records(earlier), _records(recent))
    now_since = (since or min(row.at for row in recent)) if found else None
    if (found or None, now_since) != (marked, since):
        session.connection().execute(_MARK, {"feed": feed_id, "decay": found or None, "decayed_since": now_since})


def prune_sites(session: Session, *, before: datetime) -> int:
    """Forget readings older than that, and all but the newest 200 of each site, with what they alone attested."""
    connection = session.connection()
    gone = connection.execute(delete(SiteReading).where(SiteReading.at < before)).rowcount
    crowded = select(SiteReading.site_id).group_by(SiteReading.site_id).having(func.count() > _REMEMBERED)
    for site_id in session.scalars(crowded).all():
        newest = (
            select(SiteReading.article_id)
            .where(SiteReading.site_id == site_id)
            .order_by(SiteReading.article_id.desc())
            .limit(_REMEMBERED)
        )
        oldest = session.scalar(select(func.min(newest.subquery().c.article_id)))
        mine = delete(SiteReading).where(SiteReading.site_id == site_id, SiteReading.article_id < oldest)
        gone += connection.execute(mine).rowcount
    connection.execute(delete(SiteLine).where(SiteLine.article_id.not_in(select(SiteReading.article_id))))
    seen = select(SiteLine.line).where(SiteLine.site_id == SiteVerdict.site_id, SiteLine.line == SiteVerdict.line)
    connection.execute(delete(SiteVerdict).where(SiteVerdict.verdict != KEPT, ~seen.exists()))
    return gone


def _doubt_elsewhere(session: Session, site_id: int, article_id: int, keys: Sequence[int]) -> None:
    """What one site carries for the first time and another has learned as its own may be an agency's after all."""
    given = {"lines": list(keys), "site": site_id, "article": article_id}
    owners = session.scalars(_DOUBTED_OWNERS, given).all()
    if not owners:
        return
    session.connection().execute(_DOUBT, given)
    for owner in owners:
        want_review(session, owner)


def _site_id(session: Session, host: str, now: datetime) -> int:
    wanted = {"host": host}
    found = session.scalar(_SITE, wanted)
    if found is None:
        insert_missing(
            session, Site,
            [{"host": host, "first_read_at": now, "wanted": 0, "cursor": 0, "last_article_id": 0,
              "state": "idle", "attempts": 0}],
            by=("host",),
        )  # fmt: skip
        found = session.scalars(_SITE, wanted).one()
    return found


def _records(rows: Sequence[Row[int | None, bool, int | None, datetime]]) -> list[PageRecord]:
    return [PageRecord(words or 0, whole, text_key) for words, whole, text_key, _at in rows]
