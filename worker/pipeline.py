"""One article's way, in order. Every function here is one step of it.

    poll_feeds       due feeds  → HTTP → documents                             (fetch pool)
    read_feed        document   → entries → new articles                       (analyze pool)
    fetch_page       article    → HTTP → document                              (fetch pool)
    analyze_article  page → text → fingerprint → duplicate? → story → topics   (analyze pool)
    plan_digests     schedule → stories new to this subscriber → frozen bytes → outbox   (mail pool)
    deliver          outbox → SMTP                                             (mail pool)

A step claims its row and commits, works without a transaction, writes the result together with the
next state in one transaction, and returns the wake-ups for what comes next. Whatever a step could not
finish, because its process died, is claimed again when its lease is over.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from worker import feeds, outcomes
from worker.analysis import reading
from worker.analysis.copy_candidates import compare, find_candidates
from worker.analysis.judgement import judge
from worker.analysis.learn_site import count_reading, profile_of
from worker.analysis.placing import place
from worker.analysis.recluster_stories import recluster_stories
from worker.delivery import planning
from worker.delivery.composing import ComposedDigest, compose_told
from worker.delivery.planning import DueDigest
from worker.errors import DocumentError, StorageError
from worker.intake.fetching import HostBusy, request_feeds, request_page
from worker.net import FetchedResource
from worker.retry import PAGE_RETRIES, READ_RETRIES
from worker.setup.deps import Deps
from worker.setup.logs import get_log
from worker.storage.articles import article_rows, documents, rechecks
from worker.storage.db.database import serialize_stories
from worker.storage.digests import mail_hosts, outbox, subscribers
from worker.storage.digests.subscribers import DueMove
from worker.storage.feeds import feed_rows, polls
from worker.storage.feeds.feed_rows import FeedRecord
from worker.storage.feeds.polls import ClaimedFeed, Poll
from worker.wakeup import Wakeup, Wakeups

log = get_log(__name__)


def poll_feeds(deps: Deps, *feed_ids: int) -> Wakeups:
    """Ask some feeds for what is new, one after the other, and keep the documents that have changed."""
    with deps.transaction() as session:
        claimed, alone = polls.claim_feeds(session, feed_ids, now=deps.now(), lease=deps.lease)
    woken = [Wakeup("poll_feeds", feed_id) for feed_id in alone]
    unchanged, later = list[tuple[ClaimedFeed, Poll]](), list[tuple[ClaimedFeed, datetime]]()
    for feed, answer in request_feeds(deps, claimed):
        if isinstance(answer, HostBusy):
            later.append((feed, deps.now() + answer.wait))
            continue
        poll = outcomes.as_poll(feed, answer, now=deps.now(), jitter=deps.jitter())
        if polls.changes_nothing(feed, poll):
            unchanged.append((feed, poll))
        else:
            woken += _save_poll(deps, feed, answer, poll)
    if unchanged or later:
        with deps.transaction() as session:
            polls.save_unchanged(session, unchanged)
            polls.postpone_polls(session, later)
    return tuple(woken)


def _save_poll(deps: Deps, feed: ClaimedFeed, answer: object, poll: Poll) -> Wakeups:
    """Save a poll that says more than that nothing has changed."""
    with deps.transaction() as session:
        if not polls.is_held(session, feed):
            return ()
        polls.save_poll(session, feed.id, poll)
        if poll.reason:
            log.warning("feed not had", feed=feed.id, reason=poll.reason, next_poll=poll.next_poll_at.isoformat())
        if poll.outcome != "new" or not isinstance(answer, FetchedResource):
            return ()
        document_id = _keep(session, answer, feed_id=feed.id, now=poll.at)
    return (Wakeup("read_feed", document_id),)


def read_feed(deps: Deps, document_id: int) -> Wakeups:
    """Read the document's entries and store the articles that are not known yet."""
    now = deps.now()
    with deps.transaction() as session:
        document = documents.claim_document(session, document_id, now=now, lease=deps.lease)
        if document is None or document.feed_id is None:
            return ()
        feed = feed_rows.read_feed_record(session, document.feed_id)
        if document.attempts > READ_RETRIES.attempts:
            _give_up(deps, session, feed, document_id, DocumentError("killed", reading.KILLED))
            return ()
    try:
        parsed = feeds.parse_feed(document.body, document.url, document.content_type)
    except DocumentError as error:
        with deps.transaction() as session:
            if documents.is_held(session, document):
                _give_up(deps, session, feed, document_id, error)
        return ()
    announced = reading.announce_all(feed, parsed, now=now)
    with deps.transaction() as session:
        if not documents.is_held(session, document):
            return ()
        new = article_rows.discover(session, feed.id, feed.outlet or feed.title or parsed.title, announced, now=now)
        rechecks.ask_again(session, article_rows.changed_entries(session, feed.id, announced), now=now)
        next_poll = outcomes.next_poll_after_reading(feed, parsed, len(new), now=now, jitter=deps.jitter())
        feed_rows.save_reading(session, feed.id, parsed, new_entries=len(new), next_poll_at=next_poll, now=now)
        documents.mark_read(session, document_id)
    return tuple(Wakeup("fetch_page" if article.has_page else "analyze_article", article.id) for article in new)


