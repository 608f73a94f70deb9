"""The invented articles are of the shapes that the demo and the tests rely on."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from worker.sample_site import CopyKind, Relevance, SampleAnswer
from worker.sample_site.article import load_articles
from worker.sample_site.outlet import load_outlets

ARTICLES = load_articles()
BY_ID = {article.id: article for article in ARTICLES}


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def shingles(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return set(zip(found, found[1:], found[2:], strict=False))


def test_there_are_articles_enough_in_both_languages() -> None:
    languages = {outlet.key: outlet.language for outlet in load_outlets()}
    spoken = Counter(languages[article.outlet] for article in ARTICLES)
    assert len(ARTICLES) >= 30
    assert set(spoken) == {"en", "es"}
    assert min(spoken.values()) >= 10


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_articles_are_of_realistic_length(article) -> None:
    if article.answer in (SampleAnswer.PAGE, SampleAnswer.FORBIDDEN):
        assert 180 <= len(words(article.text)) <= 600


def test_articles_fit_a_digest_of_the_last_day() -> None:
    assert all(30 <= article.minutes <= 23 * 60 for article in ARTICLES)


def test_every_article_belongs_to_an_outlet_and_no_path_is_used_twice() -> None:
    outlets = {outlet.key for outlet in load_outlets()}
    paths = [(article.outlet, article.slug) for article in ARTICLES]
    assert {article.outlet for article in ARTICLES} == outlets
    assert len(set(paths)) == len(paths)


def test_only_on_topic_articles_tell_stories() -> None:
    assert all(bool(article.story) == (article.relevance is Relevance.YES) for article in ARTICLES)


def test_an_exact_copy_has_the_words_of_its_original() -> None:
    (copy,) = (article for article in ARTICLES if article.copy_kind is CopyKind.EXACT)
    original = BY_ID[copy.copy_of]
    assert copy.text == original.text
    assert copy.outlet != original.outlet


def test_a_corrected_version_says_so_and_changes_a_figure() -> None:
    (copy,) = (article for article in ARTICLES if article.copy_kind is CopyKind.CORRECTED)
    original = BY_ID[copy.copy_of]
    assert copy.outlet == original.outlet
    assert copy.text.startswith("Correction:")
    assert "2,140 people" in original.text
    assert "1,960 people" in copy.text


@pytest.mark.parametrize("copy", [article for article in ARTICLES if article.copy_of], ids=lambda article: article.id)
def test_copies_keep_most_of_their_originals_words(copy) -> None:
    original, copied = shingles(BY_ID[copy.copy_of].text), shingles(copy.text)
    assert len(original & copied) / min(len(original), len(copied)) >= 0.6


def test_tellings_of_one_event_share_no_sentences() -> None:
    told = [article for article in ARTICLES if article.story and not article.copy_of]
    for number, one in enumerate(told):
        for other in told[number + 1 :]:
            shared = shingles(one.text) & shingles(other.text)
            assert len(shared) / min(len(shingles(one.text)), len(shingles(other.text))) < 0.1


def test_a_copy_comes_after_its_original() -> None:
    assert all(article.minutes < BY_ID[article.copy_of].minutes for article in ARTICLES if article.copy_of)


def test_linked_phrases_are_marked_in_paragraphs_and_plain_in_text() -> None:
    article = BY_ID["laredo-talks-courier"]
    assert "[National Migration Institute]" in "".join(article.paragraphs)
    assert "National Migration Institute, Julián Barrera" in article.text
