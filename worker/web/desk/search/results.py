"""The search page, and what it finds as JSON and CSV."""

from __future__ import annotations

import csv
import io

from starlette.responses import JSONResponse, Response

from worker import digests
from worker.errors import ConfigurationError, QueryError, SearchError
from worker.storage.search import archive_search, export
from worker.storage.search.archive_search import FoundPage
from worker.storage.stories import story_listing
from worker.web.desk.pages import show, tell
from worker.web.desk.search.asked import Asked, asked_by
from worker.web.desk.visit import Visit

_GIVEN_OUT = 100  # articles of a page that a program reads


def show_search(visit: Visit) -> Response:
    """Show the form, and what was found for what stands in it."""
    asked, number = asked_by(visit), visit.page_number()
    found, fault = None, ""
    try:
        found = _found(visit, asked, number, archive_search.PAGE)
    except (QueryError, SearchError) as error:
        fault = str(error)
    with visit.deps.reading() as session:
        outlets, languages = story_listing.seen_lately(session)
    return show(
        visit, "search.html", asked=asked, found=found, fault=fault, outlets=outlets, given_out=_GIVEN_OUT,
        titles=visit.deps.topic_titles(visit.say.language), status=400 if fault else 200,
        languages=[(code, visit.say.language_name(code)) for code in languages],
        link=digests.safe_href, code=digests.language_code,
    )  # fmt: skip


def give_json(visit: Visit) -> Response:
    """Return a page of what is found as the command's `--json` has it."""
    try:
        found = _asked_for(visit)
    except (ConfigurationError, SearchError) as error:
        return JSONResponse({"error": str(error)}, 400)
    return JSONResponse(export.page_as_json(found))


def give_csv(visit: Visit) -> Response:
    """Return a page of what is found as a table for spreadsheets."""
    try:
        found = _asked_for(visit)
    except (ConfigurationError, SearchError) as error:
        return tell(visit, visit.say.gettext("Search"), str(error), status=400)
    table = io.StringIO()
    csv.writer(table).writerows([export.HEADERS, *map(export.csv_row, found.articles)])
    saved = {"Content-Disposition": 'attachment; filename="articles.csv"'}
    return Response(table.getvalue(), media_type="text/csv; charset=utf-8", headers=saved)


def _asked_for(visit: Visit) -> FoundPage:
    found = _found(visit, asked_by(visit), visit.page_number(), _GIVEN_OUT)
    if found is None:
        raise ConfigurationError("nothing is asked for: say q=… in the address")
    return found


def _found(visit: Visit, asked: Asked, number: int, size: int) -> FoundPage | None:
    """The page of what is asked for; None where nothing is."""
    wanted = asked.wanted()
    if not wanted.is_any:
        return None
    with visit.deps.reading() as session:
        return archive_search.search(session, wanted, now=visit.now, page=number, older=asked.older, size=size)
