"""Whether what the service has, and what its readers got, is what the world published."""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import func, select

from models import Article, Delivery, Digest, DigestStory, Document, Feed, ToldArticle
from tests.faults.installation import READERS, SPEED, Installation
from tests.faults.world import POISONED_PAGE
from worker.analysis.reading import BROKE_PROCESS
from worker.sample_site.article import CopyKind, SampleAnswer, SampleArticle
from worker.storage.reports.invariants import check_database

DOUBT = 3600 / SPEED  # seconds of the machine's after which what is in doubt is sent once more
_GETS_OLD = timedelta(hours=6)
_UNFINISHED = ("pending", "sending", "unknown", "resending")


@dataclass(frozen=True, slots=True)
class Interval:
    """When something was done to the service, by the machine's clock."""

    begin: float
    end: float

    def touches(self, moment: float) -> bool:
        """Whether a mail of that moment may have been under way then."""
        return self.begin - 8 <= moment <= self.end + 2


def missing(service: Installation, *, poisoned: bool) -> Iterator[str]:
    """What is not there that should be, or not as it should be: each may still come."""
    yield from unread(service, poisoned=poisoned)
    yield from _unfinished(service)
    yield from _stories(service)
    yield from _told(service)


def excess(service: Installation, troubles: list[Interval]) -> list[str]:
    """What is there twice, or should not be: it does not go away."""
    return [*_doubled_articles(service), *_doubled_news(service), *_doubled_mails(service, troubles), *_broken(service)]


def resent(service: Installation) -> int:
    """How many mails came twice, as they may."""
    return sum(len(copies) - 1 for copies in _mails(service).values())


def _ids(service: Installation) -> dict[str, Article]:
    """The rows of the world's articles, by its own names."""
    with service.database.reading() as session:
        rows = {row.url: row for row in session.scalars(select(Article))}
        for row in rows.values():
            session.expunge(row)
    return {name: rows[url] for name, url in service.world.whole.urls.items() if url in rows}


def unread(service: Installation, *, poisoned: bool) -> Iterator[str]:
    """Which articles are not there, not read, or not with their page's text."""
    found = _ids(service)
    with service.database.reading() as session:
        texts = {row.id: row.text for row in session.execute(select(Article.id, Article.text))}
        unreadable = session.scalar(select(Feed.error).where(Feed.outlet == "Poison"))
    for article in service.world.articles:
        row = found.get(article.id)
        if row is None or row.state != "analyzed":
            yield f"article {article.id} is {row.state if row else 'not there'}"
        elif poisoned and article.id == POISONED_PAGE:
            if row.reason != BROKE_PROCESS:
                yield f"the poisoned page was given up for {row.reason}"
        elif article.answer is SampleAnswer.PAGE and not _is_late(row) and not _has_text(article, texts[row.id]):
            yield f"article {article.id} has not its page's text ({row.reason})"
    if poisoned and BROKE_PROCESS not in (unreadable or ""):
        yield f"the poisoned feed is said to be {unreadable}"


def _is_late(row: Article) -> bool:
    """Whether its page could not be had for so long that the feed's text had to do, as docs/fetching.md says."""
    return row.feed_only and row.fetched_at is not None and row.fetched_at - row.discovered_at > _GETS_OLD


def _has_text(article: SampleArticle, text: str) -> bool:
    return _plain(article.text)[:80] in _plain(text)


def _stories(service: Installation) -> Iterator[str]:
    found = _ids(service)
    told = {name: row for name, row in found.items() if row.state == "analyzed"}
    for article in service.world.articles:
        if article.copy_kind in (CopyKind.EXACT, CopyKind.REPRINT) and {article.id, article.copy_of} <= told.keys():
            copy, original = told[article.id], told[article.copy_of]
            if (copy.duplicate_of or copy.id) != (original.duplicate_of or original.id):
                yield f"{article.id} is no copy of {article.copy_of}"
    for names in service.world.whole.expected.stories:
        in_stories = {told[name].story_id for name in names if name in told}
        if len(in_stories) > 1 or None in in_stories:
            yield f"{', '.join(names)} are in the stories {in_stories}"
    with service.database.reading() as session:
        given = set(session.scalars(select(ToldArticle.article_id)))
    on_topic = {found[name].id for name in service.world.whole.expected.on_topic if name in found}
    yield from (f"article {number} was told, and is on no topic" for number in sorted(given - on_topic))


