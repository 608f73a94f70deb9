"""The feeds: four formats that parse, and one that is broken in one entry only."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest

from worker.sample_site import SampleOutlet, build_site

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = build_site(NOW)
OUTLETS = {outlet.key: outlet for outlet in SITE.outlets}
SOUND_XML = [outlet for outlet in SITE.outlets if outlet.key in ("courier", "meridian", "prairie", "cronica")]


def document(key: str) -> bytes:
    return SITE.resources[key, OUTLETS[key].feed_path].body


def articles_of(key: str) -> list[str]:
    return [article.id for article in SITE.articles if article.outlet == key]


def test_all_formats_are_there() -> None:
    assert {outlet.feed_format for outlet in SITE.outlets} == {"rss", "atom", "rdf", "json"}


@pytest.mark.parametrize("outlet", SOUND_XML, ids=lambda outlet: outlet.key)
def test_sound_feeds_parse_strictly(outlet: SampleOutlet) -> None:
    parsed = feedparser.parse(io.BytesIO(document(outlet.key)), sanitize_html=False)
    assert not parsed.bozo
    assert parsed.feed.title == outlet.name
    listed = {entry.link for entry in parsed.entries}
    assert listed >= {SITE.urls[key] for key in articles_of(outlet.key)}
    for entry in parsed.entries:
        assert entry.title
        assert entry.summary
        assert entry.get("published_parsed") or entry.get("updated_parsed")


def test_the_json_feed_is_of_version_1_1() -> None:
    feed = json.loads(document("harbor"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {item["url"] for item in feed["items"]} == {SITE.urls[key] for key in articles_of("harbor")}
    for item in feed["items"]:
        assert item["id"]
        assert item["content_html"]
        published = datetime.fromisoformat(item["date_published"])
        assert NOW - timedelta(days=1) < published < NOW


def test_the_broken_feed_is_broken_by_one_entry() -> None:
    broken = document("gaceta").decode()
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(broken)
    items = broken.split("<item>")
    (bad,) = (item for item in items if "media:thumbnail" in item)
    assert "Tacos & música" in bad
    assert "&#x1F;" in bad
    ElementTree.fromstring("<item>".join(item for item in items if item != bad))


def test_one_feed_carries_whole_articles_with_their_boilerplate() -> None:
    parsed = feedparser.parse(io.BytesIO(document("cronica")), sanitize_html=False)
    for entry in parsed.entries:
        content = entry.content[0].value
        assert len(content.split()) > 180
        assert "También lee:" in content
        assert "se publicó primero en" in content


def test_a_tracked_article_is_listed_twice() -> None:
    (tracked,) = SITE.expected.tracked
    parsed = feedparser.parse(io.BytesIO(document("courier")))
    links = [entry.link for entry in parsed.entries if entry.link.startswith(SITE.urls[tracked])]
    assert len(links) == len(set(links)) == 2
    assert any("utm_source=" in link for link in links)
    assert len({entry.id for entry in parsed.entries}) == len(parsed.entries)


def test_one_outlet_writes_in_windows_1252() -> None:
    assert OUTLETS["prairie"].charset == "windows-1252"
    page = SITE.resources["prairie", "/story/shelters-ciudad-juarez-full"]
    assert "Ciudad Juárez".encode("windows-1252") in page.body
    assert page.content_type.endswith("windows-1252")
