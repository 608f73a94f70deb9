"""The step that learns a site's boilerplate: lines that recur → verdicts → its last days' articles read again.

What its articles show of it is counted with each analysis (`worker.analysis.site_profile`). A site is a host, not a
registered domain: a publisher's English edition, its blogs and its shop have other templates and other boilerplate,
and under a shared domain strangers live side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from worker.analysis.line_verdicts import decide_line
from worker.analysis.reading import BROKE_PROCESS
from worker.analysis.site_rereading import read_again
from worker.retry import READ_RETRIES
from worker.setup.analysis_deps import AnalysisDeps
from worker.setup.base_deps import BaseDeps
from worker.setup.logs import get_log
from worker.step import Beats, Save, Wakeup, Wakeups
from worker.storage.db.session import Session
from worker.storage.sites import site_reviews
from worker.storage.sites.site_reviews import ClaimedSite, LineDecision

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the sites with something new to judge."""
    with deps.reading() as session:
        return site_reviews.waiting_sites(session, now=deps.now(), limit=limit)


def learn_site(deps: AnalysisDeps, site_id: int) -> Wakeups:
    """Judge the next lines that recur on a site; once none is left, read its last days' articles with what is known."""
    beats = Beats(
        claim=site_reviews.claim_site,
        is_held=site_reviews.is_held,
        tries=READ_RETRIES.attempts,
        give_up=_give_up,
        work=partial(_learn, deps, deps.now()),
        locks_stories=True,  # who saves an article after this knows what was learned
    )
    return beats.take(deps, site_id)


def _give_up(session: Session, site: ClaimedSite) -> Wakeups:
    log.error("review of a site given up", site=site.host, reason=BROKE_PROCESS)
    site_reviews.save_given_up(session, site, BROKE_PROCESS)
    return ()


def _learn(deps: AnalysisDeps, now: datetime, site: ClaimedSite) -> Save:
    with deps.reading() as session:
        review = site_reviews.read_review(session, site.id)
    if not review.lines:
        return read_again(deps, now, site)
    return partial(_save, now, site, [decide_line(line, review, now=now) for line in review.lines])


def _save(now: datetime, site: ClaimedSite, decisions: Sequence[LineDecision], session: Session) -> Wakeups:
    site_reviews.save_decisions(session, site, decisions, now=now)
    for each in decisions:
        log.info("line judged", site=site.host, boilerplate=each.boilerplate, reason=each.reason)
    return (Wakeup("learn_site", site.id),)
