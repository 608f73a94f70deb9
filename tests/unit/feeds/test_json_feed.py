import json
from datetime import UTC, datetime
from typing import Any

import pytest

from worker.errors import DocumentError
from worker.feeds import ParsedFeed, parse_feed

URL = "https://paper.example/feed.json"


def read(*items: Any, **feed: Any) -> ParsedFeed:
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "items": list(items)} | feed
    return parse_feed(json.dumps(document).encode(), URL)


def test_reads_an_item_whole() -> None:
    feed = read(
        {
            "id": "1",
            "url": "/one",
            "title": "One",
            "summary": "a < b",
            "content_html": "<p>x</p>",
            "content_text": "x",
            "date_published": "2026-11-22T10:00:00-05:00",
            "date_modified": "2026-11-22T16:00:00Z",
            "authors": [{"name": "Ana"}],
            "language": "es",
        },
        home_page_url="https://paper.example/",
        language="en",
    )
    (entry,) = feed.entries
    assert (feed.title, feed.link, feed.language, feed.format) == (
        "Paper",
        "https://paper.example/",
        "en",
        "json11",
    )
    assert (entry.id, entry.url, entry.title) == ("1", "https://paper.example/one", "One")
    assert (entry.summary, entry.content) == ("a &lt; b", "<p>x</p>")
    assert entry.published == datetime(2026, 11, 22, 15, tzinfo=UTC)
    assert entry.updated == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert (entry.authors, entry.language) == (("Ana",), "es")


def test_version_1_0_and_its_single_author() -> None:
    feed = read({"id": "1"}, version="https://jsonfeed.org/version/1", author={"name": "Jo"})
    assert feed.format == "json10"
    assert feed.entries[0].authors == ("Jo",)


def test_an_item_may_be_known_by_number_address_or_words() -> None:
    feed = read(
        {"id": 7},
        {"external_url": "https://x.example/"},
        {"id": "https://x.example/2"},
        {"content_text": "a"},
    )
    assert [entry.id for entry in feed.entries[:3]] == ["7", "https://x.example/", "https://x.example/2"]
    assert feed.entries[2].url == "https://x.example/2"
    assert feed.entries[3].id.startswith("sha256:")


@pytest.mark.parametrize("version", ["1", "1.0", "1.1", 1, 1.1])
def test_a_version_that_is_a_number_is_one(version: object) -> None:
    document = {"version": version, "home_page_url": "https://paper.example", "items": [{"id": 7, "title": "One"}]}
    feed = parse_feed(json.dumps(document).encode(), URL)
    assert [(entry.id, entry.title) for entry in feed.entries] == [("7", "One")]
    del document["home_page_url"]
    with pytest.raises(DocumentError):
        parse_feed(json.dumps(document).encode(), URL)


def test_authors_and_dates_are_read_in_the_forms_that_are_none() -> None:
    feed = read(
        {"id": "1", "authors": {"name": "Ana"}, "date_published": 1_772_713_800},
        {"id": "2", "author": "Luz", "date_published": 1_772_713_800_000},
        {"id": "3", "authors": ["Eva", {"name": "Ida"}], "date_published": True},
    )
    assert [entry.authors for entry in feed.entries] == [("Ana",), ("Luz",), ("Eva", "Ida")]
    noon = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
    assert [entry.published for entry in feed.entries] == [noon, noon, None]


def test_broken_items_do_not_cost_their_neighbours() -> None:
    wrong = {
        "id": [],
        "url": 3,
        "title": {},
        "authors": "Jo",
        "date_published": 5,
        "content_html": None,
        "language": 1,
    }
    feed = read({"id": "1"}, None, "x", wrong, {"id": "2", "title": "a\ud800\0b"})
    assert [entry.id for entry in feed.entries if not entry.id.startswith("sha256:")] == ["1", "2"]
    assert feed.entries[-1].title == "ab"
    assert feed.troubles == (
        "2 items that are no objects were left out",
        "dates that cannot be read: 1, such as '5'",
    )


ITEMS = [
    {
        "id": str(n),
        "url": f"https://paper.example/{n}",
        "title": f'Note "{n}"',
        "attachments": [{"url": "a", "mime_type": "b"}, {"url": "c"}],
    }
    for n in range(5)
]
WHOLE = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "items": ITEMS})


@pytest.mark.parametrize(
    ("broken", "left"),
    [
        (WHOLE[: WHOLE.index('"3"')], "012"),
        (WHOLE[: WHOLE.index('"url": "https://paper.example/4"')], "0123"),
        (WHOLE.replace('"id": "2"', "'id': '2'"), "0134"),
        (WHOLE.replace("}]}, {", "},]}, {", 1), "1234"),
        (WHOLE.replace('"Note \\"1\\""', '"Note "1""'), "0234"),
        (WHOLE + "}", "01234"),
        (WHOLE.replace('"title": "Paper"', '"title": Paper'), "01234"),
        (WHOLE.replace("Note", "No\tte\n"), "01234"),
    ],
)
def test_a_broken_or_cut_document_keeps_the_items_that_are_whole(broken: str, left: str) -> None:
    feed = parse_feed(broken.encode(), URL)
    assert "".join(entry.id for entry in feed.entries if entry.url.startswith("https://paper.example/")) == left
    assert len(feed.entries) == len(left)
    assert feed.truncated is ("Note" in broken)


def test_a_document_cut_off_in_a_flood_of_blanks_is_read_in_one_pass() -> None:
    """By the square of their number, this would take hours."""
    document = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}]}).removesuffix("]}")
    feed = parse_feed(document.encode() + b" " * 3_000_000, URL)
    assert ([entry.id for entry in feed.entries], feed.truncated) == (["1"], True)


def test_items_are_bounded() -> None:
    feed = read(*({"id": str(number)} for number in range(2_001)))
    assert len(feed.entries) == 2_000
    assert feed.truncated


@pytest.mark.parametrize(
    "document",
    [
        b'{"items": []}',
        b'{"version": "https://jsonfeed.org/version/1.1"}',
        b'{"error": {"message": "no"}}',
        b"{}",
    ],
)
def test_other_json_is_not_a_feed(document: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_feed(document, URL, "application/feed+json")
    assert caught.value.code == "not_a_feed"
