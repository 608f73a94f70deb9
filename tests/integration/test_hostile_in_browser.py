"""What strangers write, from a feed and its pages into digest, archive, pages and feeds, opened in Chromium.

No script may run, and nothing may be asked for. The mail is opened without the policy that the web pages are
served under: what keeps it harmless is escaping alone.
"""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import uvicorn
from starlette.types import ASGIApp

from tests.browser import Page, SeenPage, open_pages
from tests.conftest import NOW
from tests.integration.stored import DAY
from worker import digests, feeds, pages
from worker.analysis.analyze_article import analyze_article
from worker.analysis.read_feed import read_feed
from worker.delivery.composing import compose
from worker.digests import DigestArticle, DigestLinks, DigestStory, DigestSubscriber, Period
from worker.setup.declarations import reconcile
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.articles import article_rows, documents
from worker.storage.db import migrations
from worker.storage.digests import outbox, subscribers
from worker.storage.feeds import feed_rows
from worker.web.app import make_status_web, make_web
from worker.web.syndication import FeedStory, StoryFeed, as_atom

SHARED = Path(__file__).parents[3] / "shared" / "bench" / "hostile"
WORD = "zebrafish"
TOPIC = f"""
name = "fish"
languages = ["en"]
[title]
en = "<img src=//x.invalid/t onerror=alert(1)>"
[query]
any = "{WORD}"
"""
PAYLOADS = (
    "<script>window.open('//x.invalid')</script>",
    "<script/src=//x.invalid/a.js></script>",
    "<img src=x onerror=alert(1)>",
    "<img src=//x.invalid/pixel.gif>",
    "<svg/onload=alert(1)>",
    "<svg><use href=//x.invalid/a.svg#b></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<body onload=alert(1)>",
    "<link rel=stylesheet href=//x.invalid/a.css>",
    "<style>@import '//x.invalid/b.css'; body{background:url(//x.invalid/c)}</style>",
    "</title><script>alert(1)</script>",
    "</style><img src=//x.invalid/d>",
    "--><img src=//x.invalid/e onload=alert(1)><!--",
    "\"><a href='javascript:alert(1)' autofocus onfocus=alert(1)>x</a>",
    "' onmouseover='alert(1)",
    "\" style=\"background:url('//x.invalid/f')",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "https://x.invalid/\"onclick=\"alert(1)",
    "https://user@x.invalid/<script>",
    "<meta http-equiv=refresh content='0;url=//x.invalid/g'>",
    "<base href=//x.invalid/><form action=//x.invalid/h><button>",
    "<math><mtext><option><mglyph><svg><mtext><textarea><a title='</textarea><img src=x onerror=alert(1)>'>",
    "{{ 7*7 }}{% include 'x' %}${7*7}<%= 7*7 %>",
    "]]><script>alert(1)</script><![CDATA[",
    "&lt;script&gt;alert(1)&lt;/script&gt;&#x3c;script&#62;alert(2)",
    "\u202e\u2066<script>\u2028alert(1)\u2029</script>\u200b",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
)  # fmt: skip


def atom(payloads: Sequence[str], texts: Sequence[str]) -> bytes:
    """A feed whose every field holds a payload; links that are payloads come beside one that works."""

    def xml(text: str) -> str:
        return escape("".join(c for c in text if c >= " " or c in "\t\n"))

    entries = "".join(
        f"<entry><id>urn:entry:{n}</id><title type='html'>{xml(payload)}</title><title>{xml(payload)}</title>"
        f"<link href='https://news.invalid/{n}'/><link rel='enclosure' href='{xml(payload)}'/>"
        f"<author><name>{xml(payload)}</name><uri>{xml(payload)}</uri></author><updated>2026-03-02T08:00:00Z</updated>"
        f"<summary type='html'>{xml(payload)}</summary><content type='html'>{xml(text)}</content></entry>"
        for n, (payload, text) in enumerate(zip(payloads, texts, strict=True))
    )
    head = f"<title>{xml(payloads[0])}</title><link href='{xml(payloads[-1])}'/><id>urn:feed</id>"
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{head}{entries}</feed>".encode("utf-8", "replace")


