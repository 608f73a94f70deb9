"""Selecting a story, whatever it is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from worker.digests import PendingStory, Report, ReportMatch, select_story

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TOPICS = ("migration", "courts")
BANDS = ("strict", "balanced", "wide")
bands = st.sampled_from(BANDS)
languages = st.sampled_from(["en", "es"])
matches = st.dictionaries(
    st.sampled_from(TOPICS),
    st.builds(ReportMatch, st.floats(0.01, 1), bands, st.just(("asylum",))),
)


@st.composite
def stories(draw: st.DrawFn) -> PendingStory:
    reports = []
    for number in range(draw(st.integers(0, 10))):
        copy_of = draw(st.none() | st.integers(0, number - 1)) if number else None
        report = Report(
            number, f"Title {number}", f"https://n.example/{number}", draw(st.sampled_from(["A", "B", "C"])),
            draw(languages | st.none()), NOON - timedelta(hours=draw(st.integers(0, 50))), "",
            copy_of=copy_of, revision=draw(st.integers(1, 5)), mailable=draw(st.booleans()), matches=draw(matches),
        )  # fmt: skip
        reports.append(report)
    return PendingStory(1, 5, draw(st.integers(0, 5)), tuple(reports))


def sure_enough(band: str) -> tuple[str, ...]:
    return BANDS[: BANDS.index(band) + 1]


def counts(report: Report) -> bool:
    return report.copy_of is None and report.mailable


def heard(report: Report, topic: str, band: str) -> bool:
    return topic in report.matches and report.matches[topic].band in sure_enough(band)


@given(stories(), bands, languages)
def test_told_exactly_when_half_is_about_a_topic_and_something_is_new(
    story: PendingStory, band: str, language: str
) -> None:
    reports = [report for report in story.reports if counts(report)]
    mine = any(
        any(heard(t, topic, band) for t in reports) and 2 * sum(heard(t, topic, band) for t in reports) >= len(reports)
        for topic in TOPICS
    )
    new = any(report.revision > story.told for report in reports)
    assert (select_story(story, dict.fromkeys(TOPICS, sure_enough(band)), language) is not None) == (mine and new)


@given(stories(), bands, languages)
def test_copies_change_nothing_but_the_reprints(story: PendingStory, band: str, language: str) -> None:
    alone = replace(story, reports=tuple(t for t in story.reports if t.copy_of is None))
    with_copies = select_story(story, dict.fromkeys(TOPICS, sure_enough(band)), language)
    without = select_story(alone, dict.fromkeys(TOPICS, sure_enough(band)), language)
    if with_copies is not None:
        with_copies = replace(with_copies, articles=tuple(replace(a, reprints=()) for a in with_copies.articles))
    assert with_copies == without


@given(stories(), bands, languages)
def test_whoever_leads_is_about_the_topic_and_in_the_readers_language_where_one_is(
    story: PendingStory, band: str, language: str
) -> None:
    told = select_story(story, dict.fromkeys(TOPICS, sure_enough(band)), language)
    if told is None:
        return
    first = told.articles[0]
    matching = [t for t in story.reports if counts(t) and heard(t, told.topic, band)]
    assert first.title in {t.title for t in matching}
    if any(t.language == language for t in matching):
        assert first.language == language
    assert told.score == max(t.matches[told.topic].score for t in matching)


@given(stories(), bands, languages)
def test_once_told_it_is_not_told_again(story: PendingStory, band: str, language: str) -> None:
    assert select_story(replace(story, told=story.revision), dict.fromkeys(TOPICS, sure_enough(band)), language) is None


@given(stories(), languages)
def test_a_wider_band_never_knows_less_of_one_report(story: PendingStory, language: str) -> None:
    told = [select_story(story, dict.fromkeys(TOPICS, sure_enough(band)), language) is not None for band in BANDS]
    assert told == sorted(told)
