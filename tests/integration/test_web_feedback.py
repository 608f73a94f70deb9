"""Relevant or not, by the links of a digest; and every link of a digest as a mail scanner follows it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import func, select

from models import TopicLabel
from models.base import Base
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, match, subscribe, tell
from tests.integration.test_web_pages import is_active, is_hardened
from tests.integration.web_client import Answer, WebClient
from worker import feeds, topics
from worker.delivery.composing import ComposedDigest, compose
from worker.digests import Period, StoryKey
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import migrations
from worker.storage.digests import outbox, subscribers
from worker.storage.topics import labels
from worker.web.app import make_web

BASE = "https://watch.example"
SPAN = topics.MatchedSpan("text", 0, 8, "migrant*")


@pytest.fixture
def deps(tmp_path: Path) -> Iterator[Deps]:
    deps = Deps(load_settings(folder=tmp_path, web={"base_url": BASE}), now=lambda: NOW)
    migrations.upgrade(deps.database)
    yield deps
    deps.database.close()


@pytest.fixture
def client(deps: Deps) -> WebClient:
    return WebClient(make_web(deps))


@pytest.fixture
def stories(deps: Deps) -> list[int]:
    """Three stories of one article each; the articles' numbers."""
    with deps.transaction() as session:
        found = [analyze(session, f"https://news.example/{n}", text=f"Migrants crossed at {n}.") for n in range(3)]
        for number, article_id in enumerate(found):
            tell(session, article_id, f"key{number}")
            match(session, article_id, SPAN)
    return found


def planned(deps: Deps, subscription: int) -> ComposedDigest:
    """A digest of everything, recorded as it would be."""
    period = Period(NOW - DAY, NOW)
    with deps.transaction() as session:
        found = subscribers.read_subscription(session, subscription)
        assert found is not None
        composed = compose(deps, session, found, period)
        assert composed is not None
        outbox.save_digest(
            session, subscription, "scheduled", period, html=composed.html, more=composed.more,
            stories=composed.stories, delivery=composed.delivery, now=NOW,
        )  # fmt: skip
    return composed


def our_links(html: str) -> list[str]:
    hrefs = [unescape(href) for href in re.findall(r'href="([^"]+)"', html)]
    return [href.removeprefix(BASE) for href in hrefs if href.startswith(BASE)]


