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
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MIGRATION = "migration"
SURE_ENOUGH = {"strict": {"strict"}, "balanced": {"strict", "balanced"}, "wide": {"strict", "balanced", "wide"}}


def about(score: float = 0.8, band: str = "strict", *terms: str, topic: str = MIGRATION) -> dict[str, ReportMatch]:
    return {topic: ReportMatch(score, band, terms, unsure=band == "wide")}


def report(article_id: int, **values: Any) -> Report:
    given: dict[str, Any] = {
        "title": f"Title {article_id}", "url": f"https://o{article_id}.example/", "outlet": f"Outlet {article_id}",
        "language": "en", "published": NOON + timedelta(minutes=article_id), "excerpt": "",
    }  # fmt: skip
    return Report(article_id, **(given | values))


def pending(*reports: Report, had: tuple[int, ...] = (), since: datetime | None = None, seen: int = 0) -> PendingStory:
    """The story of these reports, of which the reader was told those they `had`, as they were at first."""
    return PendingStory(5, len(reports), reports, dict.fromkeys(had, 1), since, seen)


def select(
    *reports: Report,
    had: tuple[int, ...] = (),
    topics: tuple[str, ...] = (MIGRATION,),
    band: str = "balanced",
    language: str = "en",
) -> DigestStory | None:
    return select_story(pending(*reports, had=had), dict.fromkeys(topics, SURE_ENOUGH[band]), language)


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


@pytest.mark.parametrize(("matching", "others"), [(1, 0), (1, 1), (2, 3), (1, 11)])
def test_a_report_that_matches_is_told_whatever_else_is_in_its_story(matching: int, others: int) -> None:
    reports = [report(n, matches=about()) for n in range(matching)]
    strangers = [report(100 + n) for n in range(others)] + [report(200, copy_of=100)]
    story = chosen(*reports, *strangers)
    assert titles(story) == [f"Title {n}" for n in range(matching)], "and what is off the topic is not shown"
    told = decide_story(pending(*reports, *strangers), {MIGRATION: SURE_ENOUGH["balanced"]}, "en").told
    assert set(told) == set(range(matching)), "nor was it told"


def test_copies_are_told_with_their_report_and_never_without() -> None:
    copies = [report(n, copy_of=1, matches=about()) for n in (11, 12)]
    others = [report(n, copy_of=2, matches=about()) for n in (21, 22)]
    bands = {MIGRATION: SURE_ENOUGH["balanced"]}
    decided = decide_story(pending(report(1, matches=about()), report(2), *copies, *others), bands, "en")
    assert decided.told == {1: 1, 11: 1, 12: 1}
    assert decided.story is not None
    assert decided.story.articles[0].reprints == ("Outlet 11", "Outlet 12")
    assert decide_story(pending(report(2), *others), bands, "en").choice is Choice.NO_MATCH


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
    first, second = report(1, matches=about()), report(2, matches=about())
    assert select(first, had=(1,)) is None
    assert select(first, second, had=(1, 2)) is None
    developed = chosen(first, second, report(3, matches=about()), had=(1,))
    assert (developed.news, developed.revision, len(developed.articles)) == (2, 3, 3)


def test_what_comes_to_match_later_is_news_however_long_it_has_been_in_the_story() -> None:
    early, late = report(1, matches=about()), report(2, matches=about(), joined=1)
    assert chosen(early, late, had=(1,)).news == 1


def test_a_stranger_that_joins_a_known_story_is_no_news() -> None:
    assert select(report(1, matches=about()), report(2), had=(1,)) is None
    assert select(report(1, matches=about()), report(2, matches=about(0.3, "wide")), had=(1,)) is None


def test_a_report_that_says_something_else_by_now_is_told_again_and_says_so() -> None:
    changed = report(1, matches=about(), revision=2, adds=False)
    story = chosen(changed, report(2, matches=about()), had=(1, 2))
    assert (story.news, [article.updated for article in story.articles]) == (1, [True, False])
    told = decide_story(pending(changed, had=(1,)), {MIGRATION: SURE_ENOUGH["balanced"]}, "en").told
    assert told == {1: 2}, "as it is now"
    both = PendingStory(5, 1, (changed,), {1: 2})
    assert select_story(both, {MIGRATION: SURE_ENOUGH["balanced"]}, "en") is None


def test_a_copy_that_came_later_is_no_news() -> None:
    assert select(report(1, matches=about()), report(2, copy_of=1, matches=about()), had=(1,)) is None


def test_a_copy_that_says_something_new_is_a_report_of_its_own() -> None:
    wire = report(1, matches=about(), outlet="Morning")
    update = report(2, copy_of=1, matches=about(), updates=True, outlet="Evening")
    story = chosen(wire, update, had=(1,))
    assert (story.news, titles(story)) == (1, ["Title 2", "Title 1"])
    assert [article.reprints for article in story.articles] == [(), ()]
    assert select(wire, update, had=(1, 2)) is None
    assert select(replace(wire, matches={}), replace(update, matches={})) is None


def test_who_had_a_copy_has_had_the_original_that_was_read_late() -> None:
    original, copy = report(1, matches=about()), report(2, copy_of=1, matches=about())
    assert select(original, copy, had=(2,)) is None
    assert chosen(replace(original, revision=2), copy, had=(2,)).news == 1


