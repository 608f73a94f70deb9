"""Selecting a story, whatever it is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from worker.digests import PendingStory, Report, ReportMatch, decide_story, select_story

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
            copy_of=copy_of, revision=draw(st.integers(1, 3)), mailable=draw(st.booleans()), matches=draw(matches),
            adds=draw(st.booleans()), updates=copy_of is not None and draw(st.booleans()),
        )  # fmt: skip
        reports.append(report)
    had = draw(st.dictionaries(st.integers(0, 9), st.integers(1, 3)))
    return PendingStory(1, 5, tuple(reports), {number: had[number] for number in had if number < len(reports)})


def sure_enough(band: str) -> tuple[str, ...]:
    return BANDS[: BANDS.index(band) + 1]


def counts(report: Report) -> bool:
    return report.mailable and (report.copy_of is None or report.updates)


def heard(report: Report, topic: str, band: str) -> bool:
    return topic in report.matches and report.matches[topic].band in sure_enough(band)


@given(stories(), bands, languages)
def test_exactly_those_that_match_are_shown_and_told_when_one_of_them_is_news(
    story: PendingStory, band: str, language: str
) -> None:
    mine = [r for r in story.reports if counts(r) and any(heard(r, topic, band) for topic in TOPICS)]
    known = any(story.had_revision(r) for r in mine)
    news = [r for r in mine if story.is_news(r) and (not known or r.adds or story.has_changed(r))]
    decided = decide_story(story, dict.fromkeys(TOPICS, sure_enough(band)), language)
    assert (decided.story is not None) == bool(news)
    if decided.story is None:
        return
    assert {article.article_id for article in decided.story.articles} == {r.article_id for r in mine}
    assert decided.story.news == (len(news) if known else 0)
    of_mine = {r.article_id for r in mine if r.copy_of is None}
    copies = {r.article_id for r in story.reports if r.copy_of in of_mine and not r.updates}
    assert set(decided.told) == {r.article_id for r in mine} | copies


@given(stories(), bands, languages)
def test_strangers_that_were_never_told_change_nothing(story: PendingStory, band: str, language: str) -> None:
    wanted = dict.fromkeys(TOPICS, sure_enough(band))
    mine = {r.article_id for r in story.reports if counts(r) and any(heard(r, topic, band) for topic in TOPICS)}
    mine |= {r.article_id for r in story.reports if r.copy_of in mine and not r.updates} | set(story.had)
    kept = tuple(r for r in story.reports if r.article_id in mine)
    assert select_story(replace(story, reports=kept), wanted, language) == select_story(story, wanted, language)


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
    wanted = dict.fromkeys(TOPICS, sure_enough(band))
    told = decide_story(story, wanted, language).told
    assert not told or select_story(replace(story, had={**story.had, **told}), wanted, language) is None


@given(stories(), languages)
def test_a_wider_band_never_tells_less_of_a_new_story(story: PendingStory, language: str) -> None:
    story = replace(story, had={})
    told = [select_story(story, dict.fromkeys(TOPICS, sure_enough(band)), language) is not None for band in BANDS]
    assert told == sorted(told)