def _give_up(deps: Deps, session: Session, feed: FeedRecord, document_id: int, error: DocumentError) -> None:
    """Record as the feed's trouble that a document of it cannot be read."""
    log.warning("feed not readable", feed=feed.id, document=document_id, reason=str(error))
    next_poll = outcomes.next_poll_of_unreadable(feed, now=deps.now(), jitter=deps.jitter())
    feed_rows.save_unreadable(session, feed.id, code=error.code, reason=str(error), next_poll_at=next_poll)
    documents.mark_failed(session, document_id, str(error))


def fetch_page(deps: Deps, article_id: int) -> Wakeups:
    """Get the article's page; where it can't be had, the feed's own text will have to do."""
    now = deps.now()
    with deps.transaction() as session:
        article = article_rows.claim_article(session, article_id, state="discovered", now=now, lease=deps.lease)
        if article is not None and article.attempts > PAGE_RETRIES.attempts:
            log.error("page given up", article=article_id, reason=reading.NEVER_FETCHED)
            article_rows.save_fetched(session, article_id, now=now, feed_only=True, reason=reading.NEVER_FETCHED)
            return (Wakeup("analyze_article", article_id),)
    if article is None:
        return ()
    answer = request_page(deps, article)
    with deps.transaction() as session:
        if not article_rows.is_held(session, article):
            return ()
        if isinstance(answer, HostBusy):
            article_rows.postpone(session, article_id, until=deps.now() + answer.wait)
            return ()
        if isinstance(answer, FetchedResource):
            _keep(session, answer, article_id=article_id, now=deps.now())
            article_rows.save_fetched(session, article_id, now=deps.now())
            return (Wakeup("analyze_article", article_id),)
        again = outcomes.next_page_try(article, answer, now=deps.now(), jitter=deps.jitter())
        if again is not None:
            article_rows.save_retry(session, article_id, at=again, reason=str(answer))
            return ()
        article_rows.save_fetched(session, article_id, now=deps.now(), feed_only=True, reason=str(answer))
    return (Wakeup("analyze_article", article_id),)


def analyze_article(deps: Deps, article_id: int) -> Wakeups:
    """Read the page, judge the article by itself, and find its place among the others."""
    now = deps.now()
    with deps.transaction() as session:
        article = article_rows.claim_article(session, article_id, state="fetched", now=now, lease=deps.lease)
        if article is None:
            return ()
        if article.attempts > READ_RETRIES.attempts:
            log.error("article given up", article=article_id, reason=reading.KILLED)
            article_rows.save_failed(session, article_id, reading.KILLED)
            return ()
        page = documents.page_of(session, article_id)
        site = profile_of(deps, session, article, page)
    try:
        read = reading.read_article(article, page, now=now, site=site)
        judgement = judge(
            read.article, published=read.published, outlet=article.outlet, topic_set=deps.topics, embed=deps.embedder
        )
    except Exception as error:
        log.exception("article not readable", article=article_id)
        with deps.transaction() as session:
            if article_rows.is_held(session, article):
                article_rows.save_failed(
                    session, article_id, f"reading it failed: {type(error).__name__}: {error}"[:300]
                )
        return ()
    with deps.reading() as session:
        candidates = find_candidates(session, article_id, judgement, rules=deps.copy_rules)
    compared = compare(candidates, rules=deps.copy_rules)
    with deps.transaction() as session:
        serialize_stories(session)
        if not article_rows.is_held(session, article):
            return ()
        if read.feed_only and not article.feed_only:
            article_rows.mark_feed_only(session, article_id)
        placed = place(
            session,
            article_id,
            judgement,
            now=now,
            rules=deps.copy_rules,
            story_rules=deps.story_rules,
            before=compared,
        )
        woken = count_reading(session, site, article, read, now=now)
    if placed.matches:
        matched = [match.topic for match in placed.matches]
        log.info("article matched", article=article_id, story=placed.story_id, topics=matched)
    return woken