def prose(number: int, payload: str) -> str:
    """HTML of an article with words of its own, so that no two are copies; the payload stands in it as it is."""
    chance = random.Random(number)
    words = ["".join(chance.choices("abcdefghijklmnop", k=7)) for _ in range(60)]
    first, second = " ".join(words[:30]), " ".join(words[30:])
    return f"<p>{payload} The {WORD} {first}. {payload}</p><p>Of the {WORD} {second}. {payload}</p>"


def page_of(number: int, payload: str) -> bytes:
    attribute = escape(payload, quote=True)
    return (
        f'<!doctype html><html><head><title>{payload}</title><meta name=author content="{attribute}">'
        f"<meta property='og:title' content=\"{attribute}\"></head><body><article><h1>{escape(payload)}</h1>"
        f"{prose(number, payload)}</article></body></html>"
    ).encode("utf-8", "replace")


@contextmanager
def served(deps: Deps, make: Callable[[Deps], ASGIApp] = make_web) -> Iterator[tuple[str, list[str]]]:
    """The web pages on loopback, and every path that is asked for."""
    asked: list[str] = []
    app = make(deps)

    async def noting(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        asked.append(scope["path"])
        await app(scope, receive, send)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(noting, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
        finally:  # also where the block is skipped: no thread keeps the tests from ending
            server.should_exit = True
            thread.join()


def is_harmless(seen: SeenPage) -> bool:
    assert (seen.scripts, seen.requests, seen.dialogs, seen.handlers) == ((), (), (), ()), seen.name
    for link in seen.links:
        assert urlsplit(link).scheme in {"http", "https", ""}, (seen.name, link)
        assert "@" not in urlsplit(link).netloc
    return True


@pytest.fixture
def deps(tmp_path: Path) -> Iterator[Deps]:
    (tmp_path / "topic.toml").write_text(TOPIC)
    settings = load_settings(
        folder=tmp_path, topic_files=["topic.toml"], builtin_topics=False, web={"topic_feeds": "open"},
        subscribers=[{
            "address": "reader@news.example", "name": PAYLOADS[0], "topics": ["fish"], "stories": 10, "band": "wide",
        }],
    )  # fmt: skip
    deps = Deps(settings, now=lambda: NOW, jitter=lambda: 0.0)
    migrations.upgrade(deps.database)
    reconcile(deps)
    yield deps
    deps.database.close()


def read_everything(deps: Deps) -> None:
    """Take the payloads through the pipeline; half of the articles have their page, half only the feed's text."""
    with deps.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed("https://news.invalid/feed")], now=NOW)
        (feed_id,) = feed_rows.due_feeds(session, now=NOW, limit=1)
        body = atom(PAYLOADS, [prose(n, payload) for n, payload in enumerate(PAYLOADS)])
        document = documents.save_document(
            session, url="https://news.invalid/feed", content_type="application/atom+xml", body=body, now=NOW,
            feed_id=feed_id,
        )  # fmt: skip
    for number, (_, article_id) in enumerate(read_feed(deps, document)):
        with deps.transaction() as session:
            if number % 2:
                documents.save_document(
                    session, url=f"https://news.invalid/{number}", content_type="text/html; charset=utf-8",
                    body=page_of(number, PAYLOADS[number]), now=NOW, article_id=article_id,
                )  # fmt: skip
            article_rows.save_fetched(session, article_id, now=NOW, feed_only=not number % 2)
        analyze_article(deps, article_id)


