"""From a feed's entries to the articles they announce."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.unit.records import feed
from worker.analysis.announcing import announce, announce_all
from worker.feeds import FeedEntry, ParsedFeed
from worker.storage.articles.discoveries import NewArticle
from worker.storage.feeds.feed_rows import merged_times

DAY = timedelta(days=1)


def entry(**values: object) -> FeedEntry:
    given = {"title": "Ferry late again", "url": "https://news.example/a", "id": "guid-1", **values}
    return FeedEntry(**given)  # type: ignore[arg-type]


def announced(found: FeedEntry, **known: object) -> NewArticle:
    parsed = ParsedFeed("News", "https://news.example/", (found,), language="en")
    return announce(found, feed(**known), parsed, now=NOW)


def test_an_article_is_known_by_its_canonical_address_and_fetched_by_its_own() -> None:
    tracked = "https://news.example/a?utm_source=rss&id=4"
    found = announced(entry(url=tracked))
    assert (found.key, found.url, found.has_page) == ("https://news.example/a?id=4", tracked, True)
    assert announced(entry(url="https://news.example/a?id=4", id="other")).key == found.key


def test_an_entry_without_a_link_is_known_by_its_feed_and_its_own_id() -> None:
    found = announced(entry(url="", content="<p>All there is</p>"))
    assert (found.key, found.has_page, found.body) == ("https://news.example/feed#guid-1", False, "<p>All there is</p>")
    assert found.url == "https://news.example/", "a reader is led to the site"
    assert announced(entry(url="", id="guid-2")).key != found.key


def test_one_id_under_two_stories_of_a_feed_makes_two_articles() -> None:
    assert len(keys(entry(), entry(url="https://news.example/b"))) == 2, "the link tells them apart"
    assert len(keys(entry(url=""), entry(url="", title="Museum open"))) == 2, "the title does"
    assert keys(entry(url=""), entry(url="")) == keys(entry(url="")), "told twice is one"


def test_an_absurd_date_is_none() -> None:
    """Some publishing systems say "none" with the year 1, others with one that is far ahead."""
    year_one, far = datetime(1, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
    assert announced(entry(published=year_one)).published is None
    assert announced(entry(published=year_one)).mailable, "it is not known to be old"
    assert announced(entry(published=far, updated=NOW - DAY)).published == NOW - DAY
    parsed = ParsedFeed("", "", (entry(published=year_one), entry(published=NOW - DAY), entry(published=far)))
    assert merged_times((), parsed, NOW) == [NOW - DAY], "and says nothing of the feed's rhythm"


def test_the_content_counts_more_than_the_summary_and_the_first_date_more_than_the_last() -> None:
    both = announced(entry(content="whole", summary="short", published=NOW - DAY, updated=NOW))
    less = announced(entry(summary="short", updated=NOW))
    assert (both.body, both.published) == ("whole", NOW - DAY)
    assert (less.body, less.published) == ("short", NOW)


@pytest.mark.parametrize(
    ("said", "set_by_a_person", "taken"), [("pt", "es", "pt"), (None, "es", "es"), (None, None, "en")]
)
def test_the_language_of_the_entry_then_of_the_person_then_of_the_feed(
    said: str | None, set_by_a_person: str | None, taken: str
) -> None:
    assert announced(entry(language=said), language=set_by_a_person).language == taken


@pytest.mark.parametrize(
    ("age", "first_sight", "mailable"),
    [(3 * DAY, True, False), (DAY, True, True), (31 * DAY, False, True), (None, True, True)],
)
def test_what_was_old_when_the_feed_was_first_seen_is_never_mailed(
    age: timedelta | None, first_sight: bool, mailable: bool
) -> None:
    published = None if age is None else NOW - age
    found = announced(entry(published=published), last_read_at=None if first_sight else NOW - DAY)
    assert found.mailable is mailable


def all_of(*entries: FeedEntry) -> list[NewArticle]:
    return announce_all(feed(), ParsedFeed("News", "", entries), now=NOW)


def keys(*entries: FeedEntry) -> set[str]:
    return {found.key for found in all_of(*entries)}


def test_entries_that_share_a_link_are_articles_of_their_own_and_what_their_feed_says() -> None:
    first, second = all_of(
        entry(summary="The ferry sank."), entry(id="guid-2", title="Pier closed", summary="No pier.")
    )
    assert first.key != second.key
    assert {first.link_key, second.link_key} == {"https://news.example/a"}
    assert not any(found.has_page for found in (first, second)), "the page they lead to is neither's"
    assert first.url == "https://news.example/a", "a reader is led there all the same"


def test_one_article_that_is_listed_twice_is_one() -> None:
    again = entry(id="guid-2", title="Ferry late", summary="The ferry sank.")
    assert keys(entry(summary="The ferry sank."), again) == {"https://news.example/a"}, "two headlines over one text"
    other_words = entry(id="guid-2", summary="It sank, the ferry.", published=NOW)
    assert keys(entry(summary="The ferry sank.", published=NOW), other_words) == {"https://news.example/a"}


def test_a_daily_briefing_at_one_address_is_one_article_a_day() -> None:
    days = [entry(id=f"b{n}", title="Briefing", summary=f"Day {n}.", published=NOW - n * DAY) for n in range(3)]
    assert len(keys(*days)) == 3


def test_fragments_of_one_page_are_articles_of_their_own() -> None:
    parts = [f"https://news.example/live#p{n}" for n in range(3)]
    assert len(keys(*(entry(url=part, id=part, title=f"Part {part}", summary=part) for part in parts))) == 3


entries_of_one_link = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["", "x", "y"]), st.sampled_from(["", "u", "v"])), unique=True
)


@given(entries_of_one_link, st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_listed_changes_no_key(said: list[tuple[str, str, str]], chance: Random) -> None:
    entries = [entry(id=one, title=title, summary=body) for one, title, body in said]
    shuffled = chance.sample(entries, len(entries))
    assert keys(*entries) == keys(*shuffled)
    assert len(keys(*entries)) <= len(entries)
    assert all(found.has_page == (not found.link_key) for found in all_of(*entries))
