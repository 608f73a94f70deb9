"""How the service is, for a person, in the language their browser asks for; causes stand as they were recorded."""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from worker import __version__, net
from worker.digests import Catalog
from worker.setup.deps import Deps
from worker.storage.feeds.feed_rows import assess_feeds
from worker.storage.reports import overview
from worker.web import state_names
from worker.web.pages import page
from worker.web.speech import asked_for

_ADDRESS = re.compile(r"([^@\s<>\"]?)[^@\s<>\"]*@")


async def show_status(request: Request) -> Response:
    """Show counts, what is in trouble, and every feed, those that fare ill first."""
    return await run_in_threadpool(_status, request.app.state.deps, asked_for(request))


def _status(deps: Deps, say: Catalog) -> Response:
    now = deps.now()
    with deps.reading() as session:
        seen = overview.read_overview(session)
        watched = assess_feeds(session, now=now)
    watched.sort(key=lambda pair: pair[1].is_well)
    named = [(feed.outlet or feed.title or net.shown(feed.url), feed, health) for feed, health in watched]
    late = bool(deps.settings.clock.late_jobs(seen.ticks, now=now))
    mail = tuple(map(_without_addresses, seen.failed_deliveries))
    hosts = tuple(map(_without_addresses, seen.mail_hosts))
    return page(
        "status.html",
        say=say,
        names=state_names,
        seen=replace(seen, failed_deliveries=mail, mail_hosts=hosts),
        watched=named,
        now=now,
        late=late,
        version=__version__,
    )


def _without_addresses(trouble: overview.Trouble) -> overview.Trouble:
    """Whoever can see this page need not see who subscribes."""
    return overview.Trouble(_ADDRESS.sub(r"\1…@", trouble.what), _ADDRESS.sub(r"\1…@", trouble.reason))
