"""A digest as the templates show it: every string chosen, translated, bounded and on one line.

Nothing here is escaped; the HTML template does that as its last step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from worker.digests import phrases
from worker.digests.catalog import Catalog, catalog_for
from worker.digests.digest import Digest, DigestArticle, DigestStory, SourceTrouble, TopicSection
from worker.digests.links import DigestLinks, safe_href
from worker.digests.text import one_line
from worker.digests.zones import zone_of
from worker.text.languages import primary_subtag

# Characters, but for the counts. A digest is read at a glance: what is longer is not a headline or a name.
HEADLINE, NAME, TERM, TOPIC, REASON, POSTAL = 200, 60, 40, 80, 120, 300
EXCERPT = 280
REPORTS, REPRINT_NAMES, TERMS, TROUBLES, PREHEADER_HEADLINES = 6, 4, 6, 10, 3


@dataclass(frozen=True, slots=True)
class ReportView:
    """One outlet's report. `marks` are its language, where foreign, and "feed only"; `reprints` may be ""."""

    outlet: str
    href: str
    time: str
    marks: tuple[str, ...]
    reprints: str


@dataclass(frozen=True, slots=True)
class StoryView:
    """`language` is a code for `lang=`, `mark` its name where it is not the reader's. Most may be ""."""

    headline: str
    href: str
    language: str
    mark: str
    updated: str
    excerpt: str
    reports: tuple[ReportView, ...]
    more: str
    matched: str
    relevant: str
    not_relevant: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A topic with its stories; `count` says how many, in words.

    `unsure` says of a section of the widest matches why they stand apart; it is "" for the others.
    """

    title: str
    count: str
    unsure: str
    stories: tuple[StoryView, ...]


@dataclass(frozen=True, slots=True)
class DigestView:
    """Everything a template needs. `labels` are fixed words by name; strings and URLs may be ""."""

    language: str
    subject: str
    preheader: str
    period: str
    times: str
    summary: str
    developed: str
    sections: tuple[SectionView, ...]
    more: str
    more_href: str
    troubles: tuple[str, ...]
    why: str
    archive: str
    manage: str
    unsubscribe: str
    postal_address: str
    labels: Mapping[str, str]


def view_of(digest: Digest, links: DigestLinks, *, excerpt: int = EXCERPT) -> DigestView:
    """`digest` in its subscriber's language and zone, excerpts of at most `excerpt` characters (0: none).

    Raises ConfigurationError for a language or zone that is not known.
    """
    say = catalog_for(digest.subscriber.language)
    clock = _Clock(say, zone_of(digest.subscriber.zone), digest.period.end)
    stories = [story for section in digest.sections for story in section.stories]
    developed = sum(story.news > 0 for story in stories)
    headlines = [_headline(say, story.articles[0]) for story in stories[: PREHEADER_HEADLINES + 1]]
    topics = list(dict.fromkeys(one_line(section.title, TOPIC) for section in digest.sections))
    return DigestView(
        language=say.language,
        subject=phrases.subject(say, len(stories), headlines[0] if headlines else ""),
        preheader=phrases.preheader(say, headlines[1:]),
        period=f"{clock.moment(digest.period.start)} – {clock.moment(digest.period.end)}",
        times=phrases.times(say, say.place(digest.subscriber.zone)),
        summary=_summary(say, digest, stories),
        developed=phrases.developed(say, developed) if developed else "",
        sections=tuple(_section(say, clock, section, links, excerpt) for section in digest.sections),
        more=phrases.more_stories(say, digest.left_out) if digest.left_out else "",
        more_href=safe_href(links.more or links.archive),
        troubles=tuple(_troubles(say, digest.troubles)),
        why=phrases.why(say, one_line(digest.subscriber.address, 254), topics),
        archive=safe_href(links.archive),
        manage=safe_href(links.manage),
        unsubscribe=safe_href(links.unsubscribe),
        postal_address=one_line(links.postal_address, POSTAL),
        labels=phrases.labels(say),
    )


class _Clock:
    """Local times; a report from the day the digest ends on needs no date."""

    def __init__(self, say: Catalog, where: ZoneInfo, end: datetime) -> None:
        self._say = say
        self._where = where
        self._today = end.astimezone(where).date()

    def moment(self, when: datetime) -> str:
        local = when.astimezone(self._where)
        return f"{self._say.day(local.date())}, {local:%H:%M}"

    def report(self, when: datetime) -> str:
        local = when.astimezone(self._where)
        day = local.date()
        return f"{local:%H:%M}" if day == self._today else f"{self._say.short_day(day)}, {local:%H:%M}"


def _section(say: Catalog, clock: _Clock, section: TopicSection, links: DigestLinks, excerpt: int) -> SectionView:
    return SectionView(
        title=one_line(section.title, TOPIC),
        count=phrases.counted_stories(say, len(section.stories)),
        unsure=phrases.unsure(say) if section.wide else "",
        stories=tuple(_story(say, clock, story, links, excerpt) for story in section.stories),
    )


def _story(say: Catalog, clock: _Clock, story: DigestStory, links: DigestLinks, excerpt: int) -> StoryView:
    core = story.articles[0]
    shown = story.articles[:REPORTS]
    hidden = len(story.articles) - len(shown)
    terms = [line for term in story.matched[:TERMS] if (line := one_line(term, TERM))]
    relevant, not_relevant = links.feedback.get(story.story_id, ("", ""))
    return StoryView(
        headline=_headline(say, core),
        href=safe_href(core.url),
        language=_language_code(core.language),
        mark=_foreign(say, core),
        updated=phrases.updated(say, story.news) if story.news > 0 else "",
        excerpt=one_line(core.excerpt, excerpt) if excerpt else "",
        reports=tuple(_report(say, clock, article) for article in shown),
        more=phrases.more_reports(say, hidden) if hidden else "",
        matched=phrases.matched(say, terms) if terms else "",
        relevant=safe_href(relevant),
        not_relevant=safe_href(not_relevant),
    )


def _headline(say: Catalog, article: DigestArticle) -> str:
    return one_line(article.title, HEADLINE) or phrases.untitled(say)


def _report(say: Catalog, clock: _Clock, article: DigestArticle) -> ReportView:
    outlet, wire = one_line(article.outlet, NAME) or "—", one_line(article.wire or "", NAME)
    credit = wire if wire.casefold() != outlet.casefold() and not article.reprints else ""
    return ReportView(
        outlet=f"{outlet} ({credit})" if credit else outlet,
        href=safe_href(article.url),
        time=clock.report(article.published),
        marks=tuple(_marks(say, article)),
        reprints=_reprints(say, article, wire),
    )


def _marks(say: Catalog, article: DigestArticle) -> Iterator[str]:
    if language := _foreign(say, article):
        yield language
    if article.updated:
        yield phrases.rewritten(say)
    if article.feed_only:
        yield phrases.feed_only(say)


def _foreign(say: Catalog, article: DigestArticle) -> str:
    """The name of the article's language, or "" when it is the reader's own or not known."""
    code = _language_code(article.language)
    return say.language_name(code) if code and code != say.language else ""


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


def _summary(say: Catalog, digest: Digest, stories: list[DigestStory]) -> str:
    if not stories:
        return phrases.nothing(say, watched=digest.feeds_watched, troubled=len(digest.troubles))
    articles = [article for story in stories for article in story.articles]
    return phrases.summary(
        say,
        stories=len(stories),
        reports=sum(1 + len(article.reprints) for article in articles),
        outlets=len({name.casefold() for a in articles for name in (a.outlet, *a.reprints)}),
    )


def _troubles(say: Catalog, troubles: tuple[SourceTrouble, ...]) -> Iterator[str]:
    for trouble in troubles[:TROUBLES]:
        parts = (phrases.state(say, one_line(trouble.state, TERM)), one_line(trouble.reason, REASON))
        yield f"{one_line(trouble.outlet, NAME)}: {', '.join(part for part in parts if part)}"
    if len(troubles) > TROUBLES:
        yield phrases.more_troubles(say, len(troubles) - TROUBLES)


def _language_code(code: str | None) -> str:
    """The primary language subtag, or "" when there is none that could stand in `lang=`."""
    primary = primary_subtag(code)
    return primary if primary.isascii() and primary.isalpha() and 2 <= len(primary) <= 3 else ""
