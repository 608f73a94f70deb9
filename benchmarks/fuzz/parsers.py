"""Everything that reads what others wrote: how an input for it is made, and how it is read.

What is read may be refused by a fault of our own tree; anything else that is raised is a finding.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.fuzz import documents, texts, written_files
from benchmarks.fuzz.materials import field, odd, words
from worker.errors import StorywatchError

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kind:
    """`make` an input by lot, and `read` it; it gets its share of the items by `weight`.

    `refuses` is what it may raise: an input need not be usable.
    """

    make: Callable[[Random], Any]
    read: Callable[[Any], object]
    weight: int = 1
    refuses: tuple[type[Exception], ...] = (StorywatchError,)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an item went: it was refused, as it may be; or something is `wrong`, "" where nothing is."""

    is_refused: bool = False
    wrong: str = ""


def read_feed(given: tuple[bytes, str, str]) -> None:
    from worker import feeds, pages

    body, url, content_type = given
    found = feeds.parse_feed(body, url, content_type)
    for entry in found.entries[:5]:
        pages.headline_of_entry(pages.plain_text(entry.title), (found.title,), entry.url)
        pages.canonicalize_url(entry.url)
        pages.extract_fragment(
            entry.content or entry.summary, title=entry.title, url=entry.url, language=found.language
        )
    feeds.outlet_name(found.title, found.link)
    feeds.find_feeds(body, url)


def read_long(given: tuple[str, tuple[bytes, str, str]]) -> None:
    kind, document = given
    (read_page if kind == "page" else read_feed)(document)


def read_opml(body: bytes) -> None:
    from worker import feeds

    found = feeds.read_opml(body).feeds
    if found:
        again = feeds.read_opml(feeds.write_opml(found, title="x")).feeds
        assert [one.url for one in again] == [one.url for one in found]


def read_page(given: tuple[bytes, str, str]) -> None:
    """As a page is read: text, then all that an article is by itself."""
    from worker import pages
    from worker.analysis.judgement import judge

    body, url, content_type = given
    found = pages.extract_article(body, url, content_type=content_type, now=NOW)
    pages.account_for(body, found, content_type=content_type)
    judge(found, published=found.published or NOW, outlet="news.example", topic_set=_topics())


@cache
def _topics() -> Any:
    from worker import topics

    return topics.TopicSet(topics.builtin_topics())


def read_moment(text: str) -> None:
    from worker.cli.moments import parse_since
    from worker.feeds.dates import parse_date, unknown_zone
    from worker.text.written_dates import find_dates

    parse_date(text)
    unknown_zone(text)
    list(find_dates(text))
    with suppress(StorywatchError):
        parse_since(text, now=NOW)


def read_query(text: str) -> None:
    from worker import topics

    topics.parse_query(text)


def read_topic(given: tuple[bytes, str]) -> None:
    from worker import topics
    from worker.setup.topic_sources import read_topic as load

    body, said = given
    place = _folder() / "topic.toml"
    place.write_bytes(body)
    article = topics.TopicArticle(said[:100], said, "en", "news.example")
    topics.match_all(article, topics.TopicSet((load(place),)))


def read_settings(body: bytes) -> None:
    from worker.setup.settings import CONFIG_VARIABLE, load_settings

    place = _folder() / "storywatch.toml"
    place.write_bytes(body)
    os.environ[CONFIG_VARIABLE] = str(place)
    try:
        load_settings()
    finally:
        del os.environ[CONFIG_VARIABLE]


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-"))


def read_schedule(given: str) -> None:
    from worker import digests

    digests.next_due_at(digests.parse_schedule(given), "America/Mexico_City", NOW)


def read_address(text: str) -> None:
    from worker import digests

    digests.header_text(text)
    for check in (digests.checked_address, digests.sender_parts):
        with suppress(StorywatchError):
            check(text)
    letter = digests.Letter("en", text, (text,), text, f"https://a.example/{text[:50]}")
    message = digests.write_letter(
        letter, sender="a@b.example", recipient="c@d.example", message_id="<1@b.example>", at=NOW
    )
    assert max(map(len, digests.as_wire(message).split(b"\r\n"))) <= 998


def digest_parts(lot: Random) -> tuple[str, ...]:
    return tuple(field(lot, 100_000) for _ in range(10))


def read_digest(parts: tuple[str, ...]) -> None:
    from worker import digests

    title, url, outlet, language, excerpt, reprint, wire, matched, told, name = parts
    article = digests.DigestArticle(
        title, url, outlet, language, NOW, excerpt, reprints=(reprint,) * 3, wire=wire, updated=True
    )
    story = digests.DigestStory(1, 2, "fish", 0.5, (article, article), (matched,) * 4, told_as=told)
    reader = digests.DigestSubscriber("reader@news.example", name, "en", "UTC")
    built = digests.build(
        reader, [story] * 3, digests.Period(NOW - timedelta(1), NOW), limit=9, topic_titles={"fish": title}
    )
    assert built is not None
    links = digests.DigestLinks(
        "News <a@b.example>", "x.example", "<1@b.example>", archive="https://b.example/archive/t"
    )
    rendered = digests.as_wire(digests.render(built, links=links))
    assert rendered.isascii()
    assert max(map(len, rendered.split(b"\r\n"))) <= 998
    assert len(digests.render_html(built, links=links).encode()) <= digests.MAX_HTML_BYTES


def read_reply(given: tuple[int | None, str]) -> None:
    from worker.net.bounces import blames_sender, bounce_of
    from worker.net.mail import SendOutcome, SendResult, SendStage, one_line

    code, said = given
    for stage in SendStage:
        outcome = SendOutcome(SendResult.REFUSED, one_line(said), code, stage)
        bounce_of(outcome)
        blames_sender(outcome)


