from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker.digests import (
    DigestArticle,
    DigestStory,
    DigestSubscriber,
    Period,
    brief,
    build,
    render_all,
    render_html,
    render_text,
)
from worker.digests.briefing import is_opinion

END = datetime(2026, 11, 21, 13, 30, tzinfo=UTC)


def told(number: int, title: str, **fields: object) -> DigestArticle:
    stated = {"language": "en", "published": END - timedelta(hours=number), "excerpt": f"Said by {number}.", **fields}
    return DigestArticle(title=title, url=f"https://o{number}.example/a", outlet=f"Outlet {number}", **stated)


def story(*articles: DigestArticle, news: int = 0, number: int = 1, **fields: object) -> DigestStory:
    return DigestStory(number, 2, "t", 0.9 - number / 100, articles, news=news, **fields)


def digest_of(*stories: DigestStory, language: str = "en", **options: object):
    digest = build(
        DigestSubscriber("ana@example.org", "Ana", language, "UTC"),
        stories,
        Period(END - timedelta(days=1), END),
        **options,
    )
    assert digest is not None
    return digest


def test_the_readers_language_leads_and_opinion_comes_last() -> None:
    found = brief(
        story(
            told(1, "Opinión: nada cambia", language="es"),
            told(2, "Judge blocks the order"),
            told(3, "Jueza frena la orden", language="es"),
            told(4, "Frenan la orden", language="es"),
        ),
        "es",
    )
    assert [one.outlet for one in found.articles] == ["Outlet 3", "Outlet 4", "Outlet 2", "Outlet 1"]
    assert [one.opinion for one in found.articles] == [False, False, False, True]
    assert not found.is_opinion
    assert found.told_as == ""


def test_a_known_story_keeps_its_headline_and_tells_the_new_first(links) -> None:
    known = story(
        told(1, "Mayors weigh a plan"),
        told(2, "Judge blocks the order", new=True, excerpt="She ruled on Friday."),
        told(3, "Plan is debated"),
        news=1,
    )
    found = brief(known, "en", "Plan is debated")
    assert [one.outlet for one in found.articles] == ["Outlet 3", "Outlet 2", "Outlet 1"]
    text = render_text(digest_of(found), links=links)
    lines = text.splitlines()
    start = lines.index("Plan is debated")
    assert lines[start - 1] == "[updated: 1 new report]"
    assert lines[start + 1] == "- new: Outlet 2: Judge blocks the order, 11:30"
    assert lines[start + 3 : start + 5] == ["  She ruled on Friday.", "- Outlet 3, 10:30"]
    assert "before:" not in text
    assert text.count("new:") == 1


def test_another_headline_of_a_known_story_says_so(links) -> None:
    renamed = story(told(1, "Plan is signed", updated=True), told(2, "More", new=True), news=1)
    found = brief(renamed, "en", "Plan is debated")
    assert (found.articles[0].title, found.told_as) == ("Plan is signed", "Plan is debated")
    rendered = render_all(digest_of(found), links=links)
    assert "before: “Plan is debated”" in rendered.text
    assert "before: “Plan is debated”" in rendered.html


def test_a_new_story_was_never_told_under_another_headline() -> None:
    assert brief(story(told(1, "One")), "en", "Two").told_as == ""


def test_reasons_are_said_once_for_all_reports() -> None:
    found = brief(story(told(1, "One"), matched=("migrants", "México", "Migrant", "mexico", "visa")), "en")
    assert found.matched == ("migrants", "México", "visa")


@pytest.mark.parametrize(
    ("title", "url", "expected"),
    [
        ("Opinion: A calendar is no policy", "https://a.example/x", True),
        ("Columna | La frontera", "https://a.example/x", True),
        ("Editorial", "https://a.example/x", True),
        ("A calendar", "https://a.example/opinion/2026/x", True),
        ("Una carta", "https://a.example/cartas-al-director/x", True),
        ("Court publishes its opinion on asylum", "https://a.example/news/x", False),
        ("Opinion polls favour the plan", "https://a.example/news/opinion-polls-favour", False),
        ("Editorial staff laid off", "http://[broken/opinion/", False),
    ],
)
def test_outlets_say_themselves_what_is_opinion(title: str, url: str, expected: bool) -> None:
    assert is_opinion(title, url) is expected