def state_of(deps: Deps) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is stored."""
    with deps.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }


@pytest.mark.usefixtures("stories")
def test_a_scanner_that_follows_every_link_changes_nothing(deps: Deps, client: WebClient) -> None:
    with deps.transaction() as session:
        subscription = subscribe(session, story_limit=2)
    composed = planned(deps, subscription)
    before = state_of(deps)
    links = our_links(composed.html)
    assert len(links) >= 2 * 2 + 4, "two stories with two words each; archive, more, settings, unsubscribe"
    for link in links:
        for method in ("GET", "HEAD"):
            answer = client.ask(method, link)
            assert answer.status == 200, link
            assert is_hardened(answer)
    assert state_of(deps) == before
    assert is_active(deps, subscription)


def test_the_mails_own_header_unsubscribes_as_gmail_does_it(deps: Deps, client: WebClient, stories: list[int]) -> None:
    with deps.transaction() as session:
        subscription = subscribe(session)
    message = planned(deps, subscription).delivery.message.decode()
    header = re.sub(r"\r\n[ \t]+", " ", message)
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in header
    found = re.search(rf"\r\nList-Unsubscribe: .*?<{re.escape(BASE)}(/[^>]+)>", header)
    assert found
    answer = client.post(found[1], b"List-Unsubscribe=One-Click")  # no cookie, no token of a form
    assert answer.status == 200
    assert not is_active(deps, subscription)


def test_what_was_left_out_stands_in_the_archive(deps: Deps, client: WebClient, stories: list[int]) -> None:
    with deps.transaction() as session:
        subscription = subscribe(session, story_limit=2)
    composed = planned(deps, subscription)
    assert len(composed.stories) == 2
    assert "1 more story" in composed.text
    archive = next(link for link in our_links(composed.html) if link.startswith("/archive/"))
    first = client.get(archive.removesuffix("/2")).text
    second = client.get(f"{archive.removesuffix('/2')}/2").text
    assert archive.endswith("/2")
    shown = [[n for n in range(3) if f"Read https://news.example/{n}" in page] for page in (first, second)]
    assert sorted(shown[0] + shown[1]) == [0, 1, 2]
    assert len(shown[1]) == 1
    for number in ("3", "0", "-1", "99999", "x"):
        assert client.get(f"{archive.removesuffix('/2')}/{number}").status == 404


def test_a_word_on_a_story_is_asked_for_and_kept(deps: Deps, client: WebClient, stories: list[int]) -> None:
    with deps.transaction() as session:
        subscription = subscribe(session)
    composed = planned(deps, subscription)
    yes, no = [link for link in our_links(composed.html) if link.startswith("/s/")][:2]
    assert (yes[-4:], no[-3:]) == ("/yes", "/no")
    assert "Nothing has been saved yet" in client.get(no).text
    for link, label in ((no, "no"), (no, "no"), (yes, "yes")):
        answer = client.post(link)
        assert answer.status == 200
        assert is_hardened(answer)
        with deps.reading() as session:
            (given,) = labels.labels_of(session, TOPIC)
        assert (given.label.value, given.who, given.via) == (label, "reader@news.example", "digest")
        assert given.article_id in stories


def test_feedback_tokens_of_nobody_label_nothing(deps: Deps, client: WebClient, stories: list[int]) -> None:
    with deps.transaction() as session:
        subscription = subscribe(session)
    said = {"s": subscription, "t": TOPIC, "a": stories[0]}
    tokens = {
        "forged": 404, deps.sign("feedback", said)[:-2] + "AA": 404, deps.sign("manage", said): 404,
        deps.sign("feedback", said, lasts=-DAY): 410, deps.sign("feedback", {**said, "s": 99}): 404,
        deps.sign("feedback", {**said, "a": 99}): 404,
    }  # fmt: skip
    for token, status in tokens.items():
        for method in ("GET", "POST"):
            answer = client.ask(method, f"/feedback/{token}/no")
            assert answer.status == status
            assert "reader@" not in answer.text
            assert "Read https" not in answer.text
    assert client.post(f"/feedback/{deps.sign('feedback', said)}/perhaps").status == 404
    with deps.reading() as session:
        assert session.scalar(select(func.count(TopicLabel.id))) == 0


def feed(deps: Deps, client: WebClient, form: str, *, token: str | None = None, **headers: str) -> Answer:
    signed = deps.sign("topic-feed", {"topic": TOPIC}) if token is None else token
    return client.get(f"/topics/{TOPIC}/feed.{form}?token={signed}", **headers)


def test_matched_stories_as_atom_and_json_feed(deps: Deps, client: WebClient, stories: list[int]) -> None:
    answer = feed(deps, client, "atom")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    root = ElementTree.fromstring(answer.text)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = root.findall(f"{atom}entry")
    assert len(entries) == 3
    ids = {entry.findtext(f"{atom}id") for entry in entries}
    assert len(ids) == 3
    assert all(name and name.startswith("urn:uuid:") for name in ids)
    for entry in entries:
        assert entry.findtext(f"{atom}updated") == "2026-03-02T12:00:00Z"
        assert entry.findtext(f"{atom}title")
        assert "Migrants crossed" in (entry.findtext(f"{atom}content") or "")
    for form in ("atom", "json"):
        given = feed(deps, client, form)
        parsed = feeds.parse_feed(given.text.encode(), "https://watch.example/f", given.headers["content-type"])
        assert {entry.id for entry in parsed.entries} == ids, "our own reader reads it too"
        assert {entry.url for entry in parsed.entries} == {f"https://news.example/{n}" for n in range(3)}
    document = json.loads(feed(deps, client, "json").text)
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert {item["id"] for item in document["items"]} == ids
    assert all(item["content_html"] and item["date_published"] for item in document["items"])
    again = feed(deps, client, "atom")
    assert again.text == answer.text, "ids and times are stable"
    etag = answer.headers["etag"]
    for asked in (etag, f"W/{etag}", f'"other", {etag}'):
        unchanged = feed(deps, client, "atom", if_none_match=asked)
        assert (unchanged.status, unchanged.text) == (304, "")
    with deps.transaction() as session:
        fresh = analyze(session, "https://news.example/fresh")
        tell(session, fresh, "fresh")
        match(session, fresh)
    assert feed(deps, client, "atom", if_none_match=etag).status == 200


def test_a_feed_opens_by_its_own_token_only(deps: Deps, client: WebClient, tmp_path: Path) -> None:
    for token in ("", "x", deps.sign("topic-feed", {"topic": "other"}), deps.sign("archive", {"topic": TOPIC})):
        assert feed(deps, client, "atom", token=token).status == 404
    assert client.get("/topics/none/feed.atom").status == 404
    assert feed(deps, client, "rss").status == 404
    for access, status in (("open", 200), ("off", 404)):
        other = Deps(load_settings(folder=tmp_path, web={"topic_feeds": access}), now=lambda: NOW)
        assert WebClient(make_web(other)).get(f"/topics/{TOPIC}/feed.json").status == status
        other.database.close()


def words_of(deps: Deps, subscription: int) -> str:
    """The next digest's text, "" where nothing is told."""
    with deps.reading() as session:
        found = subscribers.read_subscription(session, subscription)
        assert found is not None
        composed = compose(deps, session, found, Period(NOW - DAY, NOW))
    return composed.text if composed else ""