def read_web_address(text: str) -> None:
    from worker import digests, net, pages
    from worker.net.web_address import follow, read_address

    assert net.shown(text).isprintable()
    digests.safe_href(text)
    for read in (pages.canonicalize_url, pages.unwrap, pages.site_key, pages.without_tracking):
        read(text)
    with suppress(StorywatchError):
        read_address(text)
    follow(read_address("https://news.example/a"), text)


def answer(lot: Random) -> tuple[dict[str, str], bytes]:
    names = (
        "content-type",
        "content-encoding",
        "retry-after",
        "cache-control",
        "expires",
        "etag",
        "last-modified",
        "age",
        "date",
    )
    fields = {
        name: texts.one_of(lot, ("gzip", "br", "zstd", "deflate", "max-age=60", "120", "text/html"), 3_000)
        for name in names
    }
    return fields | {"date": texts.moment(lot)}, documents.document(lot, documents.RSS)


def read_answer(given: tuple[dict[str, str], bytes]) -> None:
    from worker.net import answer_headers, content_coding

    fields, body = given
    headers = answer_headers.AnswerHeaders(fields.items())
    answer_headers.content_type(headers)
    answer_headers.validators(headers)
    answer_headers.retry_after(headers, NOW)
    answer_headers.max_age(headers, NOW)
    with suppress(content_coding.CodingError, content_coding.BodyTooLargeError):
        content_coding.undo(body, fields["content-encoding"], at_most=5_000_000)


def read_robots(body: bytes) -> None:
    from worker.net.resource import FetchedResource, Validators
    from worker.net.robots import MemoryCache, Robots

    class Found:
        def fetch(self, url: str, *_: object, **__: object) -> FetchedResource:
            return FetchedResource(url, 200, "text/plain", body, Validators())

    robots = Robots(Found(), MemoryCache(), "Storywatch/1", clock=lambda: NOW)
    for path in ("/", "/a" * 500, "/b.pdf?x=1", "/" + "a" * 3_000):
        robots.allowed(f"https://news.example{path}")


def read_archive(body: bytes) -> None:
    from worker.replay.archive import arrivals
    from worker.replay.archive import read_archive as read

    place = _folder() / "archive.jsonl"
    place.write_bytes(body)
    arrivals([article.published for article in read(place)])


def article(lot: Random) -> tuple[str, str]:
    return field(lot, 200_000), " ".join((words(lot), odd(lot, 200_000), words(lot)))


def read_article(given: tuple[str, str]) -> None:
    """As an article's text is judged, whatever page it came from."""
    from worker import pages
    from worker.analysis.judgement import judge

    title, text = given
    clean, _ = pages.clean_plain_text(text, title=title)
    found = pages.ExtractedArticle(pages.PageKind.ARTICLE, title[:500], clean.text, authors=(title[:60],))
    judge(found, published=NOW, outlet="news.example", topic_set=_topics())


def read_request(given: Any) -> None:
    from benchmarks.fuzz.web_visits import visit

    visit(given)


def request(lot: Random) -> Any:
    from benchmarks.fuzz.web_visits import request as make

    return make(lot)


KINDS: Mapping[str, Kind] = {
    "feed": Kind(documents.feed, read_feed, 4),
    "page": Kind(documents.page, read_page, 5, refuses=()),
    "long field": Kind(documents.long_field, read_long, 6),
    "sitemap": Kind(lambda lot: (documents.document(lot, documents.SITEMAP), documents.URL, ""), read_feed, 1),
    "opml": Kind(lambda lot: documents.document(lot, documents.OPML), read_opml, 1),
    "article": Kind(article, read_article, 1, refuses=()),
    "moment": Kind(texts.moment, read_moment, 1, refuses=()),
    "query": Kind(texts.query, read_query, 1),
    "topic": Kind(written_files.topic_file, read_topic, 1),
    "settings": Kind(written_files.settings_file, read_settings, 1),
    "schedule": Kind(texts.schedule, read_schedule, 1),
    "address": Kind(texts.address, read_address, 1, refuses=()),
    "digest": Kind(digest_parts, read_digest, 1, refuses=()),
    "reply": Kind(texts.reply, read_reply, 1, refuses=()),
    "web address": Kind(texts.web_address, read_web_address, 1),
    "answer": Kind(answer, read_answer, 1, refuses=()),
    "robots": Kind(texts.robots, read_robots, 1, refuses=()),
    "archive": Kind(written_files.archive, read_archive, 1),
    "request": Kind(request, read_request, 3, refuses=()),
}
"""By name: every parser."""

_TURNS = tuple(name for name, kind in KINDS.items() for _ in range(kind.weight))


def lot_of(seed: int, number: int) -> Random:
    """What an item is drawn by: it is the same whichever others are run."""
    return Random(f"{seed}/{number}")


def kind_of(number: int) -> str:
    """Which parser reads the item of that number."""
    return _TURNS[number % len(_TURNS)]


def try_item(seed: int, number: int) -> Outcome:
    """Make the item and read it."""
    kind = KINDS[kind_of(number)]
    given = kind.make(lot_of(seed, number))
    try:
        kind.read(given)
    except kind.refuses:
        return Outcome(is_refused=True)
    except Exception as error:  # noqa: BLE001 (what else is raised is what is looked for)
        return Outcome(wrong=described(error))
    return Outcome()


def described(error: BaseException) -> str:
    """The fault in a line: its kind, what it says, and the innermost place of ours."""
    import traceback

    places = [one for one in traceback.extract_tb(error.__traceback__) if "/worker/" in one.filename]
    where = f" at {places[-1].filename.partition('/worker/')[2]}:{places[-1].lineno}" if places else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:120]!r}{where}"
