"""Which stories are told, by whom, and under which topic."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from worker.digests import (
    Choice,
    DigestStory,
    PendingStory,
    Report,
    ReportMatch,
    decide_story,
    select_story,
    told_articles,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MIGRATION = "migration"
SURE_ENOUGH = {"strict": {"strict"}, "balanced": {"strict", "balanced"}, "wide": {"strict", "balanced", "wide"}}


def about(score: float = 0.8, band: str = "strict", *terms: str, topic: str = MIGRATION) -> dict[str, ReportMatch]:
    return {topic: ReportMatch(score, band, terms, unsure=band == "wide")}


def report(article_id: int, **values: Any) -> Report:
    given: dict[str, Any] = {
        "title": f"Title {article_id}", "url": f"https://o{article_id}.example/", "outlet": f"Outlet {article_id}",
        "language": "en", "published": NOON + timedelta(minutes=article_id), "excerpt": "", "revision": 1,
    }  # fmt: skip
    return Report(article_id, **(given | values))


def select(
    *reports: Report,
    told: int = 0,
    topics: tuple[str, ...] = (MIGRATION,),
    band: str = "balanced",
    language: str = "en",
) -> DigestStory | None:
    revision = max((one.revision for one in reports), default=0)
    return select_story(PendingStory(5, revision, told, reports), dict.fromkeys(topics, SURE_ENOUGH[band]), language)


def chosen(*reports: Report, **asked: Any) -> DigestStory:
    story = select(*reports, **asked)
    assert story is not None
    return story


def titles(story: DigestStory) -> list[str]:
    return [article.title for article in story.articles]


def test_a_story_is_told_with_what_it_is() -> None:
    story = chosen(report(1, matches=about(0.8, "strict", "asylum"), excerpt="Text.", agency="Wire", feed_only=True))
    assert (story.story_id, story.revision, story.topic, story.score) == (5, 1, MIGRATION, 0.8)
    assert (story.matched, story.news) == (("asylum",), 0)
    (article,) = story.articles
    assert (article.title, article.url, article.outlet) == ("Title 1", "https://o1.example/", "Outlet 1")
    assert (article.excerpt, article.wire, article.feed_only, article.reprints) == ("Text.", "Wire", True, ())


@pytest.mark.parametrize(
    ("matching", "others", "told"),
    [(1, 0, True), (1, 1, True), (2, 2, True), (1, 2, False), (2, 3, False), (0, 1, False)],
)
def test_half_of_the_reports_must_be_about_it(matching: int, others: int, told: bool) -> None:
    reports = [report(n, matches=about()) for n in range(matching)]
    reports += [report(100 + n) for n in range(others)]
    assert (select(*reports) is not None) is told


def test_copies_do_not_count_on_either_side() -> None:
    copies_of_the_match = [report(n, copy_of=1, matches=about()) for n in range(10, 20)]
    assert select(report(1, matches=about()), report(2), report(3), *copies_of_the_match) is None
    copies_of_the_other = [report(n, copy_of=2) for n in range(10, 20)]
    assert select(report(1, matches=about()), report(2), *copies_of_the_other) is not None


def test_what_may_not_be_mailed_neither_counts_nor_shows() -> None:
    old = [report(n, mailable=False) for n in range(10, 15)]
    assert titles(chosen(report(1, matches=about()), *old)) == ["Title 1"]
    assert select(report(1, matches=about(), mailable=False)) is None


@pytest.mark.parametrize(
    ("band", "heard"),
    [("strict", {"strict"}), ("balanced", {"strict", "balanced"}), ("wide", {"strict", "balanced", "wide"})],
)
def test_a_subscriber_hears_of_matches_within_the_band(band: str, heard: set[str]) -> None:
    for match in ("strict", "balanced", "wide"):
        assert (select(report(1, matches=about(0.5, match)), band=band) is not None) is (match in heard)


def test_another_topic_is_none_of_this_subscribers() -> None:
    assert select(report(1, matches=about(topic="butterflies"))) is None
    assert select(report(1, matches=about()), topics=()) is None


def test_the_best_topic_wins_and_the_first_of_equals() -> None:
    both = about(0.4) | about(0.9, topic="courts")
    assert chosen(report(1, matches=both), topics=(MIGRATION, "courts")).topic == "courts"
    same = about(0.9) | about(0.9, topic="courts")
    assert chosen(report(1, matches=same), topics=("courts", MIGRATION)).topic == "courts"


def test_the_score_is_the_best_reports() -> None:
    assert chosen(report(1, matches=about(0.4)), report(2, matches=about(0.7))).score == 0.7


def test_nothing_is_told_again_that_has_not_gone_on() -> None:
    first, second = report(1, matches=about()), report(2, matches=about(), revision=2)
    assert select(first, told=1) is None
    assert select(first, second, told=2) is None
    developed = chosen(first, second, report(3, matches=about(), revision=3), told=1)
    assert (developed.news, developed.revision, len(developed.articles)) == (2, 3, 3)


def test_a_report_that_says_something_else_by_now_is_told_again_and_says_so() -> None:
    changed = report(1, matches=about(), updated=True)
    story = chosen(changed, report(2, matches=about()), told=1)
    assert (story.news, [article.updated for article in story.articles]) == (1, [True, False])


def test_a_copy_that_came_later_is_no_news() -> None:
    assert select(report(1, matches=about()), report(2, copy_of=1, revision=9), told=1) is None


def test_the_readers_language_leads_then_the_earliest() -> None:
    reports = [
        report(1, matches=about(), language="es"),
        report(2, matches=about(), language="en"),
        report(3, matches=about(), language="en", published=NOON - timedelta(days=1)),
        report(4, matches=about(), language=None),
    ]
    assert titles(chosen(*reports, language="en")) == ["Title 3", "Title 2", "Title 1", "Title 4"]
    assert titles(chosen(*reports, language="es"))[0] == "Title 1"


def test_a_report_that_is_not_about_the_topic_never_leads() -> None:
    aside = report(1, language="en", published=NOON - timedelta(days=1))
    assert titles(chosen(aside, report(2, matches=about(), language="es"))) == ["Title 2", "Title 1"]


def test_a_report_outside_the_readers_band_does_not_lead_either() -> None:
    weak = report(1, matches=about(0.1, "wide", "border"))
    story = chosen(weak, report(2, matches=about(0.9, "strict", "asylum")), band="strict")
    assert titles(story) == ["Title 2", "Title 1"]
    assert story.matched == ("asylum",), "what did not count is no reason"


def test_the_reprints_are_other_outlets_once_each_in_order() -> None:
    original = report(1, matches=about(), outlet="Wire")
    copies = [
        report(4, copy_of=1, outlet="Star"),
        report(2, copy_of=1, outlet="Post"),
        report(3, copy_of=1, outlet="Wire"),
        report(5, copy_of=1, outlet="Post"),
        report(6, copy_of=99, outlet="Elsewhere"),
    ]
    (article,) = chosen(original, *copies).articles
    assert article.reprints == ("Post", "Star")


def test_a_long_story_keeps_all_its_reports_and_a_few_words() -> None:
    story = chosen(*(report(n, matches=about(0.5, "strict", f"word {n}", "asylum")) for n in range(30)))
    assert titles(story) == [f"Title {n}" for n in range(30)]
    assert story.matched == ("word 0", "asylum", "word 1", "word 2", "word 3", "word 4")


def test_everything_a_story_had_is_what_was_told() -> None:
    story = PendingStory(5, 1, 0, (report(9), report(2, copy_of=9), report(4, mailable=False)))
    assert told_articles(story) == (2, 4, 9)


def test_reports_that_were_told_in_another_story_are_no_news() -> None:
    reports = [report(n, revision=n, matches=about()) for n in (1, 2, 3)]
    merged = PendingStory(9, 3, 0, tuple(reports), seen=frozenset({1, 2}))
    story = select_story(merged, {MIGRATION: SURE_ENOUGH["balanced"]}, "en")
    assert story is not None
    assert story.news == 1
    assert select_story(replace(merged, seen=frozenset({1, 2, 3})), {MIGRATION: SURE_ENOUGH["balanced"]}, "en") is None


def test_a_story_is_unsure_when_none_of_its_matches_is_surer() -> None:
    wide, sure = about(0.3, "wide"), about(0.8)
    assert chosen(report(1, matches=wide), band="wide").wide
    assert not chosen(report(1, matches=wide), report(2, matches=sure), band="wide").wide


def test_each_topic_has_its_own_band() -> None:
    both = {"a": ReportMatch(0.5, "wide", ()), "b": ReportMatch(0.4, "balanced", ())}
    told = PendingStory(5, 1, 0, (report(1, matches=both),))
    by_bands = {
        bands: select_story(told, {topic: SURE_ENOUGH[band] for topic, band in zip("ab", bands, strict=True)}, "en")
        for bands in (("wide", "balanced"), ("balanced", "balanced"), ("strict", "strict"))
    }
    assert [story.topic if story else None for story in by_bands.values()] == ["a", "b", None]


@pytest.mark.parametrize(
    ("reports", "told", "choice"),
    [
        ((report(1, matches=about()),), 0, Choice.TOLD),
        ((report(1),), 0, Choice.NO_MATCH),
        ((report(1, matches=about(topic="trams")),), 0, Choice.NO_MATCH),
        ((report(1, matches=about(), mailable=False), report(2)), 0, Choice.NO_MATCH),
        ((report(1, matches=about(0.3, "wide")),), 0, Choice.UNSURE),
        ((report(1, matches=about()), report(2), report(3)), 0, Choice.STRAY),
        ((report(1, matches=about()),), 1, Choice.NO_NEWS),
        ((report(1, matches=about()), report(2, matches=about(), revision=2, adds=False)), 1, Choice.NO_NEWS),
        ((report(1, matches=about()), report(2, matches=about(), revision=2)), 1, Choice.TOLD),
    ],
)
def test_the_decision_says_why(reports: tuple[Report, ...], told: int, choice: Choice) -> None:
    story = PendingStory(5, max(one.revision for one in reports), told, reports)
    decided = decide_story(story, {MIGRATION: SURE_ENOUGH["balanced"]}, "en")
    assert decided.choice is choice
    assert (decided.story is not None) == (choice is Choice.TOLD)
    assert decided.story == select_story(story, {MIGRATION: SURE_ENOUGH["balanced"]}, "en")