def mute_links(composed: ComposedDigest) -> list[str]:
    return [link for link in our_links(composed.html) if link.endswith("/mute")]


def test_a_story_is_muted_by_its_link_and_heard_of_again(deps: Deps, client: WebClient, stories: list[int]) -> None:
    with deps.transaction() as session:
        subscription = subscribe(session)
        found = subscribers.read_subscription(session, subscription)
        assert found is not None
        composed = compose(deps, session, found, Period(NOW - DAY, NOW))
    assert composed is not None
    link = mute_links(composed)[0]
    asked = client.get(link)
    assert is_hardened(asked)
    (muted,) = [n for n in range(3) if f"Read https://news.example/{n}" in asked.text]
    answer = client.post(link, b"mute=story")
    assert answer.status == 200
    assert "Hear of this story again" in answer.text
    told = words_of(deps, subscription)
    assert [f"https://news.example/{n}\n" in told for n in range(3)] == [n != muted for n in range(3)]
    with deps.reading() as session:
        assert labels.labels_of(session, TOPIC) == [], "it is no word on what is relevant"
    client.post(link, b"hear=story")
    assert words_of(deps, subscription).count("Read https://") == 3


def test_an_outlet_is_muted_and_its_reader_takes_it_back_on_their_page(
    deps: Deps, client: WebClient, stories: list[int]
) -> None:
    with deps.transaction() as session:
        subscription = subscribe(session)
        found = subscribers.read_subscription(session, subscription)
        assert found is not None
        composed = compose(deps, session, found, Period(NOW - DAY, NOW))
        assert composed is not None
        outlet = composed.digest.sections[0].stories[0].articles[0].outlet
    link = mute_links(composed)[0]
    for body in (b"mute=outlet", b"mute=outlet&outlet=Nobody", b"mute=all", b"x" * 30_000):
        client.post(link, body)
    assert words_of(deps, subscription).count("Read https://") == 3
    client.post(link, f"mute=outlet&outlet={outlet}".encode())
    assert words_of(deps, subscription) == ""
    page = client.get(f"/manage/{deps.sign('manage', {'subscription': subscription}, lasts=DAY)}").text
    assert f'name="muted-outlet" value="{outlet}" checked' in page
    client.post(link, f"hear=outlet&outlet={outlet}".encode())
    assert words_of(deps, subscription).count("Read https://") == 3


