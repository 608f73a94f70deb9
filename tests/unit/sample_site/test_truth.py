"""The truth about the sample site is consistent in itself and with the articles."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from worker.sample_site import SampleAnswer, build_site

SITE = build_site(datetime(2026, 11, 22, 12, tzinfo=UTC))
TRUTH = SITE.expected
BY_ID = {article.id: article for article in SITE.articles}


def test_each_article_is_on_topic_a_near_miss_or_unrelated() -> None:
    parts = (TRUTH.on_topic, TRUTH.near_misses, TRUTH.unrelated)
    assert frozenset().union(*parts) == set(BY_ID)
    assert sum(map(len, parts)) == len(BY_ID)


def test_the_event_is_told_by_three_outlets_one_of_them_in_spanish() -> None:
    languages = {outlet.key: outlet.language for outlet in SITE.outlets}
    outlets = [BY_ID[key].outlet for key in TRUTH.event]
    assert len(set(outlets)) == 3
    assert sorted(languages[outlet] for outlet in outlets) == ["en", "en", "es"]


def test_the_wire_story_has_an_original_and_three_reprints_elsewhere() -> None:
    original, *reprints = TRUTH.wire
    assert len(reprints) == 3
    assert len({BY_ID[key].outlet for key in TRUTH.wire}) == 4
    assert all(BY_ID[key].copy_of == original for key in reprints)
    assert all(BY_ID[key].wire == "Continental Press Service" for key in TRUTH.wire)


def test_stories_hold_every_on_topic_article_once() -> None:
    told = [key for story in TRUTH.stories for key in story]
    assert sorted(told) == sorted(TRUTH.on_topic)


def test_near_misses_use_the_topics_words_in_their_boilerplate() -> None:
    tempting = [key for key in TRUTH.near_misses if "igrant" in " ".join(BY_ID[key].boilerplate.phrases)]
    assert len(tempting) >= 8


def test_an_on_topic_article_without_a_page_has_a_summary_in_its_feed() -> None:
    assert TRUTH.feed_only
    for key in TRUTH.feed_only:
        assert BY_ID[key].answer in (SampleAnswer.FORBIDDEN, SampleAnswer.LOGIN)
        assert len(BY_ID[key].summary.split()) > 15


@pytest.mark.parametrize("article", SITE.articles, ids=lambda article: article.id)
def test_no_boilerplate_phrase_stands_in_an_article(article) -> None:
    said = f"{article.title}\n{article.summary}\n{article.text}".casefold()
    assert [phrase for phrase in TRUTH.boilerplate if phrase.casefold() in said] == []


def test_boilerplate_is_of_every_kind() -> None:
    for kind in (
        "Skip to content",
        "Read also:",
        "Lea también:",
        "cookies",
        "newsletter",
        "…",
        ",...",
        "rights",
    ):
        assert any(kind in phrase for phrase in TRUTH.boilerplate), kind