def test_what_was_published_long_before_the_period_is_no_news() -> None:
    bands, old = {MIGRATION: SURE_ENOUGH["balanced"]}, report(1, matches=about(), published=NOON - timedelta(days=3))
    for since, choice in ((None, Choice.TOLD), (NOON - timedelta(days=1), Choice.OLD)):
        assert decide_story(pending(old, since=since), bands, "en").choice is choice
    for beside in (report(2, matches=about()), report(2, copy_of=1)):
        found = decide_story(pending(old, beside, since=NOON - timedelta(days=1)), bands, "en")
        assert found.choice is Choice.TOLD, "it is with what is told, or was printed again"
    changed = replace(pending(replace(old, revision=2), since=NOON), had={1: 1})
    assert decide_story(changed, bands, "en").choice is Choice.TOLD


@pytest.mark.parametrize(("seen", "choice"), [(6, Choice.TOLD), (7, Choice.OLD), (8, Choice.OLD)])
def test_what_was_not_looked_at_is_news_however_long_ago_it_was_published(seen: int, choice: Choice) -> None:
    late = report(1, matches=about(), published=NOON - timedelta(days=40), news_number=7)
    found = decide_story(pending(late, since=NOON, seen=seen), {MIGRATION: SURE_ENOUGH["balanced"]}, "en")
    assert found.choice is choice
    assert found.passed_over == ((1,) if choice is Choice.OLD else ())


def test_the_readers_language_leads_then_the_earliest() -> None:
    reports = [
        report(1, matches=about(), language="es"),
        report(2, matches=about(), language="en"),
        report(3, matches=about(), language="en", published=NOON - timedelta(days=1)),
        report(4, matches=about(), language=None),
    ]
    assert titles(chosen(*reports, language="en")) == ["Title 3", "Title 2", "Title 1", "Title 4"]
    assert titles(chosen(*reports, language="es"))[0] == "Title 1"


def test_a_report_outside_the_readers_band_is_not_shown() -> None:
    weak = report(1, matches=about(0.1, "wide", "border"))
    story = chosen(weak, report(2, matches=about(0.9, "strict", "asylum")), band="strict")
    assert titles(story) == ["Title 2"]
    assert story.matched == ("asylum",), "what did not count is no reason"


def test_a_report_on_another_topic_of_theirs_is_shown_behind_those_of_the_storys() -> None:
    courts = report(1, matches=about(0.5, topic="courts"), published=NOON - timedelta(days=1))
    story = chosen(courts, report(2, matches=about(0.9)), topics=(MIGRATION, "courts"))
    assert (story.topic, titles(story)) == (MIGRATION, ["Title 2", "Title 1"])


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


def test_reports_that_were_told_in_another_story_are_no_news() -> None:
    reports = [report(n, matches=about()) for n in (1, 2, 3)]
    assert chosen(*reports, had=(1, 2)).news == 1
    assert select(*reports, had=(1, 2, 3)) is None


def test_a_story_is_unsure_when_none_of_its_matches_is_surer() -> None:
    wide, sure = about(0.3, "wide"), about(0.8)
    assert chosen(report(1, matches=wide), band="wide").wide
    assert not chosen(report(1, matches=wide), report(2, matches=sure), band="wide").wide


def test_each_topic_has_its_own_band() -> None:
    both = {"a": ReportMatch(0.5, "wide", ()), "b": ReportMatch(0.4, "balanced", ())}
    told = pending(report(1, matches=both))
    by_bands = {
        bands: select_story(told, {topic: SURE_ENOUGH[band] for topic, band in zip("ab", bands, strict=True)}, "en")
        for bands in (("wide", "balanced"), ("balanced", "balanced"), ("strict", "strict"))
    }
    assert [story.topic if story else None for story in by_bands.values()] == ["a", "b", None]


@pytest.mark.parametrize(
    ("reports", "had", "choice"),
    [
        ((report(1, matches=about()),), (), Choice.TOLD),
        ((report(1),), (), Choice.NO_MATCH),
        ((report(1, matches=about(topic="trams")),), (), Choice.NO_MATCH),
        ((report(1, matches=about(), mailable=False), report(2)), (), Choice.NO_MATCH),
        ((report(1, matches=about(0.3, "wide")),), (), Choice.UNSURE),
        ((report(1, matches=about()), report(2), report(3)), (), Choice.TOLD),
        ((report(1, matches=about()),), (1,), Choice.NO_NEWS),
        ((report(1, matches=about()), report(2, matches=about(), adds=False)), (1,), Choice.NO_NEWS),
        ((report(1, matches=about()), report(2, matches=about())), (1,), Choice.TOLD),
    ],
)
def test_the_decision_says_why(reports: tuple[Report, ...], had: tuple[int, ...], choice: Choice) -> None:
    story, bands = pending(*reports, had=had), {MIGRATION: SURE_ENOUGH["balanced"]}
    decided = decide_story(story, bands, "en")
    assert decided.choice is choice
    assert (decided.story is not None) == bool(decided.told) == (choice is Choice.TOLD)
    assert decided.story == select_story(story, bands, "en")
    silent = {one.article_id for one in reports if one.matches} - set(had) if choice is Choice.NO_NEWS else set()
    assert set(decided.passed_over) == silent
