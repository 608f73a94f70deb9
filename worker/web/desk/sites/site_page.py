"""One site: the lines that recur on its pages, which of them are taken out, and keeping or forgetting them."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from worker.digests.text import one_line
from worker.storage.db.database import serialize_stories
from worker.storage.sites.site_facts import JudgedLine, SiteFacts, forget_site, keep_line, site_facts
from worker.web.desk.pages import go, show, tell
from worker.web.desk.visit import Nowhere, Visit

_LINES = 150
_LINE = 400  # characters that are shown
_VERDICTS = ("boilerplate", "kept", "story")


def show_site(visit: Visit) -> Response:
    """Show what was learned of the site of the path."""
    host = visit.word("host")
    with visit.deps.reading() as session:
        found = site_facts(session, host)
    if found is None:
        text = visit.say.gettext("No article of this site has been read, or not for long.")
        return tell(visit, visit.say.gettext("No such site"), text, status=404)
    parts = [(verdict, _of(found, verdict)) for verdict in _VERDICTS]
    return show(visit, "site.html", found=found, host=found.summary.host, parts=[part for part in parts if part[1]])


def change_site(visit: Visit) -> Response:
    """Keep a line of the site for good, or forget all that was learned of it; what was read lately is read again."""
    host, line, act = visit.word("host"), visit.form.one("line"), visit.form.one("act")
    with visit.deps.transaction() as session:
        serialize_stories(session)  # whoever saves an article after this knows what was forgotten
        found = site_facts(session, host)
        known = {one.line.strip(): one.line for one in found.lines} if found else {}
        if found is None or act not in ("keep", "forget") or (act == "keep" and line not in known):
            raise Nowhere
        if act == "keep":
            keep_line(session, host, known[line], now=visit.now)
        else:
            forget_site(session, host, now=visit.now)
    return go(f"/sites/{quote(host, safe='')}", said="kept" if act == "keep" else "forgotten")


def _of(found: SiteFacts, verdict: str) -> list[tuple[JudgedLine, str]]:
    """The lines with that verdict, each as it is shown."""
    return [(one, one_line(one.line, _LINE)) for one in found.lines if one.verdict == verdict][:_LINES]
