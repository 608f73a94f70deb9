"""Stories as Atom (RFC 4287) and JSON Feed (https://www.jsonfeed.org/version/1.1). Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"

_NAMESPACE = "http://www.w3.org/2005/Atom"
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed without entries was last changed


@dataclass(frozen=True, slots=True)
class FeedStory:
    """A story as feed readers show it. `id` never changes; `html` is escaped already; `url` may be ""."""

    id: str
    title: str
    url: str
    html: str
    published: datetime
    updated: datetime
    outlets: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class StoryFeed:
    """The feed of a topic; `own_url` is where it was asked for, `home` a page of ours for people."""

    id: str
    title: str
    own_url: str
    home: str
    stories: Sequence[FeedStory]

    @property
    def updated(self) -> datetime:
        """When a story last changed."""
        return max((story.updated for story in self.stories), default=_BEGINNING)


def as_atom(feed: StoryFeed) -> bytes:
    """The feed as an Atom document."""
    root = Element("feed", xmlns=_NAMESPACE)
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", _iso(feed.updated))
    SubElement(root, "link", rel="self", type=ATOM, href=feed.own_url)
    SubElement(root, "link", rel="alternate", type="text/html", href=feed.home)
    _text(SubElement(root, "author"), "name", "Storywatch")
    for story in feed.stories:
        _entry(root, story)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def as_json_feed(feed: StoryFeed) -> bytes:
    """The feed as a JSON Feed."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.own_url,
        "items": [_item(story) for story in feed.stories],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _entry(root: Element, story: FeedStory) -> None:
    entry = SubElement(root, "entry")
    if story.language:
        entry.set("xml:lang", story.language)
    _text(entry, "id", story.id)
    _text(entry, "title", story.title)
    _text(entry, "published", _iso(story.published))
    _text(entry, "updated", _iso(story.updated))
    if story.url:
        SubElement(entry, "link", rel="alternate", href=story.url)
    for outlet in story.outlets:
        _text(SubElement(entry, "author"), "name", outlet)
    _text(entry, "content", story.html, type="html")


def _item(story: FeedStory) -> dict[str, object]:
    item: dict[str, object] = {
        "id": story.id,
        "title": story.title,
        "content_html": story.html,
        "date_published": _iso(story.published),
        "date_modified": _iso(story.updated),
        "authors": [{"name": outlet} for outlet in story.outlets],
    }
    if story.url:
        item["url"] = story.url
    if story.language:
        item["language"] = story.language
    return item


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
