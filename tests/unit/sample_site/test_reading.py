"""The stages read the sample site as its truth says: pages give articles, copies are found to be copies."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from worker import duplicates, feeds, pages
from worker.sample_site import SampleAnswer, build_site

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = build_site(NOW)
OUTLETS = {outlet.key: outlet for outlet in SITE.outlets}
READABLE = [article for article in SITE.articles if article.answer is SampleAnswer.PAGE]


def shingles(text: str, size: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return set(zip(*(words[start:] for start in range(size)), strict=False))


def read(article) -> pages.ExtractedArticle:
    outlet = OUTLETS[article.outlet]
    resource = SITE.resources[outlet.key, outlet.path(article.slug, SITE.published[article.id])]
    return pages.extract_article(resource.body, SITE.urls[article.id], content_type=resource.content_type, now=NOW)


@pytest.mark.parametrize("article", READABLE, ids=lambda article: article.id)
def test_a_page_gives_its_article(article) -> None:
    found = read(article)
    wanted = shingles(article.text, 4)
    assert found.kind is pages.PageKind.ARTICLE
    assert found.title == article.title
    assert found.published == SITE.published[article.id]
    assert found.language == OUTLETS[article.outlet].language
    assert len(wanted & shingles(found.text, 4)) / len(wanted) >= 0.95


@pytest.mark.parametrize("key", ["eagle-pass-harbor", "council-budget-harbor"])
def test_a_login_wall_and_a_pdf_give_none(key: str) -> None:
    article = next(article for article in SITE.articles if article.id == key)
    assert read(article).kind is pages.PageKind.NOT_AN_ARTICLE


@pytest.mark.parametrize("outlet", SITE.outlets, ids=lambda outlet: outlet.key)
def test_a_feed_gives_all_its_entries(outlet) -> None:
    resource = SITE.resources[outlet.key, outlet.feed_path]
    parsed = feeds.parse_feed(resource.body, f"https://{outlet.key}.example{outlet.feed_path}", resource.content_type)
    own = {SITE.urls[article.id]: article for article in SITE.articles if article.outlet == outlet.key}
    assert {entry.url.split("?")[0] for entry in parsed.entries} == set(own)
    for entry in parsed.entries:
        article = own[entry.url.split("?")[0]]
        assert entry.title == article.title
        assert (entry.published or entry.updated) == SITE.published[article.id]


def test_tracking_parameters_do_not_make_another_address() -> None:
    (tracked,) = (article for article in SITE.articles if article.tracking)
    url = SITE.urls[tracked.id]
    assert pages.canonicalize_url(f"{url}?{tracked.tracking}") == pages.canonicalize_url(url)


def test_copies_and_nothing_else_are_found_to_be_copies() -> None:
    originals: list[duplicates.Candidate] = []
    for number, article in enumerate(SITE.articles):
        text = read(article).text if article.answer is SampleAnswer.PAGE else article.text
        made = duplicates.fingerprint(text)
        decision = duplicates.decide(made, originals)
        if article.copy_of:
            assert decision.kind is not duplicates.DuplicateKind.UNIQUE, article.id
            assert SITE.articles[decision.duplicate_of].id == article.copy_of
        else:
            assert decision.kind is duplicates.DuplicateKind.UNIQUE, article.id
            moment = SITE.published[article.id]
            originals.append(duplicates.Candidate(number, made, moment, moment))
