"""What a process loads before its first document."""

from __future__ import annotations

import subprocess
import sys

PROBE = """
import sys
from datetime import UTC, datetime
from types import SimpleNamespace
from worker import feeds, pages, topics
from worker.analysis import judgement, warm_up
from worker.topics import builtin

deps = SimpleNamespace(topics=topics.TopicSet(builtin.builtin_topics()), embedder=None)
assert not {"lxml", "trafilatura", "feedparser"} & set(sys.modules), "warming up itself is cheap to import"
warm_up.warm_up(deps)
loaded = set(sys.modules)
text = "<p>The mayor opened the bridge on Friday, and the town walked across it until the evening came. " * 3
page = f"<html lang='en'><title>A bridge</title><article>{text * 5}</article></html>".encode()
now = datetime.now(UTC)
article = pages.extract_article(page, "https://news.example/a", content_type="text/html", now=now)
judgement.judge(article, published=now, outlet="News", topic_set=deps.topics)
feed = b"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title></feed>"
feeds.parse_feed(feed, "https://news.example/", "text/xml")
print(*sorted(set(sys.modules) - loaded))
"""


def test_after_the_warm_up_a_document_loads_nothing_more() -> None:
    run = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.split()) == (0, []), run.stderr
