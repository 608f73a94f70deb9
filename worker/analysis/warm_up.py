"""An article read for nothing: a process that is about to read strangers' bytes first loads what reading needs.

The hard time limit of a task is meant for what the document costs. Loading the libraries and the topics takes a
fresh process about a second of its own, several on a busy machine, and would be counted against whichever
document happens to come first.
"""

from __future__ import annotations

from datetime import UTC, datetime

from worker import feeds, pages
from worker.analysis.judgement import judge
from worker.setup.analysis_deps import AnalysisDeps

_URL = "https://warm-up.example/"
_SENTENCE = "The ferry left the harbour at noon, and everyone who had waited on the quay since morning was aboard. "
_FEED = b"<rss version='2.0'><channel><title>Warm-up</title><item><title>A ferry</title></item></channel></rss>"
_PAGE = (
    f"<html><head><title>A ferry</title></head><body><article>{f'<p>{_SENTENCE * 3}</p>' * 4}</article></body></html>"
)
_THEN = datetime(2026, 1, 1, tzinfo=UTC)


def warm_up(deps: AnalysisDeps) -> None:
    """Read one small feed and one small page, as `read_feed` and `analyze_article` do, and keep nothing."""
    feeds.parse_feed(_FEED, _URL, "application/rss+xml")
    article = pages.extract_article(_PAGE.encode(), _URL, content_type="text/html", now=_THEN)
    judge(article, published=_THEN, outlet="Warm-up", topic_set=deps.topics)