def _told(service: Installation) -> Iterator[str]:
    """Every reader has each story in a mail, by one of its headlines; and what the database says was told is there."""
    mails, titles = _mails(service), {one.id: _plain(one.title) for one in service.world.articles}
    for reader in range(READERS):
        texts = {known_as: copies[0][1] for (number, known_as), copies in mails.items() if number == reader}
        for names in service.world.whole.expected.stories:
            if not any(titles[name] in text for text in texts.values() for name in names):
                yield f"reader {reader} was not told of {names[0]}"
        for known_as, headline in _headlines(service, reader):
            if known_as not in texts:
                yield f"reader {reader} has not got {known_as}"
            elif _plain(headline) not in texts[known_as]:
                yield f"{known_as} does not tell {headline!r}"


def _headlines(service: Installation, reader: int) -> list[tuple[str, str]]:
    with service.database.reading() as session:
        sent = select(Delivery.message_id, DigestStory.headline).join(Digest, Digest.id == Delivery.digest_id)
        sent = sent.join(DigestStory, DigestStory.digest_id == Digest.id).where(DigestStory.page == 1)
        mine = sent.where(Delivery.recipient == service.addresses[reader], Delivery.state == "sent")
        return [(known_as, headline or "") for known_as, headline in session.execute(mine)]


def _unfinished(service: Installation) -> Iterator[str]:
    with service.database.reading() as session:
        states = Counter(session.scalars(select(Delivery.state)))
        documents = session.scalar(select(func.count()).where(Document.state == "pending"))
    yield from (f"{count} deliveries are {state}" for state, count in states.items() if state in _UNFINISHED)
    if documents:
        yield f"{documents} documents wait"


def _doubled_articles(service: Installation) -> Iterator[str]:
    with service.database.reading() as session:
        urls = Counter(url.partition("?")[0] for url in session.scalars(select(Article.url)))
    yield from (f"{url} is stored {times} times" for url, times in urls.items() if times > 1)
    yield from (f"{url} was published by nobody" for url in set(urls) - set(service.world.whole.urls.values()))


def _doubled_news(service: Installation) -> Iterator[str]:
    """What a digest tells of a story is news to its reader: a report, or a later version of one."""
    with service.database.reading() as session:
        told = select(ToldArticle.digest_id, ToldArticle.article_id, ToldArticle.revision).where(~ToldArticle.returned)
        revisions = {(digest, article): revision for digest, article, revision in session.execute(told)}
        stories = session.scalars(select(DigestStory).order_by(DigestStory.digest_id)).all()
        dead = session.scalars(select(Delivery.reason).where(Delivery.state == "dead")).all()
        known: set[tuple[int, int, int]] = set()
        for story in stories:
            parts = [(one, revisions.get((story.digest_id, one))) for one in story.article_ids]
            news = {(story.subscription_id, one, revision) for one, revision in parts if revision is not None}
            if news and news <= known:
                yield f"subscription {story.subscription_id} was told {story.headline!r} again, by {story.digest_id}"
            known |= news
        planned = set(session.scalars(select(Delivery.message_id)))
    yield from (f"a delivery is dead: {reason}" for reason in dead)
    yield from (f"{known_as} was never planned" for _, known_as in _mails(service) if known_as not in planned)


def _doubled_mails(service: Installation, troubles: list[Interval]) -> Iterator[str]:
    """A mail comes once more only where it was in doubt, not before the doubt is over, and with the same bytes."""
    for (reader, known_as), copies in _mails(service).items():
        for (first, text), (second, again) in pairwise(copies):
            said = f"{known_as} came to reader {reader} {len(copies)} times"
            if len(copies) > 2 or text != again:
                yield said
            elif not any(trouble.touches(first) for trouble in troubles):
                yield f"{said}, and was not in doubt"
            elif second - first < DOUBT - 10 and not any(trouble.touches(second) for trouble in troubles):
                yield f"{said}, after {second - first:.0f} s"


def _broken(service: Installation) -> Iterator[str]:
    with service.database.reading() as session:
        found = check_database(session, now=service.now())
    yield from (f"{one.what}: {one.rows}" for one in found)


def _mails(service: Installation) -> dict[tuple[int, str], list[tuple[float, str]]]:
    """What the mail server took: moment and text, by reader and Message-ID."""
    mails: dict[tuple[int, str], list[tuple[float, str]]] = defaultdict(list)
    for reader, copies in list(service.mail.taken.items()):
        for moment, raw in list(copies):
            message = email.message_from_bytes(raw, policy=email.policy.default)
            body = message.get_body(("plain",))
            assert body is not None
            mails[reader, str(message["Message-ID"])].append((moment, _plain(body.get_content())))
    return mails


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
