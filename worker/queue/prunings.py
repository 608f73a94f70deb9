"""What is deleted for its age, and from when on: a row for each kind, those before that others depend on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from worker.setup.analysis_deps import duplicate_rules, story_settings
from worker.setup.deps import Deps
from worker.setup.settings import Settings
from worker.storage.articles import documents, sample_months
from worker.storage.db import used_links
from worker.storage.db.session import Session
from worker.storage.digests import forgetting, outbox
from worker.storage.digests.forgetting import CONFIRM_WITHIN
from worker.storage.feeds import feed_searches, polls
from worker.storage.people import logins
from worker.storage.retention import gone_articles, old_articles, old_digests, old_texts
from worker.storage.sites import site_rows
from worker.storage.stories import story_keys

BATCH = 100
"""Stories, articles or rows that go in one transaction, for which others wait a tenth of a second."""

_OVER = 3  # story windows after which a story is out of the index

Prune = Callable[[Session], int]
"""Deletes a batch; returns how much went, which is less than `BATCH` when nothing is left."""


def prunings(deps: Deps, now: datetime) -> Iterator[tuple[str, Prune]]:
    """Yield all kinds in their order."""
    yield from _of_people(deps, now)
    yield from _of_passing_use(deps.settings, now)
    yield from _of_the_past(deps.settings, now)


def _of_people(deps: Deps, now: datetime) -> Iterator[tuple[str, Prune]]:
    ended = _ago(now, deps.settings.keep.unsubscribed_days)
    by_file_alone = {channel.name for channel in deps.channels if channel.by_file_alone}
    yield (
        "people",
        partial(
            forgetting.forget_ended,
            key_of=deps.person_key,
            before=ended,
            now=now,
            limit=BATCH,
            by_file_alone=by_file_alone,
        ),
    )
    yield "used_links", partial(used_links.prune_uses, before=now - 2 * CONFIRM_WITHIN)
    yield "feed_searches", partial(feed_searches.prune_searches, before=now - timedelta(days=1))
    yield "logins", partial(logins.prune_logins, before=now)


def _of_passing_use(settings: Settings, now: datetime) -> Iterator[tuple[str, Prune]]:
    keep, ago = settings.keep, partial(_ago, now)
    copies, stories = duplicate_rules(settings), story_settings(settings)
    yield "documents", partial(documents.prune_documents, before=ago(keep.document_days))
    yield "polls", partial(polls.prune_polls, before=ago(keep.poll_days))
    yield "messages", partial(outbox.prune_messages, before=ago(keep.mail_days))
    yield "sample_months", partial(sample_months.prune_months, before=now - copies.window)
    yield "site_readings", partial(site_rows.prune_sites, before=ago(keep.site_days))
    yield "story_keys", partial(story_keys.prune_keys, before=now - _OVER * stories.window)


def _of_the_past(settings: Settings, now: datetime) -> Iterator[tuple[str, Prune]]:
    keep, old = settings.keep, partial(_old, settings, now)
    yield "labels", partial(old_digests.prune_labels, before=old(keep.label_days), limit=BATCH)
    yield "events", partial(old_digests.prune_events, before=old(keep.event_days), limit=BATCH)
    yield "passed_over", partial(old_digests.prune_passed_over, before=old(keep.event_days), limit=BATCH)
    yield "texts", partial(old_texts.prune_texts, before=old(keep.text_days), now=now, limit=BATCH)
    yield "digest_pages", partial(old_digests.prune_pages, before=old(keep.digest_days), limit=BATCH)
    yield "deliveries", partial(old_digests.prune_deliveries, before=old(keep.delivery_days), limit=BATCH)
    for name, days in (("unmatched", keep.unmatched_days), ("matched", keep.article_days)):
        age = old_articles.Age(old(days), unmatched=name == "unmatched")
        yield f"{name}_copies", partial(old_articles.prune_copies, age=age, now=now, limit=BATCH)
        yield f"{name}_stories", partial(old_articles.prune_stories, age=age, now=now, limit=BATCH)
        yield f"{name}_others", partial(old_articles.prune_outsiders, age=age, now=now, limit=BATCH)
    yield "digests", partial(old_digests.prune_digests, limit=BATCH)
    yield "keys", partial(gone_articles.prune_keys, before=old(keep.key_days), limit=BATCH)


def _ago(now: datetime, days: float) -> datetime:
    return now - timedelta(days=days)


def _old(settings: Settings, now: datetime, days: float) -> datetime:
    """So many days ago, but no later than what may still be compared with what comes, or be read again."""
    compared = max(duplicate_rules(settings).window, _OVER * story_settings(settings).window)
    return min(_ago(now, max(days, settings.keep.site_days)), now - compared)