def test_keys_of_nobody_mute_nothing(deps: Deps, client: WebClient, stories: list[int]) -> None:
    with deps.transaction() as session:
        subscription = subscribe(session)
    before = state_of(deps)
    good = deps.story_key(StoryKey(subscription, stories[0], TOPIC), lasts=DAY)
    refused = {
        "forged": 404, good[:-2] + ("AA" if good[-2:] != "AA" else "BB"): 404,
        deps.story_key(StoryKey(subscription, stories[0], TOPIC), lasts=-2 * DAY): 410,
        deps.story_key(StoryKey(99, stories[0], TOPIC), lasts=DAY): 404,
        deps.story_key(StoryKey(subscription, 99, TOPIC), lasts=DAY): 404,
    }  # fmt: skip
    for key, status in refused.items():
        for word in ("mute", "no"):
            for method in ("GET", "POST"):
                answer = client.ask(method, f"/s/{key}/{word}", b"mute=story" if method == "POST" else b"")
                assert answer.status == status, (key, word)
                assert "reader@" not in answer.text
    assert client.get(f"/s/{good}/perhaps").status == 404
    gone = deps.story_key(StoryKey(subscription, stories[0], "no-such-topic"), lasts=DAY)
    assert client.get(f"/s/{gone}/yes").status == 404
    assert state_of(deps) == before


def test_a_longer_token_of_an_older_mail_still_works(deps: Deps, client: WebClient, stories: list[int]) -> None:
    with deps.transaction() as session:
        subscription = subscribe(session)
    token = deps.sign("feedback", {"s": subscription, "t": TOPIC, "a": stories[0]}, lasts=DAY)
    assert client.post(f"/feedback/{token}/yes").status == 200
    with deps.reading() as session:
        assert len(labels.labels_of(session, TOPIC)) == 1


def test_the_archive_lists_past_digests_and_leads_to_each(deps: Deps, client: WebClient, stories: list[int]) -> None:
    with deps.transaction() as session:
        subscription, other = subscribe(session, story_limit=2), subscribe(session, "other@news.example")
    composed = planned(deps, subscription)
    past = next(link for link in our_links(composed.html) if link.startswith("/archives/"))
    listed = client.get(past)
    assert is_hardened(listed)
    assert "2 stories" in listed.text
    (link,) = re.findall(r'href="(/archive/[^"]+)"', listed.text)
    assert client.get(link).text == composed.html
    second = client.get(f"{link}/2").text
    assert f'href="{BASE}{link}">Back to the first page</a>' in re.sub(r' (?:class|style)="[^"]*"', "", second)
    assert "Back to the first page" not in composed.html
    nobody = client.get(f"/archives/{deps.sign('archives', {'subscription': other})}")
    assert "No digest has been sent yet." in nobody.text
    for token in ("x", deps.sign("manage", {"subscription": subscription})):
        assert client.get(f"/archives/{token}").status == 404
    assert client.get(f"/archives/{deps.sign('archives', {'subscription': 99})}").status == 404


def test_ids_of_a_feed_survive_another_address(
    deps: Deps, client: WebClient, stories: list[int], tmp_path: Path
) -> None:
    before = json.loads(feed(deps, client, "json").text)
    moved = Deps(load_settings(folder=tmp_path, web={"base_url": "https://moved.example"}), now=lambda: NOW)
    answer = feed(moved, WebClient(make_web(moved)), "json")
    moved.database.close()
    after = json.loads(answer.text)
    assert after["home_page_url"] != before["home_page_url"]
    assert [item["id"] for item in after["items"]] == [item["id"] for item in before["items"]]