def plan_digests(deps: Deps, *subscription_ids: int) -> Wakeups:
    """Make the digests that are due, of those with anything to tell, and put them into the outbox.

    Stories that have changed are looked at again before: what is told can't be taken back.
    """
    unsettled = recluster_stories(deps)
    with deps.reading() as session:
        due, batch = planning.find_due(session, subscription_ids, now=deps.now())
    woken, silent = list(unsettled), list[DueMove]()
    for one in due:
        try:
            composed = compose_told(deps, batch, one.subscription, one.due.period, one.told)
            if composed is None:
                silent.append(one.move(silent=True))
            else:
                woken += _save_digest(deps, one, composed)
        except StorageError:
            raise
        except Exception:  # theirs alone: it stays due, and the others are not kept waiting
            log.exception("digest not made", subscription=one.subscription.id)
    if silent:
        with deps.transaction() as session:
            subscribers.move_dues(session, silent)
    return tuple(woken)


def _save_digest(deps: Deps, one: DueDigest, composed: ComposedDigest) -> Wakeups:
    """Save a digest, unless another planner has moved its due time."""
    with deps.transaction() as session:
        if not subscribers.move_due(session, one.move(silent=False)):
            return ()
        delivery_id = outbox.save_digest(
            session, one.subscription.id, "scheduled", one.due.period, html=composed.html, more=composed.more,
            stories=composed.stories, delivery=composed.delivery, now=deps.now(),
        )  # fmt: skip
    return (Wakeup("deliver", delivery_id),)


def deliver(deps: Deps, delivery_id: int) -> Wakeups:
    """Hand the frozen bytes to the mail server, and record what it said."""
    now = deps.now()
    with deps.transaction() as session:
        delivery = outbox.claim_delivery(session, delivery_id, now=now, lease=deps.delivery_lease)
        if delivery is None:
            return ()
        host = mail_hosts.read_mail_host(session, deps.mail_host(delivery.channel))
        if host.rest_until and host.is_resting(now):
            outbox.put_back(session, delivery, until=host.rest_until)
            return ()
        wait = mail_hosts.take_turn(session, host, now=now, spacing=deps.mail_spacing)
        delivery = outbox.hold_longer(session, delivery, by=wait)
    result, health = outcomes.give_up_sending(delivery), host
    if result is None:
        deps.sleep(wait)
        sent = deps.courier(delivery.channel).send(
            delivery.message, sender=delivery.sender, recipient=delivery.recipient
        )
        result = outcomes.as_delivery_result(delivery, sent, now=deps.now(), jitter=deps.jitter(), doubt=deps.doubt)
        health = outcomes.as_mail_host(host, sent, now=deps.now())
    with deps.transaction() as session:
        if not outbox.is_held(session, delivery):
            return ()
        outbox.save_outcome(session, delivery_id, result, now=deps.now())
        if health != host:
            mail_hosts.save_mail_host(session, health)
    log.info("delivery", delivery=delivery_id, state=result.state, reason=result.reason)
    return ()


def _keep(session: Session, found: FetchedResource, *, now: datetime, **owner: int) -> int:
    return documents.save_document(
        session, url=found.url, content_type=found.content_type, body=found.body, now=now, **owner
    )


STEPS = (poll_feeds, read_feed, fetch_page, analyze_article, plan_digests, deliver)
"""All six, in order: each takes the real things and the id of a row (some: of several), returns what to wake next."""
