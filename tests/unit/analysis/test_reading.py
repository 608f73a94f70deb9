"""From a page, or a feed's text, to an article."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.unit.records import article
from worker.analysis.reading import read_article, read_without_page
from worker.pages import PageKind
from worker.storage.articles.documents import DocumentRecord

DAY = timedelta(days=1)
SENTENCE = "The ferry to the island was late again on Monday because the captain waited for the school bus. "
PARAGRAPHS = [
    f"{SENTENCE}Passenger number {number} counted the minutes on the pier and wrote them down." for number in range(12)
]
PAGE = (
    "<html lang=en><head><title>Ferry late | Harbour News</title></head><body><article><h1>Ferry late again</h1>"
    + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    + "</article></body></html>"
).encode()
LOGIN = b"<html><body><h1>Sign in</h1><form><input name=user><input type=password></form></body></html>"
ASKING, REPORTING = (
    f"<html><body><article><p>{text}</p></article></body></html>".encode()
    for text in (
        "Hold still for us. Show us your palm and count to nine, please.",
        "All aboard stayed calm on Monday, police said. Divers will look at the hull.",
    )
)
OWN = "".join(f"<p>{text} This is the feed's own telling.</p>" for text in PARAGRAPHS)


def page(body: bytes, content_type: str = "text/html; charset=utf-8") -> DocumentRecord:
    return DocumentRecord(1, None, 11, "https://news.example/a", content_type, body, NOW, 0, None)


def test_the_page_is_read_and_the_feed_gives_its_headline() -> None:
    read = read_article(article(entry_title="Ferry <b>late</b> &amp; later"), page(PAGE), now=NOW)
    assert (read.article.kind, read.feed_only) == (PageKind.ARTICLE, False)
    assert read.article.title == "Ferry late & later"
    assert "Passenger number 11" in read.article.text


def test_without_a_headline_in_the_feed_the_page_gives_it() -> None:
    assert read_article(article(entry_title=" "), page(PAGE), now=NOW).article.title == "Ferry late again"


@pytest.mark.parametrize(
    ("stated", "headline"),
    [
        ("Ferry late again on Monday - Harbour News", "Ferry late again on Monday"),
        ("Ferry late again on Monday | The Harbour News", "Ferry late again on Monday"),
        ("Ferry late - by an hour at least", "Ferry late - by an hour at least"),
        ("Harbour News", "Harbour News"),
    ],
)
def test_a_headline_ends_before_the_outlets_name(stated: str, headline: str) -> None:
    announced = article(entry_title=stated, outlet="Harbour News", entry_body=OWN)
    for body in (PAGE, LOGIN):
        assert read_article(announced, page(body), now=NOW).article.title == headline


def test_a_headline_is_bounded() -> None:
    assert len(read_article(article(entry_title="x" * 900), page(PAGE), now=NOW).article.title) == 500


def test_without_a_page_the_feeds_text_stands_and_says_why() -> None:
    had_none = article(entry_body=OWN, reason="robots.txt asks us to leave it alone")
    read = read_article(had_none, None, now=NOW)
    assert read.feed_only
    assert "the feed's own telling" in read.article.text
    assert read.article.reason == "robots.txt asks us to leave it alone"


def test_a_feed_without_a_text_of_its_own_says_so() -> None:
    read = read_article(article(), None, now=NOW)
    assert (read.article.kind, read.feed_only, read.article.reason) == (
        PageKind.NOT_AN_ARTICLE, True, "the feed carries no text",
    )  # fmt: skip


CONSENT = (
    "<html><head><title>Ferry late again</title></head><body><main><div id=root></div><div class=layer>"
    + "<p>We and our partners keep cookies on your device and use your personal data for advertising. You can accept "
    "all cookies, or manage your preferences on our privacy page, before you go on.</p>"
    * 4
    + "</div></main></body></html>"
).encode()


@pytest.mark.parametrize("wall", [LOGIN, CONSENT], ids=["login", "consent"])
@pytest.mark.parametrize("own", [OWN, "<p>The ferry was late.</p>"], ids=["long", "short"])
def test_where_the_page_is_no_article_the_feeds_text_is_taken_whatever_its_length(wall: bytes, own: str) -> None:
    read = read_article(article(entry_body=own), page(wall), now=NOW)
    assert read.feed_only
    assert read.article.text == read_article(article(entry_body=own), None, now=NOW).article.text
    assert read.article.reason == read_article(article(), page(wall), now=NOW).article.reason != ""


def test_a_wall_is_no_text_even_where_the_feed_has_none_or_carries_it_itself() -> None:
    silent = read_article(article(entry_body=""), page(CONSENT), now=NOW)
    assert (silent.article.kind, silent.article.text) == (PageKind.NOT_AN_ARTICLE, "")
    walled = "<p>We are checking your browser before you reach the harbour. It will open in a few seconds.</p>"
    carried = read_article(article(entry_body=walled), None, now=NOW).article
    assert (carried.kind, carried.text) == (PageKind.NOT_AN_ARTICLE, "")
    assert [line.rule for line in carried.removed] == ["wall"]


def stub(sentence: str) -> DocumentRecord:
    return page(f"<html><body><article><h1>Ferry late again</h1><p>{sentence}</p></article></body></html>".encode())


def test_a_page_that_is_less_than_an_article_is_kept_where_the_feed_says_even_less() -> None:
    read = read_article(article(entry_body="<p>The ferry was late.</p>"), stub(SENTENCE), now=NOW)
    assert read.article.kind is PageKind.PARTIAL
    assert not read.feed_only
    assert read.article.text == SENTENCE.strip()


def test_a_stub_that_tells_nothing_of_what_the_feed_announces_is_not_believed() -> None:
    gate = stub("Members enjoy every word of the Harbour News, puzzles and the Saturday magazine for little money.")
    read = read_article(article(entry_body="<p>The ferry to the island was late on Monday.</p>"), gate, now=NOW)
    assert read.feed_only
    assert read.article.text == "The ferry to the island was late on Monday."


POST = "Nobody told the school that the ferry stayed in port today, so the children waited on the pier until noon."
OTHERS = "".join(f"<div class=status><p>Post number {number} is about {SENTENCE}</p></div>" for number in range(8))


def posted(body: str, title: str = "Ana of the harbour") -> DocumentRecord:
    return page(
        f"<html><head><title>{title}</title></head><body><main><p>{body}</p>{OTHERS}</main></body></html>".encode()
    )


def test_a_post_without_a_title_is_what_its_feed_says() -> None:
    read = read_article(article(entry_title="", entry_body=f"<p>{POST}</p>"), posted(POST), now=NOW)
    assert (read.feed_only, read.article.text) == (False, POST)
    headed = posted(POST, "Children waited for the ferry until noon")
    assert (
        "Post number 3"
        in read_article(article(entry_title="", entry_body=f"<p>{POST}</p>"), headed, now=NOW).article.text
    )
    cut = article(entry_title="", entry_body="<p>Nobody told the school that…</p>")
    assert "Post number 3" in read_article(cut, posted(POST), now=NOW).article.text


def test_a_page_that_cannot_be_read_leaves_the_feeds_text_and_counts_as_one_that_gave_nothing() -> None:
    read = read_without_page(article(entry_body=OWN), "it broke", now=NOW)
    assert (read.feed_only, read.article.reason) == (True, "it broke")
    assert "the feed's own telling" in read.article.text
    assert read.page is not None
    assert read.page.kind is PageKind.NOT_AN_ARTICLE


def test_an_article_on_the_page_counts_more_than_a_longer_text_in_the_feed() -> None:
    read = read_article(article(entry_body=OWN * 3), page(PAGE), now=NOW)
    assert not read.feed_only
    assert "the feed's own telling" not in read.article.text


def test_the_feeds_date_then_the_pages_then_the_day_it_was_found() -> None:
    dated = PAGE.replace(b"<head>", b"<head><meta property='article:published_time' content='2026-02-27T08:00:00Z'>")
    told = read_article(article(entry_published=NOW - 5 * DAY), page(dated), now=NOW)
    shown = read_article(article(), page(dated), now=NOW)
    neither = read_article(article(), page(PAGE), now=NOW)
    assert told.published == NOW - 5 * DAY
    assert shown.published.isoformat() == "2026-02-27T08:00:00+00:00"
    assert neither.published == NOW - timedelta(minutes=5)


def test_nothing_was_published_in_the_future() -> None:
    assert read_article(article(entry_published=NOW + DAY), page(PAGE), now=NOW).published == NOW


def test_a_short_page_that_asks_and_tells_nothing_announced_is_no_story() -> None:
    asked = read_article(article(entry_title="Ferry late again", entry_body=SENTENCE), page(ASKING), now=NOW)
    assert (asked.article.text, asked.feed_only) == (SENTENCE.strip(), True)
    assert asked.page is not None
    assert asked.page.kind is PageKind.NOT_AN_ARTICLE


def test_a_short_story_in_other_words_than_its_headlines_is_one() -> None:
    told = read_article(article(entry_title="Ferry late again", entry_body=""), page(REPORTING), now=NOW)
    assert told.page is not None
    assert told.page.kind is not PageKind.NOT_AN_ARTICLE
