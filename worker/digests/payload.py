"""A digest for programs: as JSON, or as a message that Slack and its kin show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from worker.digests.digest import Digest, DigestArticle, DigestStory
from worker.digests.links import DigestLinks, safe_href
from worker.digests.text import one_line, title_line

VERSION = 1
SLACK_LIMIT = 30_000
"""Characters of a message's text; Slack cuts at 40,000 (https://docs.slack.dev/changelog/2018-truncating-really-long-messages)."""

_TITLE, _NAME, _EXCERPT = 300, 80, 400
_REPORTS = 20  # of a story; what goes beyond is counted


def as_json(digest: Digest, links: DigestLinks) -> bytes:
    """The digest as UTF-8 JSON; what is in it is described in docs/webhooks.md."""
    body = {
        "version": VERSION,
        "kind": "digest",
        "id": _id(links),
        "period": {"start": _iso(digest.period.start), "end": _iso(digest.period.end)},
        "archive": safe_href(links.archive),
        "left_out": digest.left_out,
        "topics": [
            {"topic": section.topic, "title": section.title, "stories": [_story(story) for story in section.stories]}
            for section in digest.sections
        ],
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def as_slack(digest: Digest, links: DigestLinks) -> bytes:
    """The digest as Slack's `{"text": ...}`, which Mattermost, Rocket.Chat and Discord (at /slack) take too."""
    text = ""
    left = digest.left_out
    for line, counts in _slack_lines(digest):
        if len(text) + len(line) > SLACK_LIMIT:
            left += counts
            continue
        text += line
    if left:
        archive = safe_href(links.archive)
        text += f"+{left}" + (f" · <{archive}|…>" if archive else "") + "\n"
    return json.dumps({"text": text.strip() or "—"}, ensure_ascii=False).encode("utf-8", "replace")


def _slack_lines(digest: Digest) -> Iterator[tuple[str, int]]:
    for section in digest.sections:
        yield f"*{_slack(section.title, _NAME)}*\n", 0
        for story in section.stories:
            core = story.articles[0]
            title, href = _slack(title_line(core.title, core.excerpt, _TITLE), _TITLE) or "—", safe_href(core.url)
            outlets = list(dict.fromkeys(_slack(article.outlet, _NAME) for article in story.articles))
            more = f" +{len(outlets) - 3}" if len(outlets) > 3 else ""
            yield f"• {f'<{href}|{title}>' if href else title} ({', '.join(outlets[:3])}{more})\n", 1


def _slack(text: str, limit: int) -> str:
    """`text` with what Slack reads as markup escaped (https://docs.slack.dev/messaging/formatting-message-text)."""
    return one_line(text, limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _story(story: DigestStory) -> dict[str, object]:
    core = story.articles[0]
    return {
        "id": story.story_id,
        "revision": story.revision,
        "new_reports": story.news,
        "headline": title_line(core.title, core.excerpt, _TITLE),
        "told_as": one_line(story.told_as, _TITLE),
        "subtopic": one_line(story.subtopic, _NAME),
        "url": safe_href(core.url),
        "excerpt": one_line(core.excerpt, _EXCERPT),
        "score": round(story.score, 3),
        "wide": story.wide,
        "matched": [one_line(term, _NAME) for term in story.matched],
        "report_count": len(story.articles),
        "reports": [_report(article) for article in story.articles[:_REPORTS]],
    }


def _report(article: DigestArticle) -> dict[str, object]:
    return {
        "title": title_line(article.title, article.excerpt, _TITLE),
        "url": safe_href(article.url),
        "outlet": one_line(article.outlet, _NAME),
        "language": article.language,
        "published": _iso(article.published),
        "reprints": [one_line(name, _NAME) for name in article.reprints],
        "new": article.new,
        "updated": article.updated,
        "opinion": article.opinion,
        "summary_only": article.feed_only,
    }


def _id(links: DigestLinks) -> str:
    return links.message_id.strip("<>").partition("@")[0]


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
