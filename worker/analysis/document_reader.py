"""The process that reads a document for the command line, bounded in time and memory.

It takes jobs as JSON lines on standard input and answers each with a JSON line. The kernel's own alarm
ends it when a job takes too long, also in the middle of a C library, where no Python handler would run.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from worker.analysis.json_values import plain
from worker.analysis.memory_limit import limit_memory
from worker.errors import DocumentError

_START_SECONDS = 20  # the first job pays for the imports, which are not the document's fault


def answer(job: Mapping[str, Any]) -> dict[str, Any]:
    """Do one job: `kind` is "page", "account", "feed", "links", "refresh", "listing" or "opml".

    A document that cannot be read is an answer too.

    An account is a page with its `lines`, each as it was kept or removed; `site` is what is known of a page's site.
    """
    body, url, content_type = base64.b64decode(job["body"]), job["url"], job["content_type"]
    try:
        if job["kind"] in ("page", "account"):
            known = job.get("site")
            return {"result": _read_page(body, url, content_type, known, with_lines=job["kind"] == "account")}
        from worker import feeds

        if job["kind"] == "links":
            return {"result": plain(feeds.find_feeds(body, url))}
        if job["kind"] == "refresh":
            return {"result": feeds.find_refresh(body, url)}
        if job["kind"] == "opml":
            return {"result": plain(feeds.read_opml(body))}
        if job["kind"] == "listing":
            return {"result": _read_listing(body, url, content_type, job.get("site"))}
        return {"result": plain(feeds.parse_feed(body, url, content_type))}
    except DocumentError as error:
        return {"code": error.code, "fault": str(error)}


def _read_listing(body: bytes, url: str, content_type: str, rules: Mapping[str, str] | None) -> dict[str, Any]:
    """The rules, guessed where none are given, and what they read; None of both where nothing is found to guess."""
    from worker.feeds.listings import ListingRules, guess_rules, read_listing

    given = ListingRules(**rules) if rules else guess_rules(body, url, content_type)
    feed = read_listing(body, url, content_type, given) if given else None
    return {"rules": plain(given) if given else None, "feed": plain(feed) if feed else None}


def _read_page(
    body: bytes, url: str, content_type: str, known: Mapping[str, Sequence[str]] | None, *, with_lines: bool
) -> dict[str, Any]:
    from worker import pages
    from worker.setup.base_deps import utc_now

    site = None
    if known is not None:
        boilerplate = frozenset(known["boilerplate"])
        site = pages.SiteProfile(pages.site_key(url), boilerplate, tuple(known["keep"]), tuple(known["drop"]))
    found = pages.extract_article(body, url, content_type=content_type, now=utc_now(), site=site)
    result: dict[str, Any] = plain(found)
    if with_lines:
        result["lines"] = plain(pages.account_for(body, found, content_type=content_type))
    return result


def serve(seconds: int, megabytes: int) -> None:
    """Answer jobs until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    limit_memory(megabytes)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    allowance = _START_SECONDS
    for line in sys.stdin:
        signal.alarm(seconds + allowance)
        written = json.dumps(answer(json.loads(line)))
        signal.alarm(0)
        answers.write(written + "\n")
        answers.flush()
        allowance = 0


if __name__ == "__main__":
    try:
        serve(int(sys.argv[1]), int(sys.argv[2]))
    except MemoryError:
        os._exit(1)  # nothing that would need memory; the other side knows what a silent end means