def test_opinion_within_a_story_stands_under_a_word_of_its_own(links) -> None:
    found = brief(story(told(1, "Opinion: Too late"), told(2, "Plan is signed"), told(3, "Editorial: Enough")), "en")
    text = render_text(digest_of(found), links=links)
    assert text.index("- Outlet 2, ") < text.index("\nOpinion:\n") < text.index("Opinion: Too late")
    assert text.count("\nOpinion:\n") == 1


@pytest.mark.parametrize(("language", "order"), [("en", [2, 1]), ("es", [1, 2]), ("fr", [1, 2])])
def test_of_two_alike_the_one_in_the_readers_language_comes_first(language: str, order: list[int]) -> None:
    stories = [story(told(1, "Uno", language="es"), number=1), story(told(1, "Two"), number=2)]
    reader = DigestSubscriber("ana@example.org", "Ana", language, "UTC")
    digest = build(reader, stories, Period(END - timedelta(days=1), END))
    assert digest is not None
    assert [one.story_id for section in digest.sections for one in section.stories] == order


PARTS = {1: "Crossings", 2: "", 3: "Crossings", 4: "Policy", 6: "Crossings"}


def many(count: int) -> list[DigestStory]:
    return [story(told(n, f"Headline {n}", article_id=n), number=n) for n in range(1, count + 1)]


def part_of(one: DigestStory) -> str:
    return PARTS.get(one.story_id, "")


def test_stories_stand_by_sub_topic_then_the_rest_then_opinion(links) -> None:
    opinion = brief(story(told(9, "Opinion: Why"), number=5), "en")
    digest = digest_of(*many(4), opinion, topic_titles={"t": "The topic"}, subtopic_of=part_of)
    (section,) = digest.sections
    assert [(one.story_id, one.subtopic) for one in section.stories] == [
        (1, "Crossings"),
        (3, "Crossings"),
        (4, "Policy"),
        (2, ""),
        (5, ""),
    ]
    text = render_text(digest, links=links)
    headings = [line for line in text.splitlines() if line.startswith("== ")]
    assert headings == ["== Crossings", "== Policy", "== More on this topic", "== Opinion"]


def test_a_topic_without_parts_has_no_headings(links) -> None:
    assert "==" not in render_text(digest_of(*many(4)), links=links)


@pytest.mark.parametrize(("count", "listed"), [(7, False), (8, True)])
def test_contents_stand_at_the_top_from_eight_stories_on(links, count: int, listed: bool) -> None:
    rendered = render_all(digest_of(*many(count), topic_titles={"t": "The topic"}, subtopic_of=part_of), links=links)
    assert ("In this digest" in rendered.text) is listed
    assert ("In this digest" in rendered.html) is listed
    if listed:
        assert "- Crossings · 3 stories\n    Headline 1\n    Headline 3\n" in rendered.text
        anchors = {part.partition('"')[0] for part in rendered.html.split('href="#')[1:]}
        assert len(anchors) == 3
        assert all(f'id="{anchor}"' in rendered.html for anchor in anchors)


def test_contents_lead_to_topics_that_have_no_parts(links) -> None:
    stories = [replace(one, topic=f"topic-{one.story_id % 2}") for one in many(8)]
    html = render_html(digest_of(*stories), links=links)
    assert 'href="#t1"' in html
    assert 'href="#t2"' in html


def test_a_story_of_sixty_reports_counts_sixty(links) -> None:
    sixty = story(*(told(n % 20, f"Headline {n}") for n in range(60)))
    text = render_text(digest_of(sixty), links=links)
    assert "1 story in 60 reports from 20 outlets" in text
    assert "+54 more reports" in text
