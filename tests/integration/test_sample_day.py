"""The sample site through the whole pipeline, in this process: what the digest must and must not say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from models import Article
from tests.integration import inline
from worker.sample_site import SampleServer, serve
from worker.setup.deps import Deps
from worker.storage.digests import subscribers
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import NewFeed
from worker.storage.reports import overview

ADDRESS = "reader@news.example"


@pytest.fixture
def site() -> Iterator[SampleServer]:
    with serve(datetime.now(UTC)) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def deps(request: pytest.FixtureRequest, tmp_path: Path, redis_url: str, site: SampleServer) -> Iterator[Deps]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'day.db'}" if sqlite else request.getfixturevalue("postgres_url")
    deps = inline.make_deps(inline.settings_for(tmp_path, url, redis_url))
    inline.watch(deps, *(NewFeed(url, outlet=name, language=spoken) for name, url, spoken in site.feeds))
    with deps.transaction() as session:
        subscribers.save_request(session, asked(deps), now=deps.now())
    yield deps
    deps.redis.close()
    deps.database.close()


def asked(deps: Deps) -> subscribers.SubscriptionRequest:
    return subscribers.SubscriptionRequest(
        address=ADDRESS, name="Reader", language="en", zone="America/Mexico_City", topics=("us-mexico-migration",),
        band="balanced", schedule="daily at 07:00", story_limit=25, send_empty=False,
        since=deps.now() - timedelta(days=1), first_due=deps.now() + timedelta(days=1),
    )  # fmt: skip


def articles_by_id(deps: Deps, site: SampleServer) -> dict[str, Article]:
    """Articles as stored, by the sample site's own ids; a copy under tracking parameters is the same article."""
    with deps.reading() as session:
        rows = {row.url.partition("?")[0]: row for row in session.scalars(select(Article))}
        session.expunge_all()
    return {key: rows[url] for key, url in site.site.urls.items() if url in rows}


def test_a_day_of_news(deps: Deps, site: SampleServer) -> None:
    inline.run_all(deps, "fetch", "analyze")
    truth = site.site.expected
    found = articles_by_id(deps, site)
    assert set(found) == set(site.site.urls), "every article of every feed is found, once"
    assert {row.state for row in found.values()} == {"analyzed"}
    assert {key for key, row in found.items() if row.feed_only} == truth.without_page

    assert len({found[key].story_id for key in truth.event}) == 1, "three outlets tell one story"
    assert all(found[key].duplicate_of is None for key in truth.event)
    wire = [found[key] for key in truth.wire]
    (original,) = (row for row in wire if row.duplicate_of is None)
    assert all(row.duplicate_of == original.id for row in wire if row is not original)
    for first, copy in (*truth.exact_copies, *truth.corrections):
        group = {found[first].id, found[copy].id}
        assert found[copy].duplicate_of in group or found[first].duplicate_of in group

    mail = send_digest(deps)
    html, text = mail["html"], mail["text"]
    assert text.count(found[truth.event[0]].title) == 1
    assert "+3 reprints" in text
    assert "+3 reprints" in html
    for key in truth.near_misses | truth.unrelated:
        assert found[key].title not in text, f"near miss {key} is in the digest"
    for phrase in truth.boilerplate:
        assert phrase not in text, f"boilerplate in the digest: {phrase}"


def test_nothing_is_told_twice_and_nothing_is_fetched_twice(deps: Deps, site: SampleServer) -> None:
    inline.run_all(deps, "fetch", "analyze")
    assert send_digest(deps)
    pages = visits(site)
    inline.later(deps, timedelta(hours=3))
    inline.run_all(deps, "fetch", "analyze")
    assert visits(site) == pages
    assert any(status == 304 for _key, _path, status in site.answers)
    assert not send_digest(deps)
    with deps.reading() as session:
        assert {feed.history.failures for feed in feed_rows.list_feeds(session)} == {0}
        assert overview.read_overview(session).deliveries == {"sent": 1}


def visits(site: SampleServer) -> dict[tuple[str, str, int], int]:
    """How often each article page was answered."""
    others = {outlet.feed_path for outlet in site.site.outlets} | {"/robots.txt"}
    return {visit: count for visit, count in site.answers.items() if visit[1] not in others}


def send_digest(deps: Deps) -> dict[str, str]:
    """Let the digest be due, run the mail queue, and return the mail's parts; empty when none was sent."""
    folder = deps.settings.outbox_folder
    before = set(folder.glob("*.eml")) if folder.is_dir() else set()
    with deps.transaction() as session:
        subscribers.make_due(session, ADDRESS, now=deps.now())
    inline.run_all(deps, "mail")
    written = set(folder.glob("*.eml")) - before if folder.is_dir() else set()
    if not written:
        return {}
    (path,) = written
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    parts = {part.get_content_subtype(): part.get_content() for part in message.iter_parts()}  # type: ignore[attr-defined]
    return {"html": " ".join(parts["html"].split()), "text": " ".join(parts["plain"].split())}
