"""What a feed's entries announce: articles, each with the key by which it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from worker import feeds, pages
from worker.storage.articles.discoveries import NewArticle
from worker.storage.feeds.feed_rows import FeedRecord

_LONGEST_LANGUAGE = 16  # characters, as the column has


def announce_all(feed: FeedRecord, parsed: feeds.ParsedFeed, *, now: datetime) -> list[NewArticle]:
    """Return the articles a document announces.

    Entries that share a link are articles of their own where they tell different things: the page they lead to is
    none of theirs, so they are what their feed says. Some feeds give one id to all their entries: there, the title
    tells them apart.
    """
    announced = [announce(entry, feed, parsed, now=now) for entry in parsed.entries]
    sharing: dict[str, list[NewArticle]] = {}
    for article in announced:
        sharing.setdefault(article.key, []).append(article)
    names = {key: _names_of_tellings(articles) for key, articles in sharing.items() if len(articles) > 1}
    return [_told_apart(article, names.get(article.key, {})) for article in announced]


def _names_of_tellings(articles: Sequence[NewArticle]) -> dict[tuple[str, str], str]:
    """By id and title, what tells apart the articles that share a key: the id, or the title where all have one id.

    One is told twice where the id is the same, or the words are, or the headline on the same day. Of its ids the first
    in the alphabet counts, whatever the order in which a document lists them.
    """
    if len({article.entry_id for article in articles}) == 1:
        differ = not articles[0].has_page or len({article.body for article in articles}) > 1
        return {(article.entry_id, article.title): article.title if differ else "" for article in articles}
    told: list[tuple[set[object], set[str]]] = []  # what was said, and the ids of those who said it
    for article in articles:
        sayings, ids = _sayings(article), {article.entry_id}
        for same in [one for one in told if not one[0].isdisjoint(sayings) or article.entry_id in one[1]]:
            told.remove(same)
            sayings, ids = sayings | same[0], ids | same[1]
        told.append((sayings, ids))
    names = {entry_id: min(ids) for _, ids in told for entry_id in ids}
    return {(article.entry_id, article.title): names[article.entry_id] for article in articles}


def _sayings(article: NewArticle) -> set[object]:
    day = article.published.date() if article.published else None
    return {saying for saying in (article.body, article.title and (article.title, day)) if saying}


def _told_apart(article: NewArticle, names: Mapping[tuple[str, str], str]) -> NewArticle:
    if len(set(names.values())) < 2:
        return article
    name = names[article.entry_id, article.title]
    return replace(article, key=f"{article.key}#{name}", link_key=article.key, has_page=False)


def announce(entry: feeds.FeedEntry, feed: FeedRecord, parsed: feeds.ParsedFeed, *, now: datetime) -> NewArticle:
    """Return the article an entry announces.

    It is known by its canonical URL; an entry without a link is known by its feed and its own id. On
    first sight of a feed, entries older than two days (`feeds.BACKLOG`) are stored but never mailed, nor is what a page
    lists without a date; nor are those from before a backup was put back, when the feed is next read. Absurd dates are
    none.
    What a person set as the feed's language counts more than what the feed says of itself.
    """
    stated = (feeds.within_reason(moment) for moment in (entry.published, entry.updated) if moment)
    published = next((moment for moment in stated if moment), None)
    first_sight = feed.last_read_at is None
    old = feed.listing is not None if published is None else now - published > feeds.BACKLOG
    quiet = feed.quiet_before is not None and (published is None or published < feed.quiet_before)
    return NewArticle(
        key=pages.canonicalize_url(entry.url) if entry.url else f"{feed.first_url}#{entry.id}",
        url=pages.unwrap(entry.url) if entry.url else parsed.link or feed.url,
        has_page=bool(entry.url),
        entry_id=entry.id,
        title=entry.title,
        body=entry.content or entry.summary,
        language=(entry.language or feed.language or parsed.language or "")[:_LONGEST_LANGUAGE] or None,
        published=published,
        mailable=not quiet and not (first_sight and old),
        updated=entry.updated,
    )
