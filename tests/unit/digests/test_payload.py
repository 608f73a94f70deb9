"""A digest for programs: whole in JSON, short and without foreign markup for Slack."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from worker.digests import DigestArticle, DigestLinks, DigestStory, as_json, as_slack, build
from worker.digests.payload import SLACK_LIMIT


def test_json_holds_what_the_mail_tells(sample, links: DigestLinks) -> None:
    digest = replace(sample("en"), left_out=7)
    told = json.loads(as_json(digest, links))
    assert (told["version"], told["kind"], told["left_out"]) == (1, "digest", 7)
    assert f"<{told['id']}@" in links.message_id
    assert told["period"] == {"start": "2026-11-20T13:30:00Z", "end": "2026-11-21T13:30:00Z"}
    assert told["archive"] == links.archive
    assert [topic["topic"] for topic in told["topics"]] == ["migration", "remittances"]
    stories = {story["id"]: story for topic in told["topics"] for story in topic["stories"]}
    assert stories[102]["new_reports"] == 3
    assert stories[102]["reports"][0]["reprints"] == ["Harbor Times", "El Faro del Sur", "Mesa Post"]
    assert stories[103]["headline"] == "Las remesas caen por segundo mes consecutivo"


@pytest.mark.parametrize(
    "hostile",
    [
        "<!channel> x",
        "<https://evil.example|click>",
        "a & b > c",
        "\ud800 lone",
        "\u202ereversed",
        "x" * 10_000,
        "\n\r\0",
    ],
)
def test_slack_is_given_text_and_never_markup_of_strangers(one_story, links: DigestLinks, hostile: str) -> None:
    digest = one_story(title=hostile, outlet=hostile, url="javascript:alert(1)", topic_title=hostile)
    body = as_slack(digest, links)
    text = json.loads(body)["text"]
    assert "<" not in text
    assert "javascript:" not in text
    assert len(text) < 1000
    assert as_json(digest, links).decode()


def test_slack_links_headlines(sample, links: DigestLinks) -> None:
    text = json.loads(as_slack(sample("en"), links))["text"]
    assert "*Remittances*" in text
    assert "<https://cuentasclaras.example/remesas|Las remesas caen" in text
    assert "+1" not in text


def test_a_long_digest_is_cut_between_stories_and_the_rest_is_counted(period, links: DigestLinks) -> None:
    stories = [
        DigestStory(n, 1, "t", 0.5, (DigestArticle("word " * 60, f"https://o.example/{n}", "O", "en", period.end, ""),))
        for n in range(400)
    ]
    reader = build_reader()
    digest = build(reader, stories, period, limit=200)
    assert digest is not None
    text = json.loads(as_slack(digest, links))["text"]
    assert len(text) <= SLACK_LIMIT + 300
    shown = text.count("• ")
    assert f"+{400 - shown} · <{links.archive}|…>" in text


def build_reader():
    from worker.digests import DigestSubscriber

    return DigestSubscriber("webhook:desk", "", "en", "UTC")
