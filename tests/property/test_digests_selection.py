"""Selecting a story, whatever it is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from worker.digests import Telling, TellingMatch, ToldStory, select_story

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TOPICS = ("migration", "courts")
BANDS = ("strict", "balanced", "wide")
bands = st.sampled_from(BANDS)
languages = st.sampled_from(["en", "es"])
matches = st.dictionaries(
    st.sampled_from(TOPICS),
    st.builds(TellingMatch, st.floats(0.01, 1), bands, st.just(("asylum",))),
)


@st.composite
def stories(draw: st.DrawFn) -> ToldStory:
    tellings = []
    for number in range(draw(st.integers(0, 10))):
        copy_of = draw(st.none() | st.integers(0, number - 1)) if number else None
        telling = Telling(
            number, f"Title {number}", f"https://n.example/{number}", draw(st.sampled_from(["A", "B", "C"])),
            draw(languages | st.none()), NOON - timedelta(hours=draw(st.integers(0, 50))), "",
            copy_of=copy_of, revision=draw(st.integers(1, 5)), mailable=draw(st.booleans()), matches=draw(matches),
        )  # fmt: skip
        tellings.append(telling)
    return ToldStory(1, 5, draw(st.integers(0, 5)), tuple(tellings))


def counts(telling: Telling) -> bool:
    return telling.copy_of is None and telling.mailable


def heard(telling: Telling, topic: str, band: str) -> bool:
    return topic in telling.matches and telling.matches[topic].band in BANDS[: BANDS.index(band) + 1]


@given(stories(), bands, languages)
def test_told_exactly_when_half_is_about_a_topic_and_something_is_new(
    story: ToldStory, band: str, language: str
) -> None:
    reports = [telling for telling in story.tellings if counts(telling)]
    mine = any(
        any(heard(t, topic, band) for t in reports) and 2 * sum(heard(t, topic, band) for t in reports) >= len(reports)
        for topic in TOPICS
    )
    new = any(telling.revision > story.told for telling in reports)
    assert (select_story(story, dict.fromkeys(TOPICS, band), language) is not None) == (mine and new)


@given(stories(), bands, languages)
def test_copies_change_nothing_but_the_reprints(story: ToldStory, band: str, language: str) -> None:
    alone = replace(story, tellings=tuple(t for t in story.tellings if t.copy_of is None))
    with_copies = select_story(story, dict.fromkeys(TOPICS, band), language)
    without = select_story(alone, dict.fromkeys(TOPICS, band), language)
    if with_copies is not None:
        with_copies = replace(with_copies, articles=tuple(replace(a, reprints=()) for a in with_copies.articles))
    assert with_copies == without


@given(stories(), bands, languages)
def test_whoever_leads_is_about_the_topic_and_in_the_readers_language_where_one_is(
    story: ToldStory, band: str, language: str
) -> None:
    told = select_story(story, dict.fromkeys(TOPICS, band), language)
    if told is None:
        return
    first = told.articles[0]
    matching = [t for t in story.tellings if counts(t) and heard(t, told.topic, band)]
    assert first.title in {t.title for t in matching}
    if any(t.language == language for t in matching):
        assert first.language == language
    assert told.score == max(t.matches[told.topic].score for t in matching)


@given(stories(), bands, languages)
def test_once_told_it_is_not_told_again(story: ToldStory, band: str, language: str) -> None:
    assert select_story(replace(story, told=story.revision), dict.fromkeys(TOPICS, band), language) is None


@given(stories(), languages)
def test_a_wider_band_never_knows_less_of_one_report(story: ToldStory, language: str) -> None:
    told = [select_story(story, dict.fromkeys(TOPICS, band), language) is not None for band in BANDS]
    assert told == sorted(told)
