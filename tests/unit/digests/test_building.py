from dataclasses import replace
from datetime import timedelta

import pytest

from worker.digests import DigestArticle, DigestStory, DigestSubscriber, Period, build, further_pages
from worker.digests.building import PAGE
from worker.digests.ranking import weight
from worker.errors import ConfigurationError

READER = DigestSubscriber("ana@example.org", "Ana", "en", "UTC")


def story(
    story_id: int,
    period: Period,
    *,
    topic: str = "t",
    score: float = 0.5,
    outlets: tuple[str, ...] = ("A",),
    age: int = 1,
) -> DigestStory:
    published = period.end - timedelta(hours=age)
    articles = tuple(DigestArticle(f"Title {story_id}", "", name, "en", published, "") for name in outlets)
    return DigestStory(story_id, 1, topic, score, articles)


def told(stories: list[DigestStory], period: Period, limit: int = 25) -> list[int]:
    digest = build(READER, stories, period, limit=limit)
    assert digest is not None
    return [s.story_id for section in digest.sections for s in section.stories]


def test_nothing_to_tell_is_no_digest(period: Period) -> None:
    assert build(READER, [], period) is None
    assert build(READER, [replace(story(1, period), articles=())], period) is None


def test_nothing_to_tell_can_be_asked_for(period: Period) -> None:
    digest = build(READER, [], period, send_empty=True, feeds_watched=41)
    assert digest is not None
    assert (digest.sections, digest.left_out, digest.feeds_watched) == ((), 0, 41)


def test_a_story_stands_once_under_its_best_topic(period: Period) -> None:
    stories = [
        story(1, period, topic="a", score=0.4),
        story(1, period, topic="b", score=0.9),
        story(1, period, topic="c", score=0.5),
    ]
    digest = build(READER, stories, period, topic_titles={"b": "Topic B"})
    assert digest is not None
    assert [(s.topic, s.title, len(s.stories)) for s in digest.sections] == [("b", "Topic B", 1)]
    assert digest.left_out == 0


def test_each_ground_of_rank_counts(period: Period) -> None:
    plain = story(1, period, outlets=("A",), age=20)
    for better in (
        story(2, period, score=0.6, age=20),
        story(2, period, outlets=("A", "A"), age=20),
        story(2, period, outlets=("A", "B"), age=20),
        story(2, period, age=2),
    ):
        assert weight(better, end=period.end) > weight(plain, end=period.end)
        assert told([plain, better], period) == [2, 1]
    assert weight(story(2, period, outlets=("A", "B")), end=period.end) > weight(
        story(2, period, outlets=("A", "A")), end=period.end
    )


def test_length_is_kept_and_the_rest_counted(period: Period) -> None:
    stories = [story(n, period, score=n / 100, outlets=(f"O{n}",)) for n in range(1, 41)]
    digest = build(READER, stories, period, limit=10)
    assert digest is not None
    assert digest.left_out == 30
    assert told(stories, period, 10) == list(range(40, 30, -1))


def test_no_topic_or_outlet_takes_over(period: Period) -> None:
    loud = [story(n, period, topic="loud", score=0.70, outlets=("Loud",)) for n in range(1, 20)]
    quiet = [story(100 + n, period, topic="quiet", score=0.65, outlets=(f"Q{n}",)) for n in range(3)]
    digest = build(READER, loud + quiet, period, limit=5)
    assert digest is not None
    assert {s.topic: len(s.stories) for s in digest.sections} == {"loud": 2, "quiet": 3}


def test_sections_stand_in_the_order_of_their_first_story(period: Period) -> None:
    stories = [
        story(1, period, topic="z", score=0.9),
        story(2, period, topic="a", score=0.7, outlets=("B",)),
        story(3, period, topic="z", score=0.2, outlets=("C",)),
    ]
    digest = build(READER, stories, period)
    assert digest is not None
    assert [s.topic for s in digest.sections] == ["z", "a"]
    assert told(stories, period) == [1, 3, 2]


def test_length_below_one_is_refused(period: Period) -> None:
    with pytest.raises(ConfigurationError, match="at least 1"):
        build(READER, [], period, limit=0)


def test_unsure_matches_take_no_ones_place_and_stand_apart(period: Period) -> None:
    sure = [story(n, period, topic="t", score=0.3) for n in range(4)]
    unsure = [replace(story(10 + n, period, topic="t", score=0.9), wide=True) for n in range(4)]
    digest = build(READER, [*unsure, *sure], period, limit=5)
    assert digest is not None
    pages = further_pages(digest, [*unsure, *sure])
    assert [(section.wide, len(section.stories)) for section in digest.sections] == [(False, 4), (True, 1)]
    assert (digest.left_out, [len(page.sections[0].stories) for page in pages]) == (3, [3])


def test_what_is_left_out_fills_further_pages_in_order(period: Period) -> None:
    stories = [story(n, period, outlets=(f"O{n}",)) for n in range(PAGE * 2 + 30)]
    digest = build(READER, stories, period, limit=10)
    assert digest is not None
    pages = further_pages(digest, stories)
    assert further_pages(digest, stories[::-1]) == pages
    assert digest.left_out == PAGE * 2 + 20
    shown = [[one.story_id for part in page.sections for one in part.stories] for page in (digest, *pages)]
    assert [len(page) for page in shown] == [10, PAGE, PAGE, 20]
    assert sorted(one for page in shown for one in page) == list(range(PAGE * 2 + 30))
    assert [page.left_out for page in pages] == [PAGE + 20, 20, 0]


def test_no_outlet_and_no_topic_takes_over(period: Period) -> None:
    loud = [story(n, period, topic="big", score=0.9, outlets=("Loud",)) for n in range(60)]
    quiet = [story(100 + n, period, topic="small", score=0.6, outlets=(f"Q{n}",)) for n in range(12)]
    digest = build(READER, [*loud, *quiet], period, limit=20)
    assert digest is not None
    stories = [one for section in digest.sections for one in section.stories]
    of_loud = sum(one.articles[0].outlet == "Loud" for one in stories)
    assert of_loud <= 10, "three times as loud, and still at most half"
    assert {section.topic for section in digest.sections} == {"big", "small"}
