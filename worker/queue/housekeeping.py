"""What the clock clears away: whatever is only of passing use, once a day."""

from __future__ import annotations

from datetime import timedelta

from worker.setup.analysis_deps import duplicate_rules, story_settings
from worker.setup.base_deps import BaseDeps
from worker.storage.articles import documents, sample_months
from worker.storage.db import ticks
from worker.storage.digests import outbox
from worker.storage.feeds import polls
from worker.storage.sites import site_rows
from worker.storage.stories import story_keys

HOUSEKEEPING = "housekeeping"
_OVER = 3  # story windows after which a story is out of the index


def keep_house(deps: BaseDeps) -> dict[str, int]:
    """Delete what has outlived its use, at most once a day; return how much of what.

    The clock knocks every hour, so that a service restarted every morning is tidied all the same.
    """
    now, settings = deps.now(), deps.settings
    keep, copies, stories = settings.keep, duplicate_rules(settings), story_settings(settings)
    with deps.transaction() as session:
        last = ticks.last_tick(session, HOUSEKEEPING)
        if last and now - last < timedelta(seconds=settings.clock.housekeeping_seconds):
            return {}
        ticks.save_tick(session, HOUSEKEEPING, now=now)
        sample_months.prepare_months(session, now=now)
        return {
            "documents": documents.prune_documents(session, before=now - timedelta(days=keep.document_days)),
            "polls": polls.prune_polls(session, before=now - timedelta(days=keep.poll_days)),
            "messages": outbox.prune_messages(session, before=now - timedelta(days=keep.mail_days)),
            "sample_months": sample_months.prune_months(session, before=now - copies.window),
            "site_readings": site_rows.prune_sites(session, before=now - timedelta(days=keep.site_days)),
            "story_keys": story_keys.prune_keys(session, before=now - _OVER * stories.window),
        }