def test_from_feed_to_reader_nothing_runs_and_nothing_is_asked_for(deps: Deps) -> None:
    read_everything(deps)
    period = Period(NOW - DAY, NOW)
    with deps.transaction() as session:
        reader = subscribers.find_subscription(session, "reader@news.example")
        assert reader is not None
        composed = compose(deps, session, reader, period)
        assert composed is not None
        outbox.save_digest(
            session, reader.id, "scheduled", period, html=composed.html, more=composed.more, stories=composed.stories,
            delivery=composed.delivery, now=NOW,
        )  # fmt: skip
    assert composed.digest.left_out + len(composed.stories) >= len(PAYLOADS) - 2, "what is told is what was written"
    with served(deps) as (base, asked), served(deps, make_status_web) as (owners, _):
        own = [
            "/topics/fish/feed.atom", "/topics/fish/feed.json",
            f"/manage/{deps.sign('manage', {'subscription': reader.id})}",
            f"/unsubscribe/{deps.sign('unsubscribe', {'subscription': reader.id})}",
            *(
                f"/archive/{deps.sign('archive', {'digest': [reader.id, 'scheduled', NOW.isoformat()]})}{page}"
                for page in ("", "/2")
            ),
            *(
                f"/feedback/{deps.sign('feedback', {'s': reader.id, 't': 'fish', 'a': n})}/no"
                for n in range(1, len(PAYLOADS) + 1, 6)
            ),
        ]  # fmt: skip
        mails = [Page(f"mail {n}", html=html) for n, html in enumerate((composed.html, *composed.more))]
        seen = open_pages([*mails, Page("status", url=owners), *(Page(path, url=base + path) for path in own)])
    assert all(map(is_harmless, seen))
    assert {page.status for page in seen} == {200}
    assert set(asked) <= {urlsplit(path).path for path in own} | {"/favicon.ico"}
    shown = " ".join(page.text for page in seen)
    assert "<script>window.open" in shown, "it is shown, as text"


@pytest.mark.bench
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/bench/hostile is not here")
@pytest.mark.parametrize("name", ["xss", "blns", "header_injection"])
def test_the_shared_lists(name: str) -> None:
    payloads = json.loads((SHARED / f"{name}.json").read_text("utf-8"))
    batches = [payloads[start : start + 50] for start in range(0, len(payloads), 50)]
    opened = []
    for number, batch in enumerate(batches):
        digest = digest_of(batch)
        opened.append(Page(f"digest {number}", html=digests.render_html(digest, links=LINKS, max_bytes=None)))
        opened.append(Page(f"feed {number}", html=readers_view(digest)))
    assert all(map(is_harmless, open_pages(opened, seconds=500)))


LINKS = DigestLinks("Storywatch <a@b.example>", "x.example", "<1@b.example>", archive="https://b.example/archive/t")


def digest_of(payloads: Sequence[str]) -> digests.Digest:
    """A digest of what our own reading makes of a feed and of a page that hold the payloads."""
    parsed = feeds.parse_feed(atom(payloads, payloads), "https://news.invalid/feed", "application/atom+xml")
    assert len(parsed.entries) == len(payloads)
    body = "".join(f"<p>{text} and so the {WORD} swam on for a while, as it had always done.</p>" for text in payloads)
    html = f"<html><title>{payloads[0]}</title><article><h1>x</h1>{body}</article></html>".encode("utf-8", "replace")
    read = pages.extract_article(html, "https://news.invalid/page", now=NOW)
    lines = [*read.text.splitlines(), *payloads]
    stories = [
        DigestStory(n, 1, "fish", 0.5, (
            DigestArticle(
                entry.title or payload, payload, " ".join(entry.authors) or parsed.title, "en", NOW,
                f"{lines[n]} {entry.summary} {entry.content}", reprints=(payload,), wire=payload,
            ),
            DigestArticle(read.title or payload, entry.url, payload, payload, NOW, payload),
        ), (payload,))
        for n, (entry, payload) in enumerate(zip(parsed.entries, payloads, strict=True))
    ]  # fmt: skip
    reader = DigestSubscriber("reader@news.example", payloads[0], "en", "UTC")
    built = digests.build(reader, stories, Period(NOW - DAY, NOW), limit=99, topic_titles={"fish": payloads[-1]})
    assert built is not None
    return built


def readers_view(digest: digests.Digest) -> str:
    """The Atom feed of those stories, as a feed reader that trusts it puts it into a page of its own."""
    from xml.etree import ElementTree

    from worker.web.topic_feeds import feed_story

    stories: list[FeedStory] = [feed_story(story, UUID(int=0)) for part in digest.sections for story in part.stories]
    document = as_atom(StoryFeed("tag:x,2026:t", "x", "https://b.example/f", "https://b.example/", stories))
    contents = ElementTree.fromstring(document).iter("{http://www.w3.org/2005/Atom}content")
    return "<!doctype html><title>x</title>" + "<hr>".join(content.text or "" for content in contents)
