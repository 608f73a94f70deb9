from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from worker.digests import DigestArticle, DigestStory, DigestSubscriber, Period, build

END = datetime(2026, 3, 1, 12, tzinfo=UTC)
PERIOD = Period(END - timedelta(days=1), END)
READER = DigestSubscriber("ana@example.org", "Ana", "en", "UTC")

ARTICLES = st.builds(
    DigestArticle,
    title=st.just("Title"),
    url=st.just(""),
    outlet=st.sampled_from("ABCDE"),
    language=st.just("en"),
    published=st.datetimes(datetime(2026, 2, 20), datetime(2026, 3, 3), timezones=st.just(UTC)),
    excerpt=st.just(""),
    reprints=st.lists(st.sampled_from("VWXYZ"), max_size=4).map(tuple),
)
STORIES = st.lists(
    st.builds(
        DigestStory,
        story_id=st.integers(1, 30),
        revision=st.just(1),
        topic=st.sampled_from(["a", "b", "c"]),
        score=st.floats(0, 1),
        articles=st.lists(ARTICLES, max_size=4).map(tuple),
    ),
    max_size=40,
    unique_by=lambda story: (story.story_id, story.topic),
)


@given(STORIES, st.integers(1, 30), st.randoms())
def test_every_story_is_told_once_or_counted_and_order_does_not_matter(stories, limit, random) -> None:
    digest = build(READER, stories, PERIOD, limit=limit)
    tellable = {story.story_id for story in stories if story.articles}
    assert (digest is None) == (not tellable)
    if digest is None:
        return
    told = [story.story_id for section in digest.sections for story in section.stories]
    assert len(told) == len(set(told)) == min(limit, len(tellable))
    assert len(told) + digest.left_out == len(tellable)
    assert all(section.stories for section in digest.sections)
    assert all(story.topic == section.topic for section in digest.sections for story in section.stories)
    shuffled = random.sample(stories, len(stories))
    assert build(READER, shuffled, PERIOD, limit=limit) == digest
