"""A digest as the templates show it: every string chosen, translated, bounded and on one line.

Nothing here is escaped; the HTML template does that as its last step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from worker.digests import phrases
from worker.digests.catalog import Catalog, catalog_for
from worker.digests.digest import Digest, DigestStory, SourceTrouble, TopicSection
from worker.digests.links import DigestLinks, safe_href
from worker.digests.telling import HEADLINE, NAME, Clock, excerpt_of, foreign_mark, headline_of, language_code, telling
from worker.digests.text import one_line
from worker.digests.views import ContentsLine, DigestView, SectionView, StoryView
from worker.digests.zones import zone_of

# Characters, but for the counts. A digest is read at a glance.
TERM, TOPIC, REASON, POSTAL, CONTENTS_HEADLINE = 40, 80, 120, 300, 70
EXCERPT = 280
TERMS, TROUBLES, PREHEADER_HEADLINES = 6, 10, 3
CONTENTS_FROM = 8
"""Stories from which a list of contents stands at the top."""
_CONTENTS_LINES = 8  # parts and headlines in it; the headlines are shared out among the parts

_NO_LINKS = DigestLinks(sender="", list_id="", message_id="")


def view_of(digest: Digest, links: DigestLinks, *, excerpt: int = EXCERPT) -> DigestView:
    """`digest` in its subscriber's language and zone, excerpts of at most `excerpt` characters (0: none).

    Raises ConfigurationError for a language or zone that is not known.
    """
    say = catalog_for(digest.subscriber.language)
    clock = Clock(say, zone_of(digest.subscriber.zone), digest.period.end)
    stories = [story for section in digest.sections for story in section.stories]
    developed = sum(story.news > 0 for story in stories)
    headlines = [headline_of(say, story.articles[0]) for story in stories[: PREHEADER_HEADLINES + 1]]
    topics = list(dict.fromkeys(one_line(section.title, TOPIC) for section in digest.sections))
    sections = _anchored([_section(say, clock, section, links, excerpt) for section in digest.sections])
    return DigestView(
        language=say.language,
        subject=phrases.subject(say, len(stories), headlines[0] if headlines else ""),
        preheader=phrases.preheader(say, headlines[1:]),
        period=f"{clock.moment(digest.period.start)} – {clock.moment(digest.period.end)}",
        times=phrases.times(say, say.place(digest.subscriber.zone)),
        summary=_summary(say, digest, stories),
        developed=phrases.developed(say, developed) if developed else "",
        contents=_contents(say, sections) if len(stories) >= CONTENTS_FROM else (),
        sections=sections,
        more=phrases.more_stories(say, digest.left_out) if digest.left_out else "",
        more_href=safe_href(links.more or links.archive),
        troubles=tuple(_troubles(say, digest.troubles)),
        why=phrases.why(say, one_line(digest.subscriber.address, 254), topics),
        archive=safe_href(links.archive),
        first=safe_href(links.first),
        past=safe_href(links.past),
        manage=safe_href(links.manage),
        unsubscribe=safe_href(links.unsubscribe),
        postal_address=one_line(links.postal_address, POSTAL),
        labels=phrases.labels(say),
    )


def view_story(story: DigestStory, *, language: str, zone: str, now: datetime) -> StoryView:
    """The story as a digest of that moment would show it to a reader of that language; links of its own it has none.

    Raises ConfigurationError for a language or zone that is not known.
    """
    say = catalog_for(language)
    return _story(say, Clock(say, zone_of(zone), now), story, _NO_LINKS, EXCERPT)


def _section(say: Catalog, clock: Clock, section: TopicSection, links: DigestLinks, excerpt: int) -> SectionView:
    parts = [_part(say, section, story) for story in section.stories]
    return SectionView(
        title=one_line(section.title, TOPIC),
        count=phrases.counted_stories(say, len(section.stories)),
        unsure=phrases.unsure(say) if section.wide else "",
        stories=tuple(
            replace(_story(say, clock, story, links, excerpt), part=part if part != before else "")
            for story, part, before in zip(section.stories, parts, ["", *parts], strict=False)
        ),
    )


def _part(say: Catalog, section: TopicSection, story: DigestStory) -> str:
    """The heading a story stands under within its topic; none where the topic has no parts."""
    if story.is_opinion:
        return phrases.opinion(say)
    if story.subtopic:
        return one_line(story.subtopic, TOPIC)
    return phrases.other_subtopic(say) if any(one.subtopic for one in section.stories) else ""


def _anchored(sections: Sequence[SectionView]) -> tuple[SectionView, ...]:
    """The sections with a name for each place that the contents lead to."""
    return tuple(
        replace(
            section, anchor=f"t{number}",
            stories=tuple(
                replace(story, anchor=f"t{number}s{place}") if story.part else story
                for place, story in enumerate(section.stories, start=1)
            ),
        )
        for number, section in enumerate(sections, start=1)
    )  # fmt: skip


def _contents(say: Catalog, sections: Sequence[SectionView]) -> tuple[ContentsLine, ...]:
    """A line for each sub-topic, and for each topic that has none; one for each topic where those would be many."""
    sure = [section for section in sections if not section.unsure]
    parts = [part for section in sure for part in _parts(section, several=len(sure) > 1)]
    if len(parts) > _CONTENTS_LINES:
        parts = [(section.title, section.anchor, section.stories) for section in sure]
    if unsure := [section for section in sections if section.unsure]:
        parts.append((unsure[0].unsure, unsure[0].anchor, [story for each in unsure for story in each.stories]))
    each = max(1, _CONTENTS_LINES // len(parts))
    return tuple(
        ContentsLine(
            title, phrases.counted_stories(say, len(stories)), anchor,
            tuple(one_line(story.headline, CONTENTS_HEADLINE) for story in stories[:each]),
        )
        for title, anchor, stories in parts
    )  # fmt: skip


def _parts(section: SectionView, *, several: bool) -> list[tuple[str, str, Sequence[StoryView]]]:
    """Title, anchor and stories of each part of a topic; where there are `several` topics the title names both."""
    starts = [place for place, story in enumerate(section.stories) if story.part or not place]
    return [
        (
            " · ".join(filter(None, (section.title if several or not first.part else "", first.part))),
            first.anchor or section.anchor,
            section.stories[start:end],
        )
        for start, end in zip(starts, [*starts[1:], len(section.stories)], strict=True)
        if (first := section.stories[start])
    ]


def _story(say: Catalog, clock: Clock, story: DigestStory, links: DigestLinks, excerpt: int) -> StoryView:
    core = story.articles[0]
    reports = telling(say, clock, story, excerpt)
    hidden = len(story.articles) - len(reports)
    headline = headline_of(say, core)
    told_as = one_line(story.told_as, HEADLINE)
    terms = [line for term in story.matched[:TERMS] if (line := one_line(term, TERM))]
    relevant, not_relevant = links.feedback.get(story.story_id, ("", ""))
    return StoryView(
        headline=headline,
        href=safe_href(core.url),
        language=language_code(core.language),
        mark=foreign_mark(say, core),
        updated=phrases.updated(say, story.news) if story.news > 0 else "",
        told_as=phrases.told_as(say, told_as) if told_as else "",
        excerpt="" if any(report.excerpt for report in reports) else excerpt_of(core, headline, excerpt),
        reports=reports,
        more=phrases.more_reports(say, hidden) if hidden else "",
        matched=phrases.matched(say, terms) if terms else "",
        relevant=safe_href(relevant),
        not_relevant=safe_href(not_relevant),
        mute=safe_href(links.mute.get(story.story_id, "")),
        whole=safe_href(links.whole.get(story.story_id, "")),
    )


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
