"""`storywatch search`: the archive by its words."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.installation import open_installation
from worker.cli.moments import parse_since
from worker.cli.terminal import JsonOption, moment, printable, remark, say, write_json
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from worker.storage.search.archive_search import FoundPage

_MOST = 100


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words in the query language of topics.")],
    since: Annotated[str | None, typer.Option(help="Only articles published since: 12h, 30d, a date.")] = None,
    until: Annotated[str | None, typer.Option(help="Only articles published before: 12h, 30d, a date.")] = None,
    topic: Annotated[str, typer.Option(help="Only articles on this topic.")] = "",
    outlet: Annotated[str, typer.Option(help="Only outlets with these words in their name.")] = "",
    language: Annotated[str, typer.Option(help="Only articles in this language, as two letters.")] = "",
    copies: Annotated[bool, typer.Option("--copies", help="Also articles that copy another.")] = False,
    page: Annotated[int, typer.Option(min=1, help="Which page of the newest articles that were found.")] = 1,
    older: Annotated[int | None, typer.Option(min=1, help="Only articles with a smaller number.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=_MOST, help="Articles on a page.")] = 20,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV for spreadsheets.")] = False,
) -> None:
    """Search what was read: words, phrases, title:, outlet:, lang:, after:, before:, topic:, AND, OR, NOT."""
    from worker.storage.search import archive_search
    from worker.topics.search import narrowed, read_wanted

    deps = open_installation()
    wanted = narrowed(
        read_wanted(f"{query} copies:yes" if copies else query), topic=topic, outlet=outlet, language=language,
        after=parse_since(since, now=deps.now()).date() if since else None,
        before=parse_since(until, now=deps.now()).date() if until else None,
    )  # fmt: skip
    if not wanted.is_any:
        raise ConfigurationError("nothing is asked for: write what to search, such as 'storywatch search tequila'")
    with deps.reading() as session:
        found = archive_search.search(session, wanted, now=deps.now(), page=page, older=older, size=limit)
    if as_json:
        from worker.storage.search.export import page_as_json

        write_json(page_as_json(found))
    elif as_csv:
        from worker.storage.search.export import HEADERS, csv_row

        csv.writer(sys.stdout, lineterminator="\n").writerows([HEADERS, *map(csv_row, found.articles)])
    else:
        _print(found)


def _print(found: FoundPage) -> None:
    for one in found.articles:
        facts = [one.outlet, moment(one.published), *one.topics, *([f"copy of {one.copy_of}"] if one.copy_of else [])]
        say("".join(piece.text for piece in one.sighting.title) or "(no title)")
        say(f"  {' · '.join(fact for fact in facts if fact)} · article {one.id}")
        say(
            "  "
            + printable("".join(f"[{piece.text}]" if piece.found else piece.text for piece in one.sighting.excerpt))
        )
        say(f"  {one.url}")
    if not found.articles:
        say("Nothing was found." if found.older is None else "Nothing was found among the newest that were looked at.")
    if found.page < found.pages:
        remark(f"Page {found.page} of {found.pages}: --page {found.page + 1} for the next.")
    elif found.older is not None:
        remark(f"There may be older ones: --older {found.older}")
