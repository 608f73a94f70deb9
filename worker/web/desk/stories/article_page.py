"""One article explained: where it came from, what was stripped, what it copies, its story and topics, where it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote

from starlette.responses import Response

from worker import digests
from worker.digests.text import one_line
from worker.pages import site_key
from worker.storage.reports.explanation import Explanation, OtherArticle, explain_article
from worker.storage.reports.mentions import Mention
from worker.storage.topics import labels
from worker.topics import TopicMatch
from worker.web.desk.pages import show, tell
from worker.web.desk.visit import Visit

_TEXT, _LINE, _NAME = 12_000, 300, 200  # characters
_LINES, _COPIES, _MENTIONS, _TERMS = 150, 40, 40, 20


def show_article(visit: Visit) -> Response:
    """Show all that is known of the article with that number."""
    say = visit.say
    with visit.deps.reading() as session:
        found = explain_article(session, visit.number("article"))
        said = labels.labels_by(session, visit.person.address, [found.id]) if found else {}
    if found is None:
        text = say.gettext("It is no longer kept: how long articles are, [keep] in the configuration says.")
        return tell(visit, say.gettext("No such article"), text, status=404)
    titles = visit.deps.topic_titles(say.language)
    return show(
        visit, "article.html", one=found, title=one_line(found.title or found.entry_title, _NAME),
        site=quote(site_key(found.url), safe=""),
        href=digests.safe_href(found.url), language=digests.language_code(found.language), text=found.text[:_TEXT],
        words=len(found.text.split()), cut=len(found.text) > _TEXT,
        removed=[(one_line(line, _LINE), rule) for line, rule in found.removed[:_LINES]],
        rules=Counter(rule for _, rule in found.removed).most_common(),
        passage=one_line(found.shared_passage or "", _LINE),
        original=found.original and _named(found.original, found.similarity),
        copies=[_named(each, each.similarity) for each in found.copies[:_COPIES]],
        evidence=found.story.evidence[:_TERMS] if found.story else (), mentions=_told(found.mentions),
        passings=Counter(each.reason for each in found.passings),
        matches=[_matched(each, found) for each in found.matches],
        titles=titles, labels={topic: label for (_, topic), label in said.items()},
    )  # fmt: skip


def _named(other: OtherArticle, similarity: float | None) -> tuple[int, str, str, float | None]:
    """Number, outlet, headline, and how near the one is to the other."""
    return other.id, one_line(other.outlet, _NAME) or "—", one_line(other.title, _NAME), similarity


def _told(mentions: Iterable[Mention]) -> list[Mention]:
    return [one for one in mentions if one.included][-_MENTIONS:]


def _matched(match: TopicMatch, article: Explanation) -> tuple[TopicMatch, tuple[str, ...]]:
    """A match, and the article's own words by which it is one; a copy's was found in its original."""
    if article.original is not None:
        return match, ()
    title = [(span.start, span.end) for span in match.spans if span.field == "title"]
    text = [(span.start, span.end) for span in match.spans if span.field != "title"]
    words = (*digests.reason_words(article.title, title), *digests.reason_words(article.text, text))
    return match, digests.distinct(words)[:_TERMS]
