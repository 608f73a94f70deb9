"""A story's reports as a digest lists them: who, under what headline, when, and what is to be known of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from worker.digests import phrases
from worker.digests.catalog import Catalog
from worker.digests.digest import DigestArticle, DigestStory
from worker.digests.links import safe_href
from worker.digests.text import one_line, title_line
from worker.digests.views import ReportView
from worker.text.folding import fold
from worker.text.languages import primary_subtag

HEADLINE, OWN_HEADLINE, NAME = 200, 140, 60  # characters: what is longer is not a headline or a name
REPORTS, REPRINT_NAMES = 6, 4


class Clock:
    """Local times; a report from the day the digest ends on needs no date."""

    def __init__(self, say: Catalog, where: ZoneInfo, end: datetime) -> None:
        self._say = say
        self._where = where
        self._today = end.astimezone(where).date()

    def moment(self, when: datetime) -> str:
        """Day and time."""
        local = when.astimezone(self._where)
        return f"{self._say.day(local.date())}, {local:%H:%M}"

    def report(self, when: datetime) -> str:
        """When a report was published."""
        local = when.astimezone(self._where)
        day = local.date()
        return f"{local:%H:%M}" if day == self._today else f"{self._say.short_day(day)}, {local:%H:%M}"


def headline_of(say: Catalog, article: DigestArticle) -> str:
    """The article's title, or the beginning of its text where it has none."""
    return title_line(article.title, article.excerpt, HEADLINE) or phrases.untitled(say)


def foreign_mark(say: Catalog, article: DigestArticle) -> str:
    """The name of the article's language, or "" when it is the reader's own or not known."""
    code = language_code(article.language)
    return say.language_name(code) if code and code != say.language else ""


def language_code(code: str | None) -> str:
    """The primary language subtag, or "" when there is none that could stand in `lang=`."""
    primary = primary_subtag(code)
    return primary if primary.isascii() and primary.isalpha() and 2 <= len(primary) <= 3 else ""


def telling(say: Catalog, clock: Clock, story: DigestStory, excerpt: int) -> tuple[ReportView, ...]:
    """The reports that are listed: of a story they have, the new ones first and the first of them with an excerpt."""
    listed = sorted(story.articles, key=lambda one: (one.opinion, not one.new))[:REPORTS]
    opinion = next((one for one in listed if one.opinion and not story.is_opinion), None)
    newest = next((one for one in listed if one.new), None)
    return tuple(
        _report(
            say, clock, one, story.articles[0],
            apart=phrases.opinion(say) if one is opinion else "",
            excerpt=excerpt_of(one, headline_of(say, one), excerpt) if one is newest else "",
        )
        for one in listed
    )  # fmt: skip


def excerpt_of(article: DigestArticle, headline: str, characters: int) -> str:
    """The excerpt in at most so many characters (0: none), without what the headline says already."""
    if not characters:
        return ""
    said = one_line(article.excerpt, characters)
    rest = said.removeprefix(headline)
    return said if rest[:1].isalnum() else rest.lstrip()


def _report(
    say: Catalog, clock: Clock, article: DigestArticle, lead: DigestArticle, *, apart: str, excerpt: str
) -> ReportView:
    outlet, wire = one_line(article.outlet, NAME) or "—", one_line(article.wire or "", NAME)
    credit = wire if wire.casefold() != outlet.casefold() and not article.reprints else ""
    return ReportView(
        outlet=f"{outlet} ({credit})" if credit else outlet,
        href=safe_href(article.url),
        time=clock.report(article.published),
        marks=tuple(_marks(say, article)),
        reprints=_reprints(say, article, wire),
        headline=one_line(article.title, OWN_HEADLINE) if _words(article.title) != _words(lead.title) else "",
        language=language_code(article.language),
        new=phrases.new_report(say) if article.new else "",
        apart=apart,
        excerpt=excerpt,
    )


def _words(headline: str) -> list[str]:
    return re.findall(r"\w+", fold(headline[: 2 * HEADLINE]))


def _marks(say: Catalog, article: DigestArticle) -> Iterator[str]:
    if language := foreign_mark(say, article):
        yield language
    if article.updated:
        yield phrases.rewritten(say)
    if article.feed_only:
        yield phrases.feed_only(say)


def _reprints(say: Catalog, article: DigestArticle, wire: str) -> str:
    """The copies folded into an article; where an agency wrote it, its own outlet is one of those that printed it."""
    if not article.reprints:
        return ""
    outlets = [article.outlet, *article.reprints] if wire else list(article.reprints)
    names = list(dict.fromkeys(one_line(name, NAME) for name in outlets))
    names = [name for name in names if not wire or name.casefold() != wire.casefold()]
    shown = [*(name for name in names[:REPRINT_NAMES] if name), *(["…"] if len(names) > REPRINT_NAMES else [])]
    if wire:
        return phrases.wire_reprints(say, wire, len(names), shown)
    return phrases.reprints(say, len(outlets), shown)
